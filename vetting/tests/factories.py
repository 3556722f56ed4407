"""The smallest valid rows of due diligence, and a dossier driven along its road by the real actions."""

from datetime import timedelta

import factory
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import DocumentFactory, MembershipFactory, PartnerFactory
from vetting import actions, rules, scoring
from vetting.models import (
    Answer,
    Checklist,
    ChecklistItem,
    ChecklistStatus,
    ConflictDeclaration,
    Criterion,
    Decision,
    DecisionCriterion,
    Dossier,
    DossierStatus,
    DossierVersion,
    Finding,
    Proposal,
)

# A checklist of six items: one of each kind that the rules tell apart.
ITEMS = {
    "C1.2": {"plan_months": 6, "weight": 2},
    "C1.4": {"knock_out": ["all"], "weight": 3, "blocks_payment": True},
    "C1.9": {"mandatory": False, "plan_months": 12, "organisation_types": ["ngo", "ingo"]},
    "C2.1": {"knock_out": ["all"], "weight": 2},
    "C3.1": {"plan_months": 3},
    "C4.1": {"plan_months": 3},
}
TYPES = list(scoring.ORGANISATION_TYPES)


class ChecklistFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Checklist
        django_get_or_create = ("version",)
        skip_postgeneration_save = True

    version = 1
    sha256 = "0" * 64

    @factory.post_generation
    def items(self, create, extracted, **kwargs):
        """Fill a draft, then publish it: afterwards the database would refuse its items."""
        if self.criteria.exists():
            return
        criteria = {code: CriterionFactory(checklist=self, code=code) for code in scoring.CRITERIA}
        for position, (code, facts) in enumerate((extracted or ITEMS).items(), start=1):
            ChecklistItemFactory(criterion=criteria[code[:2]], code=code, position=position, **facts)
        if kwargs.get("published", True):
            self.status, self.published_on = ChecklistStatus.PUBLISHED, timezone.localdate()
            self.save()


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    title_fr = factory.LazyAttribute(lambda row: f"Titre de {row.code}")
    title_en = factory.LazyAttribute(lambda row: f"Title of {row.code}")


class ChecklistItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChecklistItem

    section = "Section"
    question_fr = factory.LazyAttribute(lambda row: f"Question {row.code} ?")
    question_en = factory.LazyAttribute(lambda row: f"Question {row.code}?")
    guidance_fr = factory.LazyAttribute(lambda row: f"Attendu pour {row.code}.")
    guidance_en = factory.LazyAttribute(lambda row: f"Expected for {row.code}.")
    mandatory = True
    plan_months = 0
    weight = 1
    organisation_types = TYPES
    documents = ["STATUTS"]


class DossierFactory(factory.django.DjangoModelFactory):
    """A dossier row with its answers; one beyond `collecting` also has its first version."""

    class Meta:
        model = Dossier
        skip_postgeneration_save = True

    partner = factory.SubFactory(PartnerFactory)
    checklist = factory.SubFactory(ChecklistFactory)
    organisation_type = factory.LazyAttribute(lambda row: row.partner.organisation_type)
    opened_by = factory.SubFactory(UserFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    first_submitted_at = factory.LazyAttribute(
        lambda row: None if row.status == DossierStatus.COLLECTING else timezone.now()
    )
    last_submitted_at = factory.SelfAttribute("first_submitted_at")
    status = DossierStatus.COLLECTING

    @factory.post_generation
    def answers(self, create, extracted, **kwargs):
        for item in ChecklistItem.objects.filter(criterion__checklist=self.checklist):
            if self.organisation_type in item.organisation_types:
                Answer.objects.create(dossier=self, item=item, text=extracted or "")
        if self.first_submitted_at:
            DossierVersionFactory(dossier=self)


class DossierVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DossierVersion

    number = 1
    submitted_by = factory.SubFactory(UserFactory)
    submitted_at = factory.LazyFunction(timezone.now)
    content = factory.LazyFunction(dict)
    sha256 = "0" * 64


class ConflictDeclarationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConflictDeclaration

    user = factory.SubFactory(UserFactory)
    has_link = False


class FindingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Finding

    answer = "met"
    reason = "Vu."
    version = factory.LazyAttribute(lambda row: row.dossier.latest_version)
    author = factory.SubFactory(UserFactory)


class ProposalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Proposal

    dossier = factory.SubFactory(DossierFactory, status=DossierStatus.PROPOSED)
    outcome = "approved"
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=365))
    letter = "Objet : essai\n\nMadame, Monsieur,\n"
    proposed_by = factory.SubFactory(UserFactory)


class DecisionFactory(factory.django.DjangoModelFactory):
    """A released decision by two people, with a result per criterion; `replaces` the partner's decision in force."""

    class Meta:
        model = Decision
        skip_postgeneration_save = True

    partner = factory.SubFactory(PartnerFactory)
    outcome = "approved"
    dossier = factory.LazyAttribute(lambda row: DossierFactory(partner=row.partner, status=DossierStatus.DECIDED))
    proposal = factory.LazyAttribute(
        lambda row: ProposalFactory(dossier=row.dossier, outcome=row.outcome, approved_at=timezone.now())
    )
    decided_at = factory.LazyFunction(timezone.now)
    valid_until = factory.LazyAttribute(
        lambda row: row.proposal.valid_until if row.outcome in rules.IN_FAVOUR else None
    )
    proposed_by = factory.LazyAttribute(lambda row: row.proposal.proposed_by)
    approved_by = factory.SubFactory(UserFactory)
    proposer_declaration = factory.LazyAttribute(
        lambda row: ConflictDeclarationFactory(dossier=row.dossier, user=row.proposed_by)
    )
    approver_declaration = factory.LazyAttribute(
        lambda row: ConflictDeclarationFactory(dossier=row.dossier, user=row.approved_by)
    )
    letter = factory.LazyAttribute(lambda row: row.proposal.letter)
    letter_sha256 = "0" * 64
    assessment = factory.LazyFunction(dict)
    assessment_sha256 = "0" * 64
    replaces = factory.LazyAttribute(lambda row: Decision.objects.in_force().filter(partner=row.partner).first())

    @factory.post_generation
    def criteria(self, create, extracted, **kwargs):
        for criterion in self.dossier.checklist.criteria.all():
            DecisionCriterion.objects.create(
                decision=self, criterion=criterion, result="met", score="100.0", reason="Conforme."
            )


# --- the road, driven by the real actions ----------------------------------------------------------------------------


def signatory_of(partner):
    """A signatory of the organisation."""
    return MembershipFactory(partner=partner, role=Role.SIGNATORY).user


def editor_of(partner):
    return MembershipFactory(partner=partner, role=Role.EDITOR).user


def viewer_of(partner):
    return MembershipFactory(partner=partner, role=Role.VIEWER).user


def opened(reviewer, **partner):
    """A dossier opened by `reviewer` for a new organisation, with one document in its file."""
    ChecklistFactory()
    row = PartnerFactory(**partner)
    DocumentFactory(partner=row)
    return actions.open_dossier(row, by=reviewer, due_on=timezone.localdate() + timedelta(days=30))


def answered(dossier, by):
    for answer in dossier.answers.all():
        actions.save_answer(answer, by=by, seen=answer.lock_version, text=f"Réponse à {answer.item.code}")
    return dossier


def submitted(dossier, by=None):
    """Answered and sent by its signatory."""
    by = by or signatory_of(dossier.partner)
    return actions.submit(answered(dossier, by), by=by, seen=current(dossier).lock_version).dossier


def taken(dossier, reviewer):
    """In review, assigned to a reviewer who declared no link."""
    dossier = actions.take(dossier, by=reviewer, seen=dossier.lock_version)
    actions.declare(dossier, by=reviewer, has_link=False)
    return dossier


def in_review(reviewer, **partner):
    return taken(submitted(opened(reviewer, **partner)), reviewer)


def assessed(dossier, reviewer, **answers):
    """A finding on every item: met, save the given ones (C1_2="partial")."""
    given = {code.replace("_", "."): answer for code, answer in answers.items()}
    for item in dossier.items:
        seen = getattr(dossier.findings.filter(item=item).first(), "lock_version", 0)
        facts = {"answer": given.get(item.code, "met"), "reason": f"Constat {item.code}.", "seen": seen}
        actions.save_finding(dossier, item, by=reviewer, **facts)
    return dossier


def proposal_values(**more):
    """What `propose` wants for an approval."""
    return {
        "outcome": "approved",
        "reasons": {code: f"Motif {code}." for code in scoring.CRITERIA},
        "valid_until": timezone.localdate() + timedelta(days=365),
        **more,
    }


def proposed(reviewer, **more):
    """A dossier with every item met and an approval proposed."""
    dossier = assessed(in_review(reviewer), reviewer)
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values(**more))
    return current(dossier)


def decided(reviewer, approver):
    """A dossier approved by a second person who declared no link. Returns the Decision."""
    dossier = proposed(reviewer)
    actions.declare(dossier, by=approver, has_link=False)
    return actions.approve(dossier, by=approver, seen=dossier.lock_version)


def current(dossier):
    """The dossier as the database has it."""
    return Dossier.objects.get(pk=dossier.pk)
