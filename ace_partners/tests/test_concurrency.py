"""Two people at once, on committed data and connections of their own: one wins, the other is told, nothing happens twice."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from ace_partners.core import audit
from ace_partners.core.models import AuditEvent, OutgoingMail, PostReceipt
from ace_partners.core.rights import Role
from ace_partners.core.tests.databases import *  # noqa: F403
from ace_partners.core.tests.factories import UserFactory
from impact import actions as impact_actions
from impact.actions import disbursements
from impact.models import Acceptance, Disbursement, Period, Report, ReportStatus
from impact.tests.factories import (
    IndicatorValueFactory,
    PeriodFactory,
    ProjectFactory,
    ReportFactory,
    ReportVersionFactory,
)
from impact.tests.factories_agreements import DisbursementFactory, InstallmentFactory, approved
from partners.tests.factories import PartnerFactory
from vetting import actions as vetting_actions
from vetting.models import Answer, Decision
from vetting.tests import factories as vetting


def test_two_approvers_approve_one_proposal(together):
    reviewer = UserFactory(roles=[Role.REVIEWER])
    dossier = vetting.proposed(reviewer)
    approvers = [UserFactory(roles=[Role.APPROVER]) for _ in range(2)]
    vetting.signatory_of(dossier.partner)
    for approver in approvers:
        vetting_actions.declare(dossier, by=approver, has_link=False)
    seen = vetting.current(dossier).lock_version

    answers = together(*[lambda by=by: vetting_actions.approve(dossier, by=by, seen=seen) for by in approvers])

    assert Decision.objects.count() == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["Decision", "Stale"]
    kinds = OutgoingMail.objects.filter(kind__contains="decision").values_list("to_user", flat=True)
    assert len(kinds) == len(set(kinds))


def test_two_officers_accept_one_report(together):
    officers = [UserFactory(roles=[Role.ME_OFFICER]) for _ in range(2)]
    report = ReportFactory(period=PeriodFactory(project=ProjectFactory()), status=ReportStatus.IN_REVIEW)
    IndicatorValueFactory(version=ReportVersionFactory(report=report))

    answers = together(
        *[lambda by=by: impact_actions.accept(Report.objects.get(pk=report.pk), by=by, seen=0) for by in officers]
    )

    assert Acceptance.objects.count() == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["Acceptance", "Stale"]


def test_two_approvers_approve_one_payment(together):
    approvers = [UserFactory(roles=[Role.APPROVER]) for _ in range(2)]
    row = DisbursementFactory()
    approved(row.installment.agreement.project.partner)

    answers = together(
        *[lambda by=by: disbursements.approve(Disbursement.objects.get(pk=row.pk), by=by, seen=0) for by in approvers]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Disbursement", "Stale"]
    assert AuditEvent.objects.filter(action="disbursement.approve").count() == 1


def test_two_officers_propose_one_payment(together):
    officers = [UserFactory(roles=[Role.ME_OFFICER]) for _ in range(2)]
    line = InstallmentFactory()
    approved(line.agreement.project.partner)

    answers = together(*[lambda by=by: disbursements.propose(line, by=by, amount=line.amount) for by in officers])

    assert Disbursement.objects.count() == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["Disbursement", "NotAllowed"]


def test_a_double_tap_saves_once(together):
    reviewer = UserFactory(roles=[Role.REVIEWER])
    dossier = vetting.opened(reviewer)
    signatory = vetting.signatory_of(dossier.partner)
    answer = dossier.answers.first()
    form = {"once": uuid.uuid4().hex, "seen": answer.lock_version, "text": "Oui, deux fois le même envoi."}
    address = f"/espace/dossiers/{dossier.pk}/points/{answer.item.code}/"

    def tap():
        client = Client()
        client.force_login(signatory)
        response = client.post(address, form)
        return response.status_code, response.get("Location")

    answers = together(tap, tap)

    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert PostReceipt.objects.filter(token=form["once"]).count() == 1
    assert Answer.objects.get(pk=answer.pk).lock_version == answer.lock_version + 1


def test_one_chain_takes_many_events_at_once(together):
    partner, user = PartnerFactory(), UserFactory()

    def ten_events():
        for number in range(10):
            with transaction.atomic():
                audit.record("partner.tried", partner, by=user, after={"number": number})

    together(ten_events, ten_events)

    assert AuditEvent.objects.filter(chain=partner.audit_chain).count() == 20
    assert list(audit.faults()) == []


def test_overlapping_periods_are_refused_whoever_is_first(together):
    officer = UserFactory(roles=[Role.ME_OFFICER])
    project = ProjectFactory()
    dates = PeriodFactory.build(project=project, number=1, label="T1")
    fields = {"starts_on": dates.starts_on, "ends_on": dates.ends_on, "due_on": dates.due_on}

    answers = together(
        *[
            lambda label=label: impact_actions.add_period(project, by=officer, label=label, **fields)
            for label in ("T1", "T1 bis")
        ]
    )

    assert Period.objects.filter(project=project).count() == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["NotAllowed", "Report"]


def test_the_database_refuses_an_overlap_by_itself(committed_db):
    period = PeriodFactory()

    with pytest.raises(DatabaseError, match="overlapping"), transaction.atomic():
        PeriodFactory(project=period.project, number=2, starts_on=period.ends_on, ends_on=period.due_on)
