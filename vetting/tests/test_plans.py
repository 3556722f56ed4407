"""Capacity plans: opened by the decision, worked on, judged; what a missed day does; source × role × move."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.dates import add_months
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import Document
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, MembershipFactory
from vetting.actions import plans
from vetting.models import (
    ActionExtension,
    ActionStatus,
    CapacityAction,
    CapacityPlan,
    ProposalKind,
)
from vetting.plan_facts import plan_facts
from vetting.rules import plans as rules
from vetting.tests.factories import (
    ConflictDeclarationFactory,
    DecisionFactory,
    DossierFactory,
    editor_of,
    viewer_of,
)
from vetting.tests.factories_plans import fresh, plan_for, received, step_for, with_document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def step():
    return step_for()


@pytest.fixture
def editor(step):
    return editor_of(step.plan.partner)


def in_days(n):
    """The site, n days from now at noon in Lubumbashi."""
    return time_machine.travel(timezone.now() + timedelta(days=n), tick=False)


def events(step):
    return list(AuditEvent.objects.about(step).order_by("pk").values_list("action", flat=True))


def mails(kind):
    return OutgoingMail.objects.filter(kind=f"vetting/email/{kind}")


# --- opening -----------------------------------------------------------------------------------------------------


def test_a_conditional_decision_opens_a_plan_whose_steps_are_its_conditions(approver):
    plan = plan_for(by=approver)

    rows = [(row.item.code, row.action, row.condition.item_id == row.item_id) for row in plan.actions.all()]
    assert rows == [("C1.2", "Action C1.2", True), ("C3.1", "Action C3.1", True)]
    first = plan.actions.first()
    assert (first.responsible, first.support, first.status) == ("Le secrétariat", "Un modèle et un appui", "todo")
    event = AuditEvent.objects.about(plan).get()
    assert (event.action, event.actor, event.after) == (
        "plan.open",
        approver,
        {"decision": plan.decision_id, "steps": 2},
    )
    assert OutgoingMail.objects.count() == 0  # the letter of the decision announces the plan


def test_a_decision_to_strengthen_first_opens_a_plan_without_conditions():
    plan = plan_for(outcome="to_strengthen")

    assert [row.condition for row in plan.actions.all()] == [None, None]


@pytest.mark.parametrize("outcome", ["approved", "declined", "excluded"])
def test_other_decisions_open_none(outcome):
    assert plan_for(outcome=outcome) is None
    assert CapacityPlan.objects.count() == 0


def test_opening_twice_makes_one_plan(approver):
    plan = plan_for(by=approver)

    again = plans.open_plan(plan.decision, by=approver)

    assert (again, CapacityAction.objects.count()) == (plan, 2)
    assert AuditEvent.objects.filter(action="plan.open").count() == 1


def corrected(step, kind, **words):
    """The decision of a step's plan, replaced by one of `kind` that plans the same item again."""
    old = step.plan.decision
    new = DecisionFactory(partner=old.partner, outcome="conditional", dossier=old.dossier, replaces=old)
    extra = {} if kind == ProposalKind.ROUND else {"motive": "Une date était fausse.", "replaces": old}
    for name, value in {"kind": kind, **extra}.items():
        setattr(new.proposal, name, value)
    new.proposal.save()
    facts = {"item": step.item, "action": step.action, "due_on": step.due_on + timedelta(days=9), **words}
    new.proposal.steps.create(**facts)
    new.conditions.create(**facts)
    return plans.open_plan(new, by=UserFactory()).actions.get()


def test_a_correction_keeps_what_was_done(step, editor, reviewer):
    received(step, editor)
    plans.validate(fresh(step), by=reviewer, seen=fresh(step).lock_version)

    row = corrected(fresh(step), ProposalKind.CORRECTION)

    assert (row.status, row.validated_by, row.due_on) == ("validated", reviewer, step.due_on + timedelta(days=9))
    assert [evidence.document.title for evidence in row.evidence.all()] == ["Procès-verbal"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [(ProposalKind.ROUND, {}), (ProposalKind.CORRECTION, {"action": "Une autre action"})],
    ids=["a new round", "another step"],
)
def test_another_step_or_a_new_round_begins_anew(step, editor, kind, words):
    received(step, editor)

    row = corrected(fresh(step), kind, **words)

    assert (row.status, row.evidence.count()) == ("todo", 0)


def test_the_plan_of_a_replaced_decision_can_only_be_read(step, editor, reviewer, approver):
    document = DocumentFactory(partner=step.plan.partner)
    with_document(step, editor)
    evidence = step.evidence.get()
    DecisionFactory(partner=step.plan.partner)
    seen = {"seen": step.lock_version}
    writes = [
        lambda: plans.start(step, by=editor, **seen),
        lambda: plans.send_evidence(step, by=editor, **seen),
        lambda: plans.drop(step, by=reviewer, reason="x", **seen),
        lambda: plans.attach_document(step, document, by=editor),
        lambda: plans.detach_document(evidence, by=editor),
        lambda: plans.extend(step, by=approver, reason="x", due_on=step.due_on + timedelta(days=1), **seen),
    ]

    for write in writes:
        with pytest.raises(NotAllowed) as refusal:
            write()
        assert any("A newer decision replaces" in reason for reason in refusal.value.reasons)

    assert not plan_facts(CapacityPlan.objects.get(pk=step.plan_id)).in_force


def test_a_step_dropped_before_that_a_correction_asks_again_is_asked_again(reviewer):
    step = step_for(outcome="to_strengthen")
    plans.drop(step, by=reviewer, seen=0, reason="Plus utile.")

    assert corrected(step, ProposalKind.CORRECTION).status == "todo"


# --- source × role × move ----------------------------------------------------------------------------------------

PEOPLE = ["viewer", "editor", "signatory", "reviewer", "me_officer", "approver", "admin", "member_reviewer"]


def somebody(kind, partner):
    """An account of each kind; `member_reviewer` is an officer of ACE who belongs to the organisation."""
    if kind in ("viewer", "editor", "signatory"):
        return MembershipFactory(partner=partner, role=kind).user
    if kind == "member_reviewer":
        return MembershipFactory(partner=partner, role=Role.VIEWER, user=UserFactory(roles=[Role.REVIEWER])).user
    return UserFactory(roles=[kind])


@pytest.mark.parametrize("move", rules.CAPACITY.moves, ids=lambda move: move.name)
@pytest.mark.parametrize("kind", PEOPLE)
def test_every_move_by_every_role_from_every_state(move, kind):
    allowed = {
        "start": {"editor", "signatory"},
        "send_evidence": {"editor", "signatory", "reviewer"},
    }.get(move.name, {"reviewer"})
    step = step_for(outcome="to_strengthen")  # no condition: may be dropped
    with_document(step, editor_of(step.plan.partner))
    user = somebody(kind, step.plan.partner)

    for state in ActionStatus:
        more = {"validated_by": user, "validated_at": timezone.now()} if state == ActionStatus.VALIDATED else {}
        CapacityAction.objects.filter(pk=step.pk).update(status=state, lock_version=0, **more)
        act = {
            "start": plans.start,
            "send_evidence": plans.send_evidence,
            "send_back": plans.send_back,
            "validate": plans.validate,
            "drop": plans.drop,
        }[move.name]
        reason = {"reason": "Parce que."} if move.needs_reason else {}
        expected = None if kind in allowed else NotAllowed
        if state not in move.sources:
            expected = Stale
        if expected is None:
            assert act(fresh(step), by=user, seen=0, **reason).status == move.target
        else:
            with pytest.raises(expected):
                act(fresh(step), by=user, seen=0, **reason)
            assert fresh(step).status == state


# --- evidence ----------------------------------------------------------------------------------------------------


def test_evidence_is_sent_with_a_document_and_a_note(step, editor, reviewer):
    document = with_document(step, editor)

    sent = plans.send_evidence(fresh(step), by=editor, seen=0, note=" Voir page 2. ")

    assert (sent.status, timezone.localdate(sent.evidence_at)) == ("evidence_received", timezone.localdate())
    event = AuditEvent.objects.about(step).last()
    assert (event.action, event.reason) == ("capacity.send_evidence", "Voir page 2.")
    assert events(step) == ["capacity.attach", "capacity.send_evidence"]
    assert AuditEvent.objects.about(step).first().after == {"document": document.pk}
    mail = mails("plan_evidence").get()
    assert mail.to_user == reviewer
    assert "Voir page 2." in mail.body


def test_evidence_without_a_document_is_refused(step, editor):
    with pytest.raises(NotAllowed) as refusal:
        plans.send_evidence(step, by=editor, seen=0)

    assert refusal.value.reasons == ["Attach at least one document first: it shows ACE that the step is done."]
    assert fresh(step).status == "todo"


def test_a_second_sending_is_stale(step, editor):
    received(step, editor)

    with pytest.raises(Stale):
        plans.send_evidence(step, by=editor, seen=0)

    assert events(step).count("capacity.send_evidence") == 1


def test_ace_sends_on_behalf_and_its_own_mail_goes_to_colleagues(step, reviewer, other_reviewer):
    received(step, reviewer)

    assert [mail.to_user for mail in mails("plan_evidence")] == [other_reviewer]


def test_attaching_twice_is_one_row_and_one_event(step, editor):
    document = with_document(step, editor)

    plans.attach_document(step, document, by=editor)

    assert (step.evidence.count(), events(step)) == (1, ["capacity.attach"])


def test_a_document_is_taken_off_before_it_is_sent_and_never_after(step, editor):
    with_document(step, editor)
    second = with_document(step, editor)

    plans.detach_document(step.evidence.get(document=second), by=editor)
    plans.send_evidence(fresh(step), by=editor, seen=0)

    assert step.evidence.count() == 1
    assert Document.objects.filter(pk=second.pk).exists()
    with pytest.raises(NotAllowed) as refusal:
        plans.detach_document(step.evidence.get(), by=editor)
    assert refusal.value.reasons == ["The step is “Evidence received”: its documents can no longer be changed."]
    with pytest.raises(NotAllowed):
        plans.attach_document(step, second, by=editor)


def test_documents_of_others_and_papers_no_longer_accepted_are_refused(step, editor):
    foreign = DocumentFactory()
    old = DocumentFactory(
        partner=step.plan.partner, type=DocumentTypeFactory(code="F92", name_en="Receipt F92", validity="not_accepted")
    )

    with pytest.raises(NotAllowed) as first:
        plans.attach_document(step, foreign, by=editor)
    with pytest.raises(NotAllowed) as second:
        plans.attach_document(step, old, by=editor)

    assert first.value.reasons == ["A document of another organisation cannot serve as evidence."]
    assert second.value.reasons == ["“Receipt F92” is no longer accepted as evidence: attach another paper."]
    assert step.evidence.count() == 0


@pytest.mark.parametrize("make", [viewer_of, lambda partner: UserFactory(roles=[Role.APPROVER])])
def test_only_the_organisation_or_a_reviewer_changes_the_evidence(step, make):
    document = DocumentFactory(partner=step.plan.partner)

    with pytest.raises(NotAllowed):
        plans.attach_document(step, document, by=make(step.plan.partner))


# --- judging -----------------------------------------------------------------------------------------------------


def test_validating_names_who_and_when_and_tells_the_organisation(step, editor, reviewer):
    received(step, editor)

    done = plans.validate(fresh(step), by=reviewer, seen=1)

    assert (done.status, done.validated_by) == ("validated", reviewer)
    assert timezone.localdate(done.validated_at) == timezone.localdate()
    assert [mail.to_user for mail in mails("plan_validated")] == [editor]


def test_who_added_a_document_does_not_validate_it(step, reviewer, other_reviewer):
    document = DocumentFactory(partner=step.plan.partner, added_by=reviewer)
    plans.attach_document(step, document, by=other_reviewer)
    plans.send_evidence(step, by=other_reviewer, seen=0)

    with pytest.raises(NotAllowed) as refusal:
        plans.validate(fresh(step), by=reviewer, seen=1)

    assert refusal.value.reasons == ["You added a document of this evidence yourself: a colleague has to validate it."]
    assert plans.validate(fresh(step), by=other_reviewer, seen=1).status == "validated"


def linked(user, dossier, has_link=True):
    return ConflictDeclarationFactory(user=user, dossier=dossier, has_link=has_link)


@pytest.mark.parametrize("later", [False, True], ids=["on this dossier", "on a later one"])
def test_a_declared_link_judges_nothing(step, editor, reviewer, approver, later):
    received(step, editor)
    dossier = DossierFactory(partner=step.plan.partner) if later else step.plan.decision.dossier
    linked(reviewer, dossier)
    linked(approver, dossier)

    for act in (
        lambda: plans.validate(fresh(step), by=reviewer, seen=1),
        lambda: plans.send_back(fresh(step), by=reviewer, seen=1, reason="x"),
        lambda: plans.extend(fresh(step), by=approver, seen=1, reason="x", due_on=step.due_on + timedelta(days=1)),
    ):
        with pytest.raises(NotAllowed) as refusal:
            act()
        assert "You declared a link with this organisation: a colleague has to take over." in refusal.value.reasons


def test_no_link_or_a_link_elsewhere_does_not_stand_in_the_way(step, editor, reviewer):
    received(step, editor)
    linked(reviewer, step.plan.decision.dossier, has_link=False)
    linked(reviewer, DossierFactory())

    assert plans.validate(fresh(step), by=reviewer, seen=1).status == "validated"


def test_sending_back_keeps_the_reason_for_the_organisation(step, editor, reviewer):
    received(step, editor)

    back = plans.send_back(fresh(step), by=reviewer, seen=1, reason=" La page 2 manque. ")

    assert (back.status, back.remark) == ("in_progress", "La page 2 manque.")
    assert "La page 2 manque." in mails("plan_sent_back").get().body
    again = plans.send_evidence(back, by=editor, seen=back.lock_version)
    assert again.status == "evidence_received"
    assert mails("plan_evidence").count() == 2  # a second sending is a second mail


@pytest.mark.parametrize("act", [plans.send_back, plans.drop], ids=["send back", "drop"])
def test_a_reason_is_needed(editor, reviewer, act):
    step = step_for(outcome="to_strengthen")
    if act is plans.send_back:
        received(step, editor_of(step.plan.partner))

    with pytest.raises(NotAllowed) as refusal:
        act(fresh(step), by=reviewer, seen=fresh(step).lock_version, reason=" ")

    assert refusal.value.reasons == ["Say why, in one sentence."]


def test_a_condition_is_never_dropped(step, reviewer):
    with pytest.raises(NotAllowed) as refusal:
        plans.drop(step, by=reviewer, seen=0, reason="Plus utile.")

    assert refusal.value.reasons == [
        "The approval depends on this step: it cannot be dropped. The direction can give it more time."
    ]


def test_a_free_step_is_dropped_with_its_reason(reviewer):
    step = step_for(outcome="to_strengthen")
    editor = editor_of(step.plan.partner)

    dropped = plans.drop(step, by=reviewer, seen=0, reason="Plus utile.")

    assert (dropped.status, dropped.remark) == ("dropped", "Plus utile.")
    assert [mail.to_user for mail in mails("plan_dropped")] == [editor]


# --- more time ---------------------------------------------------------------------------------------------------


def test_the_direction_gives_more_time_and_the_first_day_stays_readable(step, editor, approver):
    was, new = step.due_on, step.due_on + timedelta(days=30)

    row = plans.extend(step, by=approver, seen=0, due_on=new, reason=" L'assemblée a été reportée. ")

    assert (fresh(step).due_on, fresh(step).lock_version) == (new, 1)
    assert (row.was_due_on, row.due_on, row.reason, row.by) == (was, new, "L'assemblée a été reportée.", approver)
    event = AuditEvent.objects.about(step).last()
    assert (event.action, event.before, event.after) == (
        "capacity.extend",
        {"due_on": was.isoformat()},
        {"due_on": new.isoformat()},
    )
    assert [mail.to_user for mail in mails("plan_extended")] == [editor]
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionExtension.objects.filter(pk=row.pk).update(reason="autre")


def extending(step, by, **facts):
    """The reasons against, as the action gives them."""
    values = {"seen": step.lock_version, "due_on": step.due_on + timedelta(days=1), "reason": "Parce que.", **facts}
    with pytest.raises(NotAllowed) as refusal:
        plans.extend(step, by=by, **values)
    assert ActionExtension.objects.count() == 0
    return refusal.value.reasons


@pytest.mark.parametrize("kind", [kind for kind in PEOPLE if kind != "approver"])
def test_nobody_else_gives_more_time(step, kind):
    assert extending(step, somebody(kind, step.plan.partner)) == ["Only the direction gives a step more time."]


def test_an_earlier_day_or_the_same_is_refused(step, approver):
    for day in (step.due_on, step.due_on - timedelta(days=1)):
        [reason] = extending(step, approver, due_on=day)
        assert reason.startswith("Choose a day after the one agreed, ")


def test_a_day_that_has_passed_is_refused(step, approver):
    with in_days(70):
        [reason] = extending(step, approver, due_on=step.due_on + timedelta(days=2))

    assert reason == "Choose a day after today."


@pytest.mark.parametrize(("outcome", "months"), [("conditional", 6), ("to_strengthen", 12)])
def test_a_step_runs_no_longer_than_its_item_allows_from_the_decision(approver, outcome, months):
    step = step_for(outcome=outcome)  # C1.2: six months
    latest = add_months(timezone.localdate(), months)

    assert rules.last_day(step) == latest
    [reason] = extending(step, approver, due_on=latest + timedelta(days=1))
    assert reason.startswith("Choose a day up to ")
    plans.extend(step, by=approver, seen=0, due_on=latest, reason="Parce que.")
    [nothing_left] = rules.against_extending(fresh(step), approver)
    assert nothing_left.startswith("This step cannot run longer than ")


def test_a_finished_step_gets_no_more_time(step, editor, reviewer, approver):
    received(step, editor)
    plans.validate(fresh(step), by=reviewer, seen=1)

    assert extending(fresh(step), approver) == ["This is not open: the step is “Validated”."]


def test_more_time_on_a_stale_page_is_refused(step, editor, approver):
    received(step, editor)

    with pytest.raises(Stale):
        plans.extend(step, by=approver, seen=0, due_on=step.due_on + timedelta(days=1), reason="x")
