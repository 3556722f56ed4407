"""Opening an accepted report again: two people, the draft as it was accepted, a public note, the older version citable."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.desk.figures import late, space, team
from impact import actions, rules
from impact.figures import partner_results, partner_spending
from impact.models import CheckComment, DraftSpending, DraftValue, Reopening, Report, ReportStatus
from impact.tests import factories
from impact.tests.factories_closing import ReopeningFactory
from impact.tests.steps import fresh
from partners.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
MOTIVE = "Un groupe était compté deux fois."


@pytest.fixture
def officer():
    return UserFactory(roles=[Role.ME_OFFICER], language="en")


@pytest.fixture
def director():
    return UserFactory(roles=[Role.APPROVER], language="en")


@pytest.fixture
def accepted(complete_report, signatory, officer):
    """Sent and accepted by the road that everybody takes: one value of 80, one expense, a text."""
    return send_and_accept(complete_report, signatory, officer)


def send_and_accept(report, signatory, officer):
    actions.submit(report, by=signatory, seen=fresh(report).lock_version)
    actions.take(report, by=officer, seen=fresh(report).lock_version)
    actions.accept(report, by=officer, seen=fresh(report).lock_version)
    return fresh(report)


def propose(report, officer):
    return actions.propose_reopening(report, by=officer, seen=fresh(report).lock_version, motive=MOTIVE)


def reopen(report, officer, director):
    row = propose(report, officer)
    actions.approve_reopening(row, by=director, seen=row.lock_version)
    return fresh(report)


def change(report, target, editor, value):
    row = report.draft_values.get(target=target)
    actions.save_value(report, target, by=editor, seen=row.lock_version, state="reported", value=Decimal(value))


# --- two people -------------------------------------------------------------------------------------------------


def test_a_proposal_changes_nothing_and_tells_the_direction(accepted, officer, director):
    row = propose(accepted, officer)

    assert fresh(accepted).status == ReportStatus.ACCEPTED
    assert (row.version, row.motive, row.proposed_by) == (accepted.accepted_version, MOTIVE, officer)
    assert [mail.to_user for mail in OutgoingMail.objects.filter(kind="impact/email/reopening_proposed")] == [director]
    event = AuditEvent.objects.get(action="reopening.proposed")
    assert (event.actor, event.reason, event.after) == (officer, MOTIVE, {"version": 1})


def test_one_proposal_at_a_time(accepted, officer):
    propose(accepted, officer)

    with pytest.raises(NotAllowed, match="already waits for a second person"):
        propose(accepted, officer)


@pytest.mark.parametrize("status", ["open", "submitted", "in_review", "changes_requested"])
def test_only_an_accepted_report_is_reopened(report, officer, status):
    Report.objects.filter(pk=report.pk).update(status=status)

    assert "Only an accepted report can be reopened." in rules.against_proposing_reopening(fresh(report), officer)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.ADMIN])
def test_a_monitoring_officer_proposes_and_nobody_else(accepted, role):
    with pytest.raises(NotAllowed, match="Only a monitoring officer"):
        propose(accepted, UserFactory(roles=[role]))


def test_a_stale_page_proposes_nothing(accepted, officer):
    with pytest.raises(Stale):
        actions.propose_reopening(accepted, by=officer, seen=accepted.lock_version - 1, motive=MOTIVE)


@pytest.mark.parametrize("answer", ["approve", "refuse"])
def test_who_proposed_does_not_decide(accepted, answer):
    both = UserFactory(roles=[Role.ME_OFFICER, Role.APPROVER])
    row = propose(accepted, both)

    reasons = rules.against_moving_reopening(row, rules.REOPENING[answer], both)

    assert reasons == ["You proposed this reopening: another person has to decide."]


def test_who_belonged_to_the_organisation_does_not_decide(accepted, officer, director):
    MembershipFactory(user=director, partner=accepted.partner, starts_on="2020-01-01", ends_on="2021-01-01")
    row = propose(accepted, officer)

    with pytest.raises(NotAllowed, match="You belong or belonged to this organisation"):
        actions.approve_reopening(row, by=director, seen=0)
    assert fresh(accepted).status == ReportStatus.ACCEPTED


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.ADMIN, Role.AUDITOR])
def test_the_direction_decides_and_nobody_else(accepted, officer, role):
    row = propose(accepted, officer)

    assert rules.against_moving_reopening(row, rules.REOPENING["approve"], UserFactory(roles=[role])) != []


def test_the_database_refuses_the_same_person_twice(accepted, officer):
    row = ReopeningFactory(version=accepted.accepted_version, proposed_by=officer)

    with pytest.raises(IntegrityError, match="reopening_four_eyes"), transaction.atomic():
        Reopening.objects.filter(pk=row.pk).update(status="approved", answered_by=officer, answered_at=timezone.now())


def test_two_directors_approve_at_once_and_the_second_is_told(accepted, officer, director):
    row = propose(accepted, officer)
    actions.approve_reopening(row, by=director, seen=0)

    with pytest.raises(Stale):
        actions.approve_reopening(row, by=UserFactory(roles=[Role.APPROVER]), seen=0)
    assert AuditEvent.objects.filter(action="report.reopen").count() == 1


def test_a_refusal_leaves_the_report_and_tells_the_officer_why(accepted, officer, director):
    row = propose(accepted, officer)

    actions.refuse_reopening(row, by=director, seen=0, reason="Le chiffre est juste.")

    assert fresh(accepted).status == ReportStatus.ACCEPTED
    mail = OutgoingMail.objects.get(kind="impact/email/reopening_refused")
    assert mail.to_user == officer
    assert "Le chiffre est juste." in mail.body
    propose(accepted, officer)  # and another may be proposed


def test_a_refusal_says_why(accepted, officer, director):
    with pytest.raises(NotAllowed, match="Say why"):
        actions.refuse_reopening(propose(accepted, officer), by=director, seen=0, reason=" ")


def test_the_move_alone_is_refused_without_an_approved_reopening(accepted, director):
    assert rules.against_moving_report(accepted, rules.REPORT["reopen"], director) == [
        "A monitoring officer has to propose the reopening, and another person to approve it."
    ]


def test_a_reopening_that_was_used_reopens_nothing_again(accepted, officer, director, signatory):
    reopened = reopen(accepted, officer, director)
    again = send_and_accept(reopened, signatory, officer)

    assert rules.against_moving_report(again, rules.REPORT["reopen"], director) != []


# --- the draft --------------------------------------------------------------------------------------------------


def test_the_draft_is_what_was_accepted(accepted, target, officer, director):
    CheckComment.objects.create(version=accepted.accepted_version, key="zero", warning="w", text="C'est juste.")
    DraftValue.objects.filter(report=accepted).update(value=1, lock_version=7)
    DraftSpending.objects.filter(report=accepted).delete()
    factories.DraftSpendingFactory(report=accepted, label="Autre chose", amount=Decimal(9))
    Report.objects.filter(pk=accepted.pk).update(narrative="Autre", texts_version=4)

    reopened = reopen(accepted, officer, director)

    version = accepted.accepted_version
    value = reopened.draft_values.get()
    assert (value.target, value.value, value.lock_version) == (target, Decimal(80), 8)
    assert [(row.label, row.amount, row.amount_usd, row.budget_line) for row in reopened.draft_spending.all()] == [
        (row.label, row.amount, row.amount_usd, row.budget_line) for row in version.spending.all()
    ]
    assert (reopened.narrative, reopened.texts_version) == (version.narrative, 5)
    said = {row.key: row.text for row in reopened.draft_comments.all()}
    assert said == {row.key: row.text for row in version.check_comments.all()}
    assert said["zero"] == "C'est juste."


def test_cells_and_the_shared_part_come_back(accepted, target, officer, director):
    other = MembershipFactory().partner
    version = factories.ReportVersionFactory(report=accepted, number=2)
    factories.IndicatorValueFactory(
        version=version,
        target=target,
        value=Decimal(12),
        cells={"sex": {"F": "7"}},
        shared=Decimal(2),
        shared_with=other,
    )
    factories.AcceptanceFactory(version=version)

    reopened = reopen(fresh(accepted), officer, director)

    row = reopened.draft_values.get()
    assert (row.cells, row.shared, row.shared_with) == ({"sex": {"F": "7"}}, Decimal(2), other)


def test_requests_are_closed_and_days_late_stay(accepted, officer, director):
    factories.CorrectionRequestFactory(version=accepted.accepted_version, sent_at=timezone.now())
    late = accepted.days_late()
    assert late > 0

    reopened = reopen(accepted, officer, director)

    assert not reopened.requests.filter(answered_at__isnull=True).exists()
    assert reopened.days_late() == late
    assert reopened.first_submitted_at == accepted.first_submitted_at


def test_the_organisation_is_told_and_may_write_but_not_be_dispensed(accepted, target, officer, director, editor):
    reopened = reopen(accepted, officer, director)

    change(reopened, target, editor, 75)
    assert OutgoingMail.objects.filter(kind="impact/email/report_reopened", to_user=editor).count() == 1
    assert "This report was accepted once: it cannot be waived." in rules.against_proposing_waiver(reopened, officer)


def test_the_work_lists_name_it_on_both_sides(accepted, officer, director, editor):
    propose(accepted, officer)
    (card,) = _cards(director)
    assert card.why == "It is proposed to reopen it; it takes a second person"

    row = Reopening.objects.get()
    actions.approve_reopening(row, by=director, seen=0)

    (card,) = _cards(officer)
    assert card.why == "ACE reopened it; the organisation corrects it"
    ((task, against),) = space.read_space(editor).sections[0].tasks
    assert (task.due_on, task.late) == (None, 0)
    assert late.late_reports(accepted.partner) == ()


def _cards(user):
    return next(lane for lane in team.lanes_of(user) if lane.code == "reports").cards


# --- what the public reads --------------------------------------------------------------------------------------


def published(report):
    type(report.partner).objects.filter(pk=report.partner_id).update(is_published=True)
    return reverse("public:partner", args=[report.partner.slug])


def version_page(report, number):
    return reverse("public:report_version", args=[report.partner.slug, report.pk, number])


def text_of(client, url):
    return " ".join(client.get(url, headers={"accept-language": "en"}).content.decode().split())


def test_reopen_change_resend_accept_and_the_public_reads_the_new_figure_with_its_note(
    accepted, target, officer, director, signatory, client
):
    url = published(accepted)
    before = partner_results(accepted.partner)[0].targets[0]
    reopened = reopen(accepted, officer, director)
    change(reopened, target, signatory, 75)

    meanwhile = partner_results(accepted.partner)[0].targets[0]
    assert meanwhile.rows[0] == before.rows[0]  # the accepted version is public, without a note, until the next one
    assert MOTIVE not in text_of(client, url)

    again = send_and_accept(reopened, signatory, officer)

    after = partner_results(accepted.partner)[0].targets[0]
    assert again.accepted_version.number == 2
    assert (before.rows[0].value, after.rows[0].value) == (Decimal(80), Decimal(75))
    revision = after.sources[0].revision
    assert (revision.motive, revision.replaced, revision.on) == (MOTIVE, 1, again.accepted_version.acceptance.at)
    assert partner_spending(accepted.partner).sources[0].revision == revision
    assert client.get(reverse("public:partner_pdf", args=[accepted.partner.slug])).content[:5] == b"%PDF-"
    shown = text_of(client, url)
    assert "révisé le" in shown or "revised on" in shown
    assert MOTIVE in shown
    assert version_page(accepted, 1) in shown


def test_the_older_version_stays_citable_with_its_own_figures(accepted, target, officer, director, signatory, client):
    published(accepted)
    assert client.get(version_page(accepted, 1)).context["facts"].replaced_at is None
    reopened = reopen(accepted, officer, director)
    change(reopened, target, signatory, 75)
    assert client.get(version_page(accepted, 2)).status_code == 404
    again = send_and_accept(reopened, signatory, officer)

    old = client.get(version_page(accepted, 1)).context["facts"]
    new = client.get(version_page(accepted, 2)).context["facts"]

    assert [row.figure.value for row in old.values] == [Decimal(80)]
    assert [row.figure.value for row in new.values] == [Decimal(75)]
    assert (old.replaced_at, old.replaced_by) == (again.accepted_version.acceptance.at, 2)
    assert (new.replaced_at, new.revision.motive) == (None, MOTIVE)
    assert old.spending[0].spent_usd == new.spending[0].spent_usd
    assert version_page(accepted, 2) in text_of(client, version_page(accepted, 1))


def test_only_accepted_versions_of_published_organisations_have_a_page(accepted, client):
    type(accepted.partner).objects.filter(pk=accepted.partner_id).update(is_published=False)
    assert client.get(version_page(accepted, 1)).status_code == 404
    published(accepted)
    factories.ReportVersionFactory(report=accepted, number=2)
    other = MembershipFactory(partner__is_published=True).partner

    assert client.get(version_page(accepted, 1)).status_code == 200
    assert client.get(version_page(accepted, 2)).status_code == 404
    assert client.get(reverse("public:report_version", args=[other.slug, accepted.pk, 1])).status_code == 404


def test_an_older_page_withholds_small_numbers_of_children(accepted, client):
    children = factories.TargetFactory(
        project=accepted.project, indicator=factories.IndicatorFactory(unit="children", is_sensitive=True)
    )
    version = factories.ReportVersionFactory(report=accepted, number=2)
    factories.IndicatorValueFactory(version=version, target=children, value=Decimal(3))
    factories.AcceptanceFactory(version=version)
    published(accepted)

    facts = client.get(version_page(accepted, 2)).context["facts"]

    assert [row.withheld for row in facts.values] == [True]
    assert "3" not in [row.figure.words for row in facts.values]


@pytest.mark.parametrize("rows", [1, 3])
def test_version_page_query_count(accepted, client, rows, django_assert_num_queries):
    published(accepted)
    version = factories.ReportVersionFactory(report=accepted, number=2)
    for _row in range(rows):
        target = factories.TargetFactory(project=accepted.project)
        factories.IndicatorValueFactory(version=version, target=target)
        factories.SpendingLineFactory(
            version=version, budget_line=factories.BudgetLineFactory(project=accepted.project)
        )
    factories.AcceptanceFactory(version=version)

    with django_assert_num_queries(12):
        client.get(version_page(accepted, 2))


# --- pages ------------------------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_report_to_the_reopening(accepted, officer, director, login):
    client = login(officer)
    page = client.get(reverse("impact:review", args=[accepted.pk]))
    propose_url = reverse("impact:reopening_propose", args=[accepted.pk])
    assert propose_url in page.content.decode()

    answer = client.post(propose_url, {"seen": accepted.lock_version, "motive": MOTIVE})

    row = Reopening.objects.get()
    assert answer["Location"] == reverse("impact:reopening", args=[row.pk])
    own = client.get(answer["Location"]).content.decode()
    assert "another person has to decide" in own
    done = login(director).post(reverse("impact:reopening_approve", args=[row.pk]), {"seen": 0})
    assert done["Location"] == reverse("impact:review", args=[accepted.pk])
    assert fresh(accepted).status == ReportStatus.OPEN


def test_a_refused_approval_shows_its_reasons(accepted, officer, login):
    row = propose(accepted, officer)

    answer = login(officer).post(reverse("impact:reopening_approve", args=[row.pk]), {"seen": 0})

    assert answer.status_code == 403
    assert "another person has to decide" in answer.content.decode()


def test_the_director_refuses_on_a_page_with_a_reason(accepted, officer, director, login):
    row = propose(accepted, officer)
    url = reverse("impact:reopening_refuse", args=[row.pk])

    assert login(director).post(url, {"seen": 0, "reason": ""}).status_code == 422
    assert login(director).post(url, {"seen": 0, "reason": "Juste."}).status_code == 302
    assert "decided already" in login(director).get(url).content.decode()


def test_the_organisation_reads_why_its_report_is_open_again(accepted, officer, director, editor, login):
    reopen(accepted, officer, director)

    page = login(editor).get(reverse("impact_space:report", args=[accepted.pk])).content.decode()

    assert MOTIVE.replace("'", "&#x27;") in page
    assert "stays public until ACE accepts the next one" in page
