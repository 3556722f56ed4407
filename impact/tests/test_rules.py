from datetime import date, timedelta

import pytest
from django.utils import timezone

from ace_partners.core.errors import Stale
from ace_partners.core.machine import perform
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact import rules
from impact.models import Report, ReportStatus
from impact.tests import factories
from impact.tests.factories_closing import ReopeningFactory
from partners.tests.factories import GrantFactory, MembershipFactory

pytestmark = pytest.mark.django_db

TABLE = {
    ("open", "submit"): {Role.SIGNATORY},
    ("changes_requested", "submit"): {Role.SIGNATORY},
    ("submitted", "take"): {Role.ME_OFFICER},
    ("in_review", "request_changes"): {Role.ME_OFFICER},
    ("in_review", "accept"): {Role.ME_OFFICER},
    ("open", "waive"): {Role.APPROVER},
    ("accepted", "reopen"): {Role.APPROVER},
}
WRONG_ROLE = "Your role does not allow this step; another colleague has to take it."


def person(role, partner):
    """An account that holds exactly this role on the partner."""
    if role in (Role.VIEWER, Role.EDITOR, Role.SIGNATORY):
        return MembershipFactory(partner=partner, role=role).user
    user = UserFactory(roles=[role])
    if role == Role.AUDITOR:
        GrantFactory(user=user, partner=partner)
    return user


def put(report, status):
    """The report in this state, with what that state needs."""
    version = factories.ReportVersionFactory(report=report) if status != "open" else None
    facts = {"accepted_version": version} if status == "accepted" else {}
    if status == "waived":
        facts = {
            "waived_reason": "Fermé",
            "waiver_proposed_by": UserFactory(),
            "waiver_approved_by": UserFactory(),
        }
    Report.objects.filter(pk=report.pk).update(status=status, **facts)
    report.refresh_from_db()
    return report


@pytest.mark.parametrize("status", ReportStatus.values)
@pytest.mark.parametrize("move", [move.name for move in rules.REPORT.moves])
def test_report_moves_from_the_states_of_the_table_only(report, status, move, me_officer):
    report = put(report, status)

    if (status, move) in TABLE:
        assert move in [each.name for each in rules.REPORT.open_from(status)]
        return
    with pytest.raises(Stale):
        perform(rules.REPORT, report, move, by=me_officer, seen=0, against=rules.against_moving_report)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("status", "move"), TABLE)
def test_report_moves_by_the_roles_of_the_table_only(complete_report, status, move, role):
    report = put(complete_report, status)
    factories.CorrectionRequestFactory(
        report=report,
        version=report.versions.first() or factories.ReportVersionFactory(),
        sent_at=None if move == "request_changes" else timezone.now(),
        reply="Corrigé.",
    )
    Report.objects.filter(pk=report.pk).update(waived_reason="Fermé", waiver_proposed_by=UserFactory())
    report.refresh_from_db()
    if move == "reopen":
        ReopeningFactory(version=report.accepted_version, is_approved=True)

    reasons = rules.against_moving_report(report, rules.REPORT[move], person(role, report.partner))

    assert reasons == ([] if role in TABLE[status, move] else [WRONG_ROLE])


def test_every_state_can_be_reached():
    assert {move.target for move in rules.REPORT.moves} | {rules.REPORT.initial} == set(ReportStatus.values)


def test_against_submitting_lists_everything_that_is_missing(report, signatory):
    reasons = rules.against_moving_report(report, rules.REPORT["submit"], signatory)

    name = report.project.targets.get().indicator.name_en
    assert reasons == [
        f"{name}: give a value (zero is a value), or say why there is none.",
        "List the expenses of the period, or say that nothing was spent.",
        "Tell in a few sentences what happened in this period.",
    ]


def test_against_submitting_before_the_period_is_over(complete_report, signatory):
    complete_report.period.ends_on = timezone.localdate()
    complete_report.period.due_on = timezone.localdate()

    reasons = rules.against_moving_report(complete_report, rules.REPORT["submit"], signatory)

    assert len(reasons) == 1
    assert reasons[0].endswith("its values can be given and its report sent from the day after.")


def test_against_submitting_while_a_request_has_no_reply(complete_report, signatory):
    report = put(complete_report, "changes_requested")
    factories.CorrectionRequestFactory(report=report, version=report.versions.get(), sent_at=timezone.now())

    reasons = rules.against_moving_report(report, rules.REPORT["submit"], signatory)

    assert reasons == ["1 correction request has no reply yet."]


def test_accepting_is_never_for_a_former_member(report, me_officer):
    report = put(report, "in_review")
    MembershipFactory(user=me_officer, partner=report.partner, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))

    reasons = rules.against_moving_report(report, rules.REPORT["accept"], me_officer)

    assert reasons == ["You belong or belonged to this organisation: a colleague has to accept its report."]


def test_a_membership_displaces_the_officers_right(report, me_officer):
    report = put(report, "in_review")
    MembershipFactory(user=me_officer, partner=report.partner, role=Role.SIGNATORY)

    assert rules.against_moving_report(report, rules.REPORT["accept"], me_officer) == [WRONG_ROLE]


def test_waiving_needs_a_proposal_of_another_person(report, approver):
    move = rules.REPORT["waive"]

    assert rules.against_moving_report(report, move, approver) == [
        "A monitoring officer has to propose the waiver first, and say why."
    ]

    report.waiver_proposed_by = approver
    assert rules.against_moving_report(report, move, approver) == [
        "You proposed this waiver: another person has to approve it."
    ]


def test_against_writing_says_why_a_report_is_closed(report, editor):
    said = {status: rules.against_writing(put(report, status), editor, "narrative") for status in ("open", "submitted")}

    assert said == {
        "open": [],
        "submitted": ["This report is with ACE. It can be changed again only if ACE asks for a correction."],
    }


def test_against_writing_opens_only_the_fields_asked_about(report, target, editor):
    report = put(report, "changes_requested")
    factories.CorrectionRequestFactory(
        report=report, version=report.versions.get(), field_key=rules.value_key(target), sent_at=timezone.now()
    )

    assert rules.against_writing(report, editor, rules.value_key(target)) == []
    assert rules.against_writing(report, editor, "narrative") == [
        "ACE did not ask about this part: only the fields it asks about can be changed now."
    ]


def test_against_writing_is_for_those_who_edit(report, viewer, me_officer, stranger):
    sentence = "Only an editor or a signatory of the organisation writes its report."

    assert [rules.against_writing(report, user, "narrative") for user in (viewer, me_officer, stranger)] == [
        [sentence]
    ] * 3


def test_against_adding_period_names_the_one_it_overlaps(report, me_officer):
    start, end = report.period.ends_on, report.period.ends_on + timedelta(days=60)

    reasons = rules.against_adding_period(report.project, me_officer, starts_on=start, ends_on=end)

    assert reasons == ["These dates overlap the period “T1 2025”, from 1 January 2025 to 28 March 2025."]


def test_against_adding_period_outside_the_project(report, me_officer):
    reasons = rules.against_adding_period(
        report.project, me_officer, starts_on=date(2024, 10, 1), ends_on=date(2024, 12, 31)
    )

    assert reasons == ["A period lies within the dates of the project, from 1 January 2025 to 31 December 2099."]


@pytest.mark.parametrize("roles", [[Role.REVIEWER], [Role.APPROVER], [Role.ADMIN], []])
def test_managing_is_for_the_monitoring_officer(report, roles):
    reasons = rules.against_managing(report.partner, UserFactory(roles=roles))

    assert reasons == ["Only a monitoring officer can change a project, its periods, its targets or its budget."]
