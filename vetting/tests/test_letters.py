"""The decision letter: its whole text for one of each outcome's openings, and its two papers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core.dates import format_date
from partners.tests.factories import DocumentTypeFactory
from vetting import actions, letters, rules
from vetting.pdf import dossiers as pdf
from vetting.tests.factories import assessed, decided, in_review, proposal_values

pytestmark = pytest.mark.django_db

CONDITIONAL = """Objet : votre dossier de diligence {reference}

Madame, Monsieur,

Nous avons le plaisir de vous annoncer que l’ACE approuve L'Espoir & Fils comme organisation partenaire, sous les conditions datées ci-dessous. Cette décision est valable jusqu’au {valid_until}. Une condition qui n’est pas remplie à sa date suspend l’approbation jusqu’à ce qu’elle le soit.

Voici nos conclusions sur chacun des quatre critères. Ils sont cumulatifs : un bon résultat sur l’un ne compense pas un manque sur un autre.

CRITÈRE 1 – Titre de C1
Résultat : conforme sous conditions
Motif C1.

– Point C1.2 (partiel) : Question C1.2 ?
  Ce qui est attendu : Attendu pour C1.2.
  Ce qui est convenu : Tenir l'assemblée
  Pour le : {due_on}
  Qui s’en charge : le comité
  Appui de l’ACE : un modèle de procès-verbal
  Pièce attendue : Procès-verbal

– Point C1.9 (non conforme) : Question C1.9 ?
  Ce qui est attendu : Attendu pour C1.9.

Qui peut vous aider : votre interlocuteur à l’ACE, partenaires@example.org.

CRITÈRE 2 – Titre de C2
Résultat : conforme
Motif C2.

CRITÈRE 3 – Titre de C3
Résultat : conforme
Motif C3.

CRITÈRE 4 – Titre de C4
Résultat : conforme
Motif C4.

NOTRE SUIVI
Pendant la durée de cette décision, l’ACE prévoit : l’étude de vos rapports au bureau ; une visite tous les deux ans ; des versements en deux tranches.

VOTRE DROIT AU RÉEXAMEN
Vous pouvez demander un réexamen dans les 30 jours qui suivent cette décision, si vous pensez qu’elle repose sur une erreur : ouvrez cette décision dans votre espace, ou écrivez à partenaires@example.org en citant la référence {reference}. Votre demande sera entendue par une personne qui n’a ni proposé ni validé cette décision.

Nous vous remercions de votre confiance et du travail que vous menez auprès des communautés.

Pour l’Alliance pour un Cobalt Équitable (ACE)
La direction
"""


def test_a_conditional_letter_word_for_word(reviewer, settings):
    settings.ACE_CONTACT_EMAIL, settings.ACE_REVIEW_DAYS = "partenaires@example.org", 30
    dossier = assessed(in_review(reviewer, name="L'Espoir & Fils"), reviewer, C1_2="partial", C1_9="not_met")
    due_on = timezone.localdate() + timedelta(days=60)
    step = rules.Step(
        "C1.2",
        "Tenir l'assemblée",
        due_on,
        responsible="le comité",
        support="un modèle de procès-verbal",
        evidence_type=DocumentTypeFactory(code="PV_AG", name_fr="Procès-verbal"),
    )
    values = proposal_values(outcome="conditional", steps=[step])

    letter = actions.preview_letter(dossier, by=reviewer, seen=dossier.lock_version, **values)

    valid_until = format_date(values["valid_until"], "fr")
    facts = {"reference": dossier.reference, "valid_until": valid_until, "due_on": format_date(due_on, "fr")}
    assert letter == CONDITIONAL.format(**facts)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("approved", "approuve L'Espoir comme organisation partenaire. Cette décision est valable"),
        ("to_strengthen", "Ce n’est pas un refus"),
        ("declined", "six mois après la date de cette décision"),
        ("excluded", "L’ACE exclut L'Espoir de son réseau"),
    ],
)
def test_each_outcome_opens_in_its_own_words(reviewer, outcome, words):
    dossier = assessed(in_review(reviewer, name="L'Espoir"), reviewer)
    draft = rules.Draft(outcome=outcome, reasons={}, valid_until=timezone.localdate())

    assert words in letters.decision_letter(dossier, draft)


def test_the_letter_says_that_the_direction_departs_from_the_rules_and_why(reviewer):
    dossier = assessed(in_review(reviewer, name="L'Espoir"), reviewer, C1_2="partial")
    draft = rules.Draft(outcome="declined", reasons={}, override_reason="Aucune volonté de s'engager.")

    letter = letters.decision_letter(dossier, draft)

    assert (
        "Nos règles conduisent, sur ces constats, à une approbation sous conditions. "
        "La direction de l’ACE s’en écarte, pour cette raison : Aucune volonté de s'engager." in letter
    )
    assert "Nos règles conduisent" not in letters.decision_letter(dossier, rules.Draft(outcome="declined", reasons={}))


def test_a_step_is_agreed_only_where_a_plan_follows(reviewer):
    dossier = assessed(in_review(reviewer), reviewer, C1_2="partial", C2_1="partial")
    steps = (rules.Step("C1.2", "Tenir l'assemblée", timezone.localdate()),)

    declined = letters.decision_letter(dossier, rules.Draft(outcome="declined", reasons={}, steps=steps))
    later = letters.decision_letter(dossier, rules.Draft(outcome="to_strengthen", reasons={}, steps=steps))

    assert "Ce qui comblerait ce point : Tenir l'assemblée" in declined
    assert "Ce qui est convenu : Tenir l'assemblée" in later


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ("low", "l’étude de vos rapports au bureau ; une visite tous les deux ans ; des versements en deux tranches"),
        ("medium", "une visite par an ; des versements en trois tranches"),
        (
            "high",
            "une visite avant le premier versement ; une visite par semestre ; des versements en petites tranches",
        ),
    ],
)
def test_the_letter_announces_the_follow_up_and_not_the_band(reviewer, band, words):
    dossier = assessed(in_review(reviewer), reviewer)
    facts = {"reasons": {}, "valid_until": timezone.localdate(), "band": band}

    letter = letters.decision_letter(dossier, rules.Draft(outcome="approved", **facts))

    assert words in letter
    assert "risque" not in letter
    assert "NOTRE SUIVI" not in letters.decision_letter(dossier, rules.Draft(outcome="declined", **facts))


def test_the_papers_are_pdf(reviewer, approver):
    decision = decided(reviewer, approver)

    letter = pdf.decision_letter(pdf.LetterFacts.of(decision))
    assessment = pdf.assessment(pdf.AssessmentFacts.of(decision.dossier))

    assert (letter[:5], assessment[:5]) == (b"%PDF-", b"%PDF-")


def test_letter_facts_are_the_stored_letter(reviewer, approver):
    decision = decided(reviewer, approver)

    facts = pdf.LetterFacts.of(decision)

    assert facts.subject == f"Objet : votre dossier de diligence {decision.dossier.reference}"
    assert decision.letter == f"{facts.subject}\n\n{facts.text}\n"
