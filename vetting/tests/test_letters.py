"""The decision letter: its whole text for one of each outcome's openings, and its two papers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core.dates import format_date
from vetting import actions, letters, pdf, rules
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
  Ce qui est convenu : Tenir l'assemblée
  Pour le : {due_on}

– Point C1.9 (non conforme) : Question C1.9 ?
  Ce qui comblerait ce point : Attendu pour C1.9.

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

VOTRE DROIT AU RÉEXAMEN
Si vous pensez que cette décision repose sur une erreur, demandez son réexamen : écrivez à partenaires@example.org en citant la référence {reference}. Votre demande sera entendue par une personne qui n’a ni proposé ni validé cette décision.

Nous vous remercions de votre confiance et du travail que vous menez auprès des communautés.

Pour l’Alliance pour un Cobalt Équitable (ACE)
La direction
"""


def test_a_conditional_letter_word_for_word(reviewer, settings):
    settings.ACE_CONTACT_EMAIL = "partenaires@example.org"
    dossier = assessed(in_review(reviewer, name="L'Espoir & Fils"), reviewer, C1_2="partial", C1_9="not_met")
    item = dossier.items.get(code="C1.2")
    due_on = timezone.localdate() + timedelta(days=60)
    values = proposal_values(outcome="conditional", steps=[(item, "Tenir l'assemblée", due_on)])

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
