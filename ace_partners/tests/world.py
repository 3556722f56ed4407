"""One small world with a row of everything, and one person of every kind: what the role × URL × object matrix walks."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from ace_partners.core import uploads
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES, OutgoingMailFactory, UserFactory
from ace_partners.tests.rooms import ROOMS
from impact.models import ReportStatus
from impact.tests.factories import (
    AcceptanceFactory,
    DraftSpendingFactory,
    DraftValueFactory,
    PeriodFactory,
    ProjectFactory,
    ReportEvidenceFactory,
    ReportFactory,
    ReportVersionFactory,
    TargetFactory,
)
from partners.actions import publish_document
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    MembershipFactory,
    PersonFactory,
)
from vetting import actions as vetting_actions
from vetting.models import AnswerEvidence
from vetting.tests import factories as vetting

PEOPLE = (
    "anonymous viewer editor signatory foreign reviewer me_officer approver admin auditor auditor_without_grant".split()
)


@dataclass
class World:
    """`people`: account by kind (anonymous is None). `urls`: address by URL name, of rows of the own organisation."""

    people: dict
    urls: dict
    rows: dict = field(default_factory=dict)


def make_world():
    """Two own organisations (a dossier in review; a decision proposed), and a foreign one with a member of its own."""
    people = {"anonymous": None}
    people["reviewer"] = UserFactory(roles=[Role.REVIEWER])
    people["me_officer"] = UserFactory(roles=[Role.ME_OFFICER])
    people["approver"] = UserFactory(roles=[Role.APPROVER])
    people["admin"] = UserFactory(roles=[Role.ADMIN])
    people["auditor"] = UserFactory(roles=[Role.AUDITOR])
    people["auditor_without_grant"] = UserFactory(roles=[Role.AUDITOR])
    in_review = vetting.in_review(people["reviewer"])
    proposed = vetting.proposed(people["reviewer"])
    for role in ("viewer", "editor", "signatory"):
        people[role] = MembershipFactory(partner=in_review.partner, role=role).user
        MembershipFactory(partner=proposed.partner, role=role, user=people[role])
    people["foreign"] = MembershipFactory(role=Role.SIGNATORY).user
    for partner in (in_review.partner, proposed.partner):
        GrantFactory(user=people["auditor"], partner=partner, granted_by=people["approver"])
    rows = make_rows(people, in_review, proposed)
    urls = urls_of(rows)
    for room in ROOMS:
        urls |= {name: reverse(name, args=args) for name, args in room.addresses(people, rows).items()}
    return World(people, urls, rows)


def make_rows(people, in_review, proposed):
    partner = in_review.partner
    document = DocumentFactory(partner=partner, file=a_file(people["signatory"]), type=DocumentTypeFactory())
    publish_document(document, by=people["reviewer"])
    PersonFactory(partner=partner)
    answer = in_review.answers.first()
    project = ProjectFactory(partner=partner)
    target = TargetFactory(project=project)
    draft = ReportFactory(period=PeriodFactory(project=project))
    DraftValueFactory(report=draft, target=target)
    now = timezone.now()
    sent = ReportFactory(
        period=PeriodFactory(project=project),
        status=ReportStatus.SUBMITTED,
        first_submitted_at=now,
        last_submitted_at=now,
    )
    ReportVersionFactory(report=sent)
    accepted = ReportVersionFactory(
        report=ReportFactory(period=PeriodFactory(project=project), status=ReportStatus.SUBMITTED)
    )
    AcceptanceFactory(version=accepted)
    return {
        "partner": partner,
        "dossier": in_review,
        "proposed": proposed,
        "collecting": collecting(people),
        "code": answer.item.code,
        "answer_evidence": AnswerEvidence.objects.create(answer=answer, document=document),
        "decision": vetting.DecisionFactory(partner=partner),
        "document": document,
        "project": project,
        "target": target,
        "draft": draft,
        "line": DraftSpendingFactory(report=draft),
        "sent": sent,
        "evidence": ReportEvidenceFactory(report=draft, file=a_file(people["signatory"])),
        "mail": OutgoingMailFactory(caused_by=people["reviewer"]),
    }


def collecting(people):
    """A third own organisation whose dossier is still with it."""
    dossier = vetting.opened(people["reviewer"])
    for role in ("viewer", "editor", "signatory"):
        MembershipFactory(partner=dossier.partner, role=role, user=people[role])
    GrantFactory(user=people["auditor"], partner=dossier.partner, granted_by=people["approver"])
    vetting_actions.save_answer(
        dossier.answers.first(), by=people["signatory"], seen=dossier.answers.first().lock_version, text="Oui."
    )
    return dossier


def a_file(by):
    return uploads.store((PDF_BYTES, uploads.PDF, "piece.pdf"), by=by)


def urls_of(rows):
    """Every named address of the site, filled with the world's rows; the matrix test fails for a missing one."""
    slug, pk, code = rows["partner"].slug, rows["dossier"].pk, rows["code"]
    draft, sent, project = rows["draft"].pk, rows["sent"].pk, rows["project"].code
    collecting_pk, collecting_code = rows["collecting"].pk, rows["collecting"].answers.first().item.code
    arguments = {
        **dict.fromkeys(["public:partner", "public:partner_pdf", "desk:partner", "desk:dossier_open"], [slug]),
        **dict.fromkeys(
            ["impact:project_create", "desk:document_list", "desk:document_add", "desk:document_enter"], [slug]
        ),
        "public:document": [slug, rows["document"].pk],
        **dict.fromkeys(
            ["partners:document", "desk:document_publish", "desk:document_unpublish"], [rows["document"].pk]
        ),
        "desk:mail": [rows["mail"].pk],
        "desk:mail_change": [rows["mail"].pk, "cancel"],
        **dict.fromkeys(
            [
                f"vetting:{name}"
                for name in "assessment take release declare request_send propose withdraw assessment_pdf".split()
            ],
            [pk],
        ),
        **dict.fromkeys(["vetting:finding", "vetting:request_item"], [pk, code]),
        **dict.fromkeys(["vetting:second_look", "vetting:approve", "vetting:send_back"], [rows["proposed"].pk]),
        **dict.fromkeys(
            ["vetting:decision", "vetting:decision_pdf", "vetting_space:decision", "vetting_space:decision_pdf"],
            [rows["decision"].pk],
        ),
        **dict.fromkeys(
            [f"vetting_space:{name}" for name in ("dossier", "check", "submit", "withdraw")], [collecting_pk]
        ),
        **dict.fromkeys(["vetting_space:answer", "vetting_space:evidence_add"], [collecting_pk, collecting_code]),
        "vetting_space:evidence_remove": [pk, code, rows["answer_evidence"].pk],
        "vetting_space:receipt": [pk, 1],
        **dict.fromkeys(
            [f"impact:{n}" for n in "project project_edit budget_line_add period_add target_add".split()], [project]
        ),
        "impact:target_edit": [project, rows["target"].pk],
        **dict.fromkeys([f"impact:{name}" for name in ("review", "take", "request_send", "accept")], [sent]),
        **dict.fromkeys(["impact:request_field", "impact:request_remove"], [sent, "narrative"]),
        **dict.fromkeys(["impact:waive_propose", "impact:waive_approve"], [draft]),
        "impact_space:project": [project],
        **dict.fromkeys(
            [
                f"impact_space:{name}"
                for name in "report spending spending_add narrative evidence evidence_add corrections check submit".split()
            ],
            [draft],
        ),
        "impact_space:values": [draft, 1],
        **dict.fromkeys(["impact_space:spending_edit", "impact_space:spending_remove"], [draft, rows["line"].pk]),
        "impact_space:evidence_remove": [draft, rows["evidence"].pk],
        "impact_space:receipt": [sent, 1],
        "impact_files:evidence": [rows["evidence"].pk],
    }
    return {name: reverse(name, args=args) for name, args in arguments.items()}
