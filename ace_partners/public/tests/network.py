"""A partner with n of everything the public may read, and n of everything it may not."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from ace_partners.core.models import StoredFile
from ace_partners.core.tests.factories import StoredFileFactory, UserFactory
from impact.models import CorrectionRequest, ProjectPlace
from impact.tests.factories import (
    AcceptanceFactory,
    BudgetLineFactory,
    DraftSpendingFactory,
    DraftValueFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    PeriodFactory,
    PeriodTargetFactory,
    ProjectAreaFactory,
    ProjectFactory,
    ReportEvidenceFactory,
    ReportFactory,
    ReportVersionFactory,
    SpendingLineFactory,
    TargetFactory,
)
from partners.models import Area, Funder, Gap, PartnerArea, PartnerNote, PartnerPlace, ReachFigure
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    PartnerFactory,
    PersonFactory,
    PlaceFactory,
)
from vetting.models import DecisionCondition, DecisionCriterion, ProposalCriterion, ProposalStep, TriggerDismissal
from vetting.tests.factories import DecisionFactory, DossierFactory, FindingFactory, ProposalFactory
from vetting.tests.factories_following import (
    FlagFactory,
    HoldFactory,
    RegulatoryStatusFactory,
    VisitFactory,
    VisitPointFactory,
)


def accepted_report(project, targets, *, line=None):
    """The next period of a project with an accepted version: 80 for every target, one expense."""
    period = PeriodFactory(project=project)
    for target in targets:
        PeriodTargetFactory(target=target, period=period)
    version = ReportVersionFactory(report=ReportFactory(period=period))
    for target in targets:
        IndicatorValueFactory(version=version, target=target)
    if line:
        SpendingLineFactory(version=version, budget_line=line)
    AcceptanceFactory(version=version)
    return version


def full_partner(n=1, **facts):
    """A published, approved organisation with `n` places, figures, funders, gaps, people, documents, projects …"""
    partner = PartnerFactory(summary="Elle forme des groupes.", **facts)
    town = PlaceFactory(name="Kolwezi ville", slug=f"kolwezi-{partner.pk}")
    for number in range(n):
        PartnerArea.objects.create(partner=partner, area=Area.values[number])
        quarter = PlaceFactory(level="quartier", parent=town)
        PartnerPlace.objects.create(partner=partner, place=quarter, kind="action")
        ReachFigure.objects.create(
            partner=partner, qualifier="près de", value=Decimal(5000), unit=f"personnes {number}"
        )
        Funder.objects.create(partner=partner, name=f"Bailleur {number}", relation="dons")
        Gap.objects.create(partner=partner, what=f"manque {number}")
        PersonFactory(partner=partner, surname=f"Consent{number}", public_since=date(2025, 1, 1))
        DocumentFactory(partner=partner, title=f"Acte {number}", published_at=timezone.now())
        project = ProjectFactory(partner=partner)
        ProjectAreaFactory(project=project)
        ProjectPlace.objects.create(project=project, place=quarter)
        targets = [TargetFactory(project=project) for _each in range(n)]
        line = BudgetLineFactory(project=project)
        for _each in range(n):
            accepted_report(project, targets, line=line)
    decision = DecisionFactory(partner=partner)
    for item in decision.dossier.checklist.criteria.first().items.all()[:n]:
        DecisionCondition.objects.create(
            decision=decision, item=item, action="Envoyer la pièce", due_on=date(2027, 1, 1)
        )
    return partner


def plant_secrets(partner):
    """Put a secret word into every private place of an organisation; return the words."""
    today, secrets = timezone.localdate(), []

    def secret(where):
        secrets.append(f"secret{where}xq")
        return secrets[-1]

    people(partner, secret)
    documents(partner, secret)
    due_diligence(partner, secret, today)
    following(partner, secret)
    reports(partner, secret)
    return secrets


def people(partner, secret):
    PersonFactory(
        partner=partner, surname=secret("surname"), first_name=secret("firstname"), office=secret("office"),
        note=secret("personnote"),
    )  # fmt: skip
    PersonFactory(partner=partner, surname=secret("later"), public_since=timezone.localdate() + timedelta(days=9))
    PartnerNote.objects.create(partner=partner, text=secret("note"), source=secret("notesource"))


def documents(partner, secret):
    mail = f"{secret('email')}@example.org"
    sender = UserFactory(email=mail, name=secret("username"))
    DocumentFactory(partner=partner, title=secret("unpublished"), added_by=sender)
    DocumentFactory(
        partner=partner, title=secret("restricted"), published_at=timezone.now(),
        type=DocumentTypeFactory(code="PIECE_ID", name_fr="Pièce", confidentiality="restricted"),
    )  # fmt: skip
    old = DocumentFactory(partner=partner, title=secret("replaced"), published_at=timezone.now())
    DocumentFactory(partner=partner, title="Nouvelle version", replaces=old, published_at=timezone.now(),
                    file=StoredFileFactory(name=f"{secret('filename')}.pdf", uploaded_by=sender))  # fmt: skip


def due_diligence(partner, secret, today):
    decision = partner.decisions.get()
    DecisionCondition.objects.create(
        decision=decision, item=decision.dossier.checklist.criteria.last().items.first(), action=secret("condition"),
        due_on=today,
    )  # fmt: skip
    dossier = DossierFactory(partner=partner, status="proposed", answers=secret("answer"))
    FindingFactory(dossier=dossier, item=dossier.items.first(), reason=secret("finding"))
    proposal = ProposalFactory(
        dossier=dossier, letter=secret("letter"), internal_note=secret("internal"), exclusion_reason=secret("exclusion")
    )
    criterion = dossier.checklist.criteria.first()
    ProposalCriterion.objects.create(proposal=proposal, criterion=criterion, reason=secret("reason"))
    ProposalStep.objects.create(proposal=proposal, item=dossier.items.first(), action=secret("step"), due_on=today)
    replaced = DecisionFactory(
        partner=partner, letter=secret("decisionletter"), assessment={"C1.2": secret("assessment")}
    )
    extra = DecisionCriterion.objects.filter(decision=replaced).first()
    assert extra.reason == "Conforme."  # a released reason, for the organisation alone


def following(partner, secret):
    """Flags, holds, visits and dismissed triggers; of a regulatory status, ACE's note."""
    flag = FlagFactory(
        partner=partner, category="safeguarding", text=secret("flag"), note=secret("flagnote"), status="substantiated",
        silent_reason=secret("silent"), silent_until=timezone.localdate(), reply=secret("reply"),
        conclusion=secret("conclusion"),
    )  # fmt: skip
    HoldFactory(partner=partner, reason=secret("hold"), flag=flag)
    HoldFactory(
        partner=partner, reason=secret("lifted"), lifted_at=timezone.now(), lifted_by=UserFactory(),
        lift_reason=secret("liftreason"),
    )  # fmt: skip
    visit = VisitFactory(
        partner=partner, purpose=secret("purpose"), visitors=secret("visitors"), status="held",
        held_on=timezone.localdate(), account=secret("account"),
    )  # fmt: skip
    VisitPointFactory(visit=visit, text=secret("point"), responsible=secret("responsible"))
    TriggerDismissal.objects.create(
        partner=partner, kind="seat", key="seat-1", reason=secret("dismissal"), by=UserFactory()
    )
    RegulatoryStatusFactory(partner=partner, note=secret("regulatorynote"))


def reports(partner, secret):
    project = ProjectFactory(partner=partner)
    target = TargetFactory(project=project, rationale="Deux groupes.", indicator=IndicatorFactory())
    draft = ReportFactory(
        period=PeriodFactory(project=project), narrative=secret("draft"), difficulties=secret("difficulties"),
        lessons=secret("lessons"),
    )  # fmt: skip
    DraftValueFactory(report=draft, target=target, value=Decimal("918273"), comment=secret("draftcomment"))
    DraftSpendingFactory(report=draft, label=secret("draftspending"), amount=Decimal("827364"))
    sent = ReportVersionFactory(report__period=PeriodFactory(project=project), narrative=secret("submitted"))
    IndicatorValueFactory(version=sent, target=target, value=Decimal("736455"), comment=secret("comment"))
    SpendingLineFactory(version=sent, label=secret("submittedspending"), amount=Decimal("645546"))
    CorrectionRequest.objects.create(
        version=sent, report=sent.report, field_key="narrative", remark=secret("remark"), author=UserFactory()
    )
    ReportEvidenceFactory(report=sent.report, caption=secret("evidence"))


# Numbers of drafts and of versions nobody accepted, without their marks.
PRIVATE_NUMBERS = ("918273", "827364", "736455", "645546")


def stored(name="acte.pdf", content=b"%PDF-1.7\n%%EOF\n"):
    """A stored file whose bytes are really there."""
    row: StoredFile = StoredFileFactory(name=name, path=f"public-tests/{name}")
    from ace_partners.core.uploads import path_of  # noqa: PLC0415

    path_of(row).parent.mkdir(parents=True, exist_ok=True)
    path_of(row).write_bytes(content)
    return row
