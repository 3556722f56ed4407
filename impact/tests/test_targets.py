"""Targets between the two sides: proposed, agreed, questioned, revised."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from impact import actions, rules
from impact.figures import partner_results, read_sheet, read_targets, target_warnings
from impact.models import (
    BaselineState,
    IndicatorStatus,
    Report,
    RevisionStatus,
    Target,
    TargetRevision,
)
from impact.rules import TARGET_REVISION
from impact.tests import factories
from impact.tests.factories_targets import ProposedTargetFactory, TargetRevisionFactory
from partners.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "baseline_state": BaselineState.KNOWN,
    "baseline": Decimal(20),
    "baseline_on": date(2024, 12, 1),
    "baseline_source": "Enquête",
    "final_target": Decimal(60),
    "rationale": "Deux par mois.",
}


@pytest.fixture
def proposed(report):
    return ProposedTargetFactory(project=report.project)


def propose(project, by, *, indicator=None, **more):
    indicator = indicator or factories.IndicatorFactory()
    return actions.set_target(project, by=by, indicator=indicator, **VALUES, **more)


def revise(target, by, *, periods=None, motive="Deux villages de plus.", **more):
    periods = {aim.period: aim.value for aim in target.period_targets.all()} if periods is None else periods
    return actions.propose_revision(
        target, by=by, seen=target.lock_version, motive=motive, period_targets=periods, **{**VALUES, **more}
    )


def mails(kind):
    return [mail.to_user for mail in OutgoingMail.objects.filter(kind=f"impact/email/{kind}")]


# --- proposing and agreeing --------------------------------------------------------------------------------------


def test_a_proposal_binds_nobody_and_tells_the_signatories(report, signatory, editor, me_officer):
    target = propose(report.project, me_officer, period_targets={report.period: Decimal(30)})

    assert (target.agreed_on, target.agreed_by, target.set_by) == (None, None, me_officer)
    assert [aim.value for aim in target.period_targets.all()] == [Decimal(30)]
    assert history(target).get().after == {
        "indicator": target.indicator.code,
        "baseline_state": "known",
        "baseline": "20",
        "baseline_on": "2024-12-01",
        "final": "60",
        "periods": {"1": "30"},
    }
    assert mails("target_proposed") == [signatory]


def test_several_proposals_leave_one_unsent_mail(report, signatory, me_officer):
    for _n in range(3):
        propose(report.project, me_officer)

    states = [mail.state for mail in OutgoingMail.objects.order_by("pk")]
    assert states == ["cancelled", "cancelled", "queued"]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.ADMIN])
def test_only_a_monitoring_officer_proposes(report, role):
    with pytest.raises(NotAllowed):
        propose(report.project, UserFactory(roles=[role]))


def test_one_target_per_indicator_whichever_version(report, target, me_officer):
    newer = factories.IndicatorFactory(code=target.indicator.code, version=2)

    with pytest.raises(NotAllowed) as refusal:
        propose(report.project, me_officer, indicator=newer)

    assert refusal.value.reasons == [f"This project already has a target on {newer.code}."]


def test_a_draft_of_the_framework_is_no_indicator_yet(report, me_officer):
    draft = factories.IndicatorFactory(status=IndicatorStatus.DRAFT, published_on=None)

    with pytest.raises(NotAllowed):
        propose(report.project, me_officer, indicator=draft)


def test_a_proposal_is_edited_freely_before_it_is_agreed(report, proposed, me_officer):
    factories.AcceptanceFactory(version__report=report)

    actions.edit_target(proposed, by=me_officer, seen=0, period_targets={report.period: Decimal(35)}, **VALUES)

    proposed.refresh_from_db()
    event = history(proposed).get()
    assert (proposed.final_target, proposed.period_targets.get().value) == (Decimal(60), Decimal(35))
    assert (event.before["periods"], event.after["periods"]) == ({}, {"1": "35"})


def test_a_proposal_is_taken_back(report, proposed, me_officer):
    actions.discard_target(proposed, by=me_officer, seen=0)

    assert not Target.objects.filter(pk=proposed.pk).exists()


def test_an_agreed_target_is_neither_edited_nor_taken_back(report, target, me_officer):
    for attempt in (
        lambda: actions.edit_target(target, by=me_officer, seen=0, period_targets={}, **VALUES),
        lambda: actions.discard_target(target, by=me_officer, seen=0),
    ):
        with pytest.raises(NotAllowed) as refusal:
            attempt()
        assert refusal.value.reasons == ["Both sides agreed on this target: to change it, propose a revision."]


def test_a_signatory_agrees_and_ace_is_told(report, proposed, signatory, me_officer):
    actions.agree_target(proposed, by=signatory, seen=0)

    proposed.refresh_from_db()
    assert (proposed.agreed_on, proposed.agreed_by) == (timezone.localdate(), signatory)
    assert history(proposed).get().action == "target.agreed"
    assert mails("target_agreed") == [me_officer]


@pytest.mark.parametrize("who", ["editor", "viewer", "stranger", "me_officer", "approver"])
def test_nobody_else_agrees(report, proposed, who, request):
    with pytest.raises(NotAllowed):
        actions.agree_target(proposed, by=request.getfixturevalue(who), seen=0)

    proposed.refresh_from_db()
    assert proposed.agreed_on is None


def test_nobody_agrees_to_numbers_that_changed_meanwhile(report, proposed, signatory, me_officer):
    actions.edit_target(proposed, by=me_officer, seen=0, period_targets={}, **VALUES)

    with pytest.raises(Stale):
        actions.agree_target(proposed, by=signatory, seen=0)


def test_whoever_proposed_never_agrees(report):
    both = MembershipFactory(partner=report.partner, role=Role.SIGNATORY).user
    proposed = ProposedTargetFactory(project=report.project, set_by=both)

    with pytest.raises(NotAllowed) as refusal:
        actions.agree_target(proposed, by=both, seen=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=proposed.pk).update(agreed_on=date(2025, 1, 1), agreed_by=both)

    assert refusal.value.reasons == ["You proposed this target: the other side has to agree."]


def test_a_remark_goes_back_instead(report, proposed, signatory, me_officer):
    actions.question_target(proposed, by=signatory, reason="La saison des pluies compte pour la moitié.")

    facts = read_targets(report.project, report.project.targets.filter(pk=proposed.pk))[0]
    assert [remark.reason for remark in facts.remarks] == ["La saison des pluies compte pour la moitié."]
    assert mails("target_questioned") == [me_officer]
    assert facts.waits


def test_a_remark_needs_something_that_waits(report, target, signatory, editor):
    assert rules.against_questioning(target, signatory) == ["Nothing waits for your answer: this target is agreed."]
    assert rules.against_questioning(ProposedTargetFactory(project=report.project), editor)

    TargetRevisionFactory(target=target)

    assert rules.against_questioning(target, signatory) == []


def test_what_is_not_agreed_counts_nowhere(complete_report, target, proposed, signatory):
    report = complete_report
    proposed_value = {"by": signatory, "seen": 0, "state": "reported", "value": Decimal(5)}

    assert f"value-{proposed.pk}" not in rules.field_keys(report)
    assert [row.target for row in read_sheet(report, draft=True).rows] == [target]
    assert rules.gaps_in(report) == []
    assert Report.objects.with_started().get(pk=report.pk).targets_count == 1
    assert [each.code for each in partner_results(report.partner)[0].targets] == [target.indicator.code]
    with pytest.raises(NotAllowed):
        actions.save_value(report, proposed, **proposed_value)

    actions.agree_target(proposed, by=signatory, seen=0)

    assert f"value-{proposed.pk}" in rules.field_keys(report)
    assert [gap.target_id for gap in rules.gaps_in(report)] == [proposed.pk]
    assert len(partner_results(report.partner)[0].targets) == 2


# --- revising ----------------------------------------------------------------------------------------------------


def test_a_revision_waits_and_changes_nothing(report, target, signatory, me_officer):
    revision = revise(target, me_officer)

    target.refresh_from_db()
    assert (target.final_target, revision.status, revision.number) == (Decimal(400), RevisionStatus.PROPOSED, 1)
    assert (revision.before["final"], revision.after["final"]) == ("400", "60")
    assert (revision.before["periods"], revision.after["periods"]) == ({"1": "100"}, {"1": "100"})
    assert mails("revision_proposed") == [signatory]


def test_the_other_side_agrees_and_the_target_takes_the_values(report, target, signatory, me_officer):
    second = factories.PeriodFactory(project=report.project)
    revision = revise(target, me_officer, periods={report.period: None, second: Decimal(45)})

    actions.agree_revision(revision, by=signatory, seen=0)

    target.refresh_from_db()
    revision.refresh_from_db()
    assert (target.baseline, target.baseline_source, target.final_target) == (Decimal(20), "Enquête", Decimal(60))
    assert {aim.period: aim.value for aim in target.period_targets.all()} == {second: Decimal(45)}
    assert (revision.status, revision.answered_by) == (RevisionStatus.AGREED, signatory)
    assert history(target).first().action == "target.revised"
    assert mails("revision_agreed") == [me_officer]


def test_an_answered_revision_never_changes(target, signatory, me_officer):
    actions.agree_revision(revise(target, me_officer), by=signatory, seen=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        TargetRevision.objects.update(motive="Autre chose")
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetRevision.objects.all().delete()


def test_a_withdrawn_revision_leaves_the_target(target, signatory, me_officer):
    revision = revise(target, me_officer)

    actions.withdraw_revision(revision, by=me_officer, seen=0)

    target.refresh_from_db()
    assert target.final_target == Decimal(400)
    assert TargetRevision.objects.get().status == RevisionStatus.WITHDRAWN
    assert mails("revision_withdrawn") == [signatory]
    assert revise(target, me_officer).number == 2


def test_one_revision_waits_at_a_time(target, me_officer):
    revise(target, me_officer)
    target.refresh_from_db()

    with pytest.raises(NotAllowed) as refusal:
        revise(target, me_officer, final_target=Decimal(70))

    assert refusal.value.reasons == ["A revision already waits for the organisation: withdraw it first."]


def test_a_revision_changes_something(report, target, me_officer):
    same = {name: getattr(target, name) for name in VALUES}

    with pytest.raises(NotAllowed) as refusal:
        revise(target, me_officer, **same)

    assert refusal.value.reasons == ["Nothing changes: write at least one new value."]


def test_a_proposal_is_not_revised(proposed, me_officer):
    with pytest.raises(NotAllowed) as refusal:
        revise(proposed, me_officer)

    assert refusal.value.reasons == ["This target is not agreed yet: change the proposal itself."]


SENTENCE = "The report “T1 2025” is accepted: the target of this period stays as it was."


def test_the_target_of_an_accepted_period_stays(report, target, me_officer):
    factories.AcceptanceFactory(version__report=report)

    with pytest.raises(NotAllowed) as refusal:
        revise(target, me_officer, periods={report.period: Decimal(35)})

    assert refusal.value.reasons == [SENTENCE]


def test_a_report_accepted_meanwhile_stops_the_agreement(report, target, signatory, me_officer):
    revision = revise(target, me_officer, periods={report.period: Decimal(35)})
    factories.AcceptanceFactory(version__report=report)

    with pytest.raises(NotAllowed) as refusal:
        actions.agree_revision(revision, by=signatory, seen=0)

    target.refresh_from_db()
    assert refusal.value.reasons == [SENTENCE]
    assert (target.final_target, target.period_targets.get().value) == (Decimal(400), Decimal(100))


def test_an_accepted_report_is_never_changed_by_a_revision(report, target, signatory, me_officer):
    version = factories.AcceptanceFactory(version__report=report).version
    factories.IndicatorValueFactory(version=version, target=target, value=Decimal(80), period_target=Decimal(100))
    before = partner_results(report.partner)[0].targets[0]

    actions.agree_revision(revise(target, me_officer, final_target=Decimal(300)), by=signatory, seen=0)

    after = partner_results(report.partner)[0].targets[0]
    assert after.rows == before.rows
    assert (before.final_target, after.final_target) == (Decimal(400), Decimal(300))


def test_the_public_reads_what_was_revised_and_why(report, target, signatory, me_officer):
    withdrawn = revise(target, me_officer, motive="Une erreur.")
    actions.withdraw_revision(withdrawn, by=me_officer, seen=0)
    target.refresh_from_db()
    actions.agree_revision(revise(target, me_officer), by=signatory, seen=0)
    target.refresh_from_db()
    revise(target, me_officer, final_target=Decimal(70), motive="Pas encore.")

    found = partner_results(report.partner)[0].targets[0].revisions

    assert [(each.agreed_on, each.motive) for each in found] == [(timezone.localdate(), "Deux villages de plus.")]
    changes = {change.label: (change.before, change.after) for change in found[0].changes}
    assert changes["Target at the end of the project"] == ("400", "60")
    assert "Target of T1 2025" not in changes


# source × role × move
ALLOWED = {(RevisionStatus.PROPOSED, "signatory", "agree"), (RevisionStatus.PROPOSED, "me_officer", "withdraw")}


@pytest.mark.parametrize("move", ["agree", "withdraw"])
@pytest.mark.parametrize("who", ["signatory", "editor", "viewer", "stranger", "me_officer", "reviewer", "approver"])
@pytest.mark.parametrize("source", RevisionStatus.values)
def test_who_moves_a_revision(target, source, who, move, request):
    user = request.getfixturevalue(who)
    answered = {} if source == "proposed" else {"answered_by": UserFactory(), "answered_at": timezone.now()}
    revision = TargetRevisionFactory(target=target, status=source, **answered)
    act = getattr(actions, f"{move}_revision")

    if (source, who, move) in ALLOWED:
        assert act(revision, by=user, seen=0).status == TARGET_REVISION[move].target
    else:
        with pytest.raises((NotAllowed, Stale)):
            act(revision, by=user, seen=0)


# --- what does not tie out ---------------------------------------------------------------------------------------


def test_a_starting_value_that_never_came_is_said(report):
    today = timezone.localdate()
    late, still_time = (
        factories.TargetFactory(
            project=report.project,
            baseline_state=BaselineState.UNKNOWN,
            baseline=None,
            baseline_on=day,
        )
        for day in (today - timedelta(days=1), today)
    )

    sentence = "The starting value was to be collected by now, and it is still not known."
    assert sentence in target_warnings(late, [report.period], report.project.ends_on)
    assert sentence not in target_warnings(still_time, [report.period], report.project.ends_on)


# --- what the space asks -----------------------------------------------------------------------------------------


def test_waiting_are_proposals_and_open_revisions(report, target, proposed):
    assert list(Target.objects.waiting()) == [proposed]

    TargetRevisionFactory(target=target)
    TargetRevisionFactory(
        target=target, number=2, status="withdrawn", answered_by=UserFactory(), answered_at=timezone.now()
    )

    assert sorted(Target.objects.waiting(), key=lambda each: each.pk) == [target, proposed]
