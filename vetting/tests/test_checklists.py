"""Versions of the checklist: who drafts and publishes, what a version must hold, that a published one is frozen."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.machine import against_role, perform
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import PARTNER_ROLES, Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import MembershipFactory, PartnerFactory
from vetting import actions as dossier_actions
from vetting import scoring
from vetting.actions import checklists as actions
from vetting.checklist_diff import compare, content_of, facts_of
from vetting.models import Checklist, ChecklistItem, ChecklistStatus, Criterion
from vetting.rules import checklists as rules
from vetting.tests.factories import ChecklistFactory, ChecklistItemFactory, assessed, submitted, taken
from vetting.tests.factories_checklists import (
    drafted,
    edited,
    item_of,
    now,
    proposed,
    published,
    released,
    values_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared as they are written in the code."""
    with translation.override("en"):
        yield


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        action(*args, **kwargs)
    return refused.value.reasons


# --- the machine --------------------------------------------------------------------------------------------------


def person(role):
    """Somebody who holds just this role, in ACE or in an organisation."""
    return MembershipFactory(role=role).user if role in PARTNER_ROLES else UserFactory(roles=[role])


def role_only(checklist, move, by):
    """The role alone: what else a step asks has its own tests."""
    return against_role(move, by.roles)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("source", ChecklistStatus.values)
@pytest.mark.parametrize("name", list(rules.CHECKLIST.by_name))
def test_every_move_from_every_state_by_every_role(name, source, role):
    move = rules.CHECKLIST[name]
    day = timezone.localdate() if source == ChecklistStatus.PUBLISHED else None
    row = Checklist.objects.create(version=1, status=source, published_on=day)
    by = person(role)
    more = {"published_on": timezone.localdate()} if name == "publish" else {}

    try:
        perform(rules.CHECKLIST, row, name, by=by, seen=0, against=role_only, reason="Motif.", **more)
    except Stale:
        happened = "closed"
    except NotAllowed:
        happened = "refused"
    else:
        happened = "moved"

    expected = "closed" if source not in move.sources else "moved" if role in move.actors else "refused"
    assert happened == expected
    assert now(row).status == (move.target if happened == "moved" else source)


def test_the_table_is_design_6():
    table = [
        (move.name, move.sources, move.target, set(move.actors), move.needs_reason) for move in rules.CHECKLIST.moves
    ]

    assert table == [
        ("propose", ("draft",), "proposed", {"reviewer", "admin"}, False),
        ("return", ("proposed",), "draft", {"approver"}, True),
        ("publish", ("proposed",), "published", {"approver"}, False),
    ]


# --- starting -----------------------------------------------------------------------------------------------------


def test_a_draft_begins_as_a_copy(reviewer):
    old = published()

    draft = actions.start_draft(by=reviewer)

    assert (draft.version, draft.status, draft.based_on, draft.published_on) == (2, "draft", old, None)
    assert not compare(content_of(old), content_of(draft))
    assert list(item_of(draft, "C1.2").document_types) == list(item_of(old, "C1.2").document_types)
    positions = ChecklistItem.objects.filter(criterion__checklist=draft).values_list("position", "code")
    assert list(positions) == list(
        ChecklistItem.objects.filter(criterion__checklist=old).values_list("position", "code")
    )
    event = audit.latest(draft)
    assert (event.action, event.after, event.chain) == ("checklist.started", {"version": 2, "based_on": 1}, "network")


def test_one_version_is_worked_on_at_a_time(reviewer, ace_admin, approver):
    draft = drafted(reviewer)
    sentence = ["Version 2 is being worked on: finish that one first."]

    assert refusal(actions.start_draft, by=ace_admin) == sentence
    draft = edited(draft, "C1.1", by=reviewer, weight=2)
    actions.propose(draft, by=reviewer, seen=draft.lock_version, what_changes="Poids.")
    assert refusal(actions.start_draft, by=approver) == sentence
    assert Checklist.objects.count() == 2


def test_without_a_published_version_there_is_nothing_to_copy(reviewer):
    reasons = refusal(actions.start_draft, by=reviewer)

    assert reasons == ["No checklist is published yet: ask the administrator to run load_reference."]


@pytest.mark.parametrize("role", Role.values)
def test_who_drafts(role, ace_admin):
    published()
    user = person(role)
    may = role in ("reviewer", "approver", "admin")

    assert (rules.against_starting(user) == []) is may
    draft = drafted(ace_admin)
    assert (rules.against_editing(draft, user) == []) is may


# --- editing ------------------------------------------------------------------------------------------------------


def test_an_edit_says_which_fields_changed(reviewer):
    draft = drafted(reviewer)
    values = values_of(item_of(draft, "C1.2"), weight=3, documents=["STATUTS", "ROI"])

    actions.edit_item(draft, "C1.2", by=reviewer, seen=0, values=values)

    event = audit.latest(draft)
    assert (event.action, event.before["weight"], event.after["weight"]) == ("checklist.item_edited", 2, 3)
    assert set(event.before) == set(event.after) == {"code", "weight", "documents"}
    assert (event.before["code"], event.after["documents"]) == ("C1.2", ["ROI", "STATUTS"])
    assert (item_of(draft, "C1.2").weight, now(draft).lock_version) == (3, 1)
    assert item_of(draft.based_on, "C1.2").weight == 2


def test_an_edit_that_changes_nothing_leaves_no_trace(reviewer):
    draft = drafted(reviewer)
    before = AuditEvent.objects.count()

    item = item_of(draft, "C2.5")
    types = sorted(item.organisation_types)
    actions.edit_item(draft, "C2.5", by=reviewer, seen=0, values=values_of(item, organisation_types=types))
    actions.explain(draft, by=reviewer, seen=0, what_changes=" ")

    assert (AuditEvent.objects.count(), now(draft).lock_version) == (before, 0)


def test_a_stored_all_does_not_grow_with_the_types(reviewer):
    draft = drafted(reviewer)
    item_of(draft, "C1.9").delete()
    criterion = draft.criteria.get(code="C1")
    ChecklistItemFactory(criterion=criterion, code="C1.9", position=9, knock_out=["all"], organisation_types=["ngo"])

    edited(draft, "C1.9", by=reviewer, organisation_types=["ngo", "cso"], knock_out=["ngo"])

    assert facts_of(item_of(draft, "C1.9"))["knock_out"] == ["ngo"]


def test_two_people_editing_find_out(reviewer, ace_admin):
    draft = drafted(reviewer)
    edited(draft, "C1.2", by=ace_admin, weight=3)

    with pytest.raises(Stale) as stale:
        actions.edit_item(draft, "C3.1", by=reviewer, seen=0, values=values_of(item_of(draft, "C3.1"), weight=9))

    assert stale.value.event.actor == ace_admin
    assert item_of(draft, "C3.1").weight != 9


STALE = {
    "criterion": lambda row, by: actions.edit_criterion(row, "C1", by=by, seen=9, title_fr="A", title_en="B"),
    "add": lambda row, by: actions.add_item(row, "C1", by=by, seen=9, code="C1.10", values={}),
    "remove": lambda row, by: actions.remove_item(row, "C1.2", by=by, seen=9),
    "explain": lambda row, by: actions.explain(row, by=by, seen=9, what_changes="A"),
    "propose": lambda row, by: actions.propose(row, by=by, seen=9, what_changes="A"),
}


@pytest.mark.parametrize("action", STALE.values(), ids=STALE)
def test_every_edit_claims_the_version_it_saw(action, reviewer):
    draft = drafted(reviewer)

    with pytest.raises(Stale):
        action(draft, reviewer)

    assert now(draft).lock_version == 0


EDITS = {
    "item": lambda row, by: actions.edit_item(row, "C1.2", by=by, seen=row.lock_version, values={}),
    "criterion": lambda row, by: actions.edit_criterion(
        row, "C1", by=by, seen=row.lock_version, title_fr="A", title_en="B"
    ),
    "add": lambda row, by: actions.add_item(row, "C1", by=by, seen=row.lock_version, code="C1.10", values={}),
    "remove": lambda row, by: actions.remove_item(row, "C1.2", by=by, seen=row.lock_version),
    "explain": lambda row, by: actions.explain(row, by=by, seen=row.lock_version, what_changes="A"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_is_proposed_or_published_is_not_edited(edit, reviewer, approver, me_officer):
    row = proposed(reviewer)

    assert refusal(edit, row, reviewer) == [
        "This version waits for a second person: to change it, have it sent back first."
    ]
    row = actions.publish(row, by=approver, seen=row.lock_version)
    assert refusal(edit, row, reviewer) == ["This version is published and frozen: a new wording is a new version."]
    assert refusal(edit, drafted(reviewer), me_officer) == [
        "Only due-diligence officers, the direction and the administrator work on the checklist."
    ]


def test_a_criterion_keeps_both_titles(reviewer):
    draft = drafted(reviewer)

    reasons = refusal(actions.edit_criterion, draft, "C2", by=reviewer, seen=0, title_fr="Vision", title_en=" ")
    actions.edit_criterion(draft, "C2", by=reviewer, seen=0, title_fr="Vision", title_en="Vision")

    assert reasons == ["Criterion C2: “Title in English” is empty."]
    assert draft.criteria.get(code="C2").title_fr == "Vision"
    assert set(audit.latest(draft).after) == {"code", "title_fr", "title_en"}


def test_an_added_item_stands_in_the_order_of_its_number(reviewer):
    draft = drafted(reviewer)
    values = values_of(item_of(draft, "C1.9"))

    added = actions.add_item(draft, "C1", by=reviewer, seen=0, code=" C1.10 ", values=values)

    codes = list(ChecklistItem.objects.filter(criterion__checklist=draft).values_list("code", flat=True))
    assert codes[8:11] == ["C1.9", "C1.10", "C2.1"]
    assert (added.code, len(codes), codes[-1]) == ("C1.10", 33, "C4.7")
    assert (audit.latest(draft).action, audit.latest(draft).after["code"]) == ("checklist.item_added", "C1.10")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("C1.2", "C1.2 is there already: choose another number."),
        ("C2.10", "C2.10: the code of an item of criterion C1 reads C1.1, C1.2 and so on."),
        ("X", "X: the code of an item of criterion C1 reads C1.1, C1.2 and so on."),
    ],
)
def test_a_code_is_new_and_of_its_criterion(code, sentence, reviewer):
    draft = drafted(reviewer)
    values = values_of(item_of(draft, "C1.9"))

    assert refusal(actions.add_item, draft, "C1", by=reviewer, seen=0, code=code, values=values) == [sentence]
    assert (ChecklistItem.objects.count(), now(draft).lock_version) == (64, 0)


def test_a_removed_item_stays_in_the_trail(reviewer):
    draft = drafted(reviewer)

    actions.remove_item(draft, "C1.9", by=reviewer, seen=0)

    event = audit.latest(draft)
    assert (event.action, event.before["code"], event.after) == ("checklist.item_removed", "C1.9", {})
    assert event.before["question_fr"] == item_of(draft.based_on, "C1.9").question_fr
    positions = ChecklistItem.objects.filter(criterion__checklist=draft).values_list("position", flat=True)
    assert list(positions) == list(range(1, 32))


@pytest.mark.parametrize("code", [scoring.ASKED_AGAIN, *scoring.EXCLUSION_ITEMS])
def test_items_that_a_rule_names_stay(code, reviewer):
    draft = drafted(reviewer)

    assert refusal(actions.remove_item, draft, code, by=reviewer, seen=0) == [
        f"{code} cannot be removed: a rule of the decision rests on it."
    ]


# --- what a version must hold -------------------------------------------------------------------------------------

FAULTS = {
    "recommended knock-out": (
        {"mandatory": False, "knock_out": ["ngo"]},
        "C1.2 is recommended, so it cannot be a knock-out.",
    ),
    "knock-out of a type not asked": (
        {"organisation_types": ["ngo"], "knock_out": ["cbo"]},
        "C1.2 is a knock-out for a type that is not asked: Community-based organisation (CBO).",
    ),
    "no type": ({"organisation_types": []}, "C1.2: choose at least one type of organisation."),
    "unknown type": ({"organisation_types": ["ngo", "club"]}, "C1.2: the code club is unknown."),
    "unknown area": ({"areas": ["mines"]}, "C1.2: the code mines is unknown."),
    "unknown round": ({"rounds": ["renewed"]}, "C1.2: the code renewed is unknown."),
    "unknown document": ({"documents": ["XXX"]}, "C1.2: the code XXX is unknown."),
    "unknown suggested document": ({"suggested_document": "XXX"}, "C1.2: the code XXX is unknown."),
    "no weight": ({"weight": 0}, "C1.2: the weight is a whole number from 1 to 10."),
    "heavy": ({"weight": 11}, "C1.2: the weight is a whole number from 1 to 10."),
    "long plan": (
        {"plan_months": 25, "suggested_step": "", "suggested_months": None},
        "C1.2: a plan runs for 0 to 24 months.",
    ),
    "no French": ({"question_fr": " "}, "C1.2: “Question in French” is empty."),
    "no English": ({"question_en": ""}, "C1.2: “Question in English” is empty."),
    "no guidance": ({"guidance_en": ""}, "C1.2: “What ACE looks at, in English” is empty."),
    "no section": ({"section": ""}, "C1.2: “Section” is empty."),
    "long section": ({"section": "S" * 81}, "C1.2: “Section” is longer than 80 characters."),
    "long step": ({"suggested_step": "S" * 301}, "C1.2: “Suggested step, in French” is longer than 300 characters."),
    "half a step": ({"suggested_months": None}, "C1.2: a suggested step needs both words and months."),
    "step of no time": ({"suggested_months": 0}, "C1.2: a suggested step takes 1 to 24 months."),
    "late step": ({"suggested_months": 7}, "C1.2: the suggested step ends after the longest plan (months: 6)."),
}


@pytest.mark.parametrize(("more", "sentence"), FAULTS.values(), ids=FAULTS)
def test_an_item_that_is_wrong_is_not_kept(more, sentence, reviewer):
    draft = drafted(reviewer)
    values = values_of(item_of(draft, "C1.2"), **more)

    assert refusal(actions.edit_item, draft, "C1.2", by=reviewer, seen=0, values=values) == [sentence]
    assert now(draft).lock_version == 0


@pytest.mark.parametrize("fault", ["recommended knock-out", "unknown document", "no English", "half a step"])
def test_an_item_that_became_wrong_is_not_published(fault, reviewer, approver):
    more, sentence = FAULTS[fault]
    row = proposed(reviewer)
    ChecklistItem.objects.filter(criterion__checklist=row, code="C1.2").update(**more)

    assert refusal(actions.publish, row, by=approver, seen=row.lock_version) == [sentence]
    assert now(row).status == "proposed"


def test_the_reference_holds_all_it_must():
    assert rules.against_content(published()) == []


def test_a_version_that_decides_nothing_is_not_proposed(reviewer):
    draft = drafted(reviewer)
    only_ngo = {"organisation_types": ["cso", "ngo", "ingo", "cooperative"], "knock_out": []}
    for item in ChecklistItem.objects.filter(criterion__checklist=draft, criterion__code="C3"):
        draft = edited(draft, item.code, by=reviewer, **only_ngo)

    reasons = refusal(actions.propose, draft, by=reviewer, seen=draft.lock_version, what_changes="Allégé.")

    assert reasons == [
        "Criterion C3 asks nothing of this type without areas: Community-based organisation (CBO) (First due diligence).",
        "Criterion C3 asks nothing of this type without areas: Community-based organisation (CBO) (Renewal).",
    ]


def test_missing_doubled_and_misnamed_items_are_named(reviewer):
    draft = drafted(reviewer)
    c1 = ChecklistItem.objects.filter(criterion__checklist=draft)
    c1.filter(code="C1.4").update(code="C1.44")
    c1.filter(code="C2.1").update(code="C1.1")
    Criterion.objects.filter(checklist=draft, code="C4").update(title_en="")

    assert rules.against_content(draft) == [
        "Criterion C4: “Title in English” is empty.",
        "C1.1: the code of an item of criterion C2 reads C2.1, C2.2 and so on.",
        "C1.1 is there already: choose another number.",
        "C1.4 is missing, and a rule of the decision rests on it.",
    ]


# --- proposing, returning, publishing -----------------------------------------------------------------------------


def test_a_version_is_proposed_with_what_changes(reviewer, approver, other_reviewer):
    draft = edited(drafted(reviewer), "C1.1", by=reviewer, weight=2)

    silent = refusal(actions.propose, draft, by=reviewer, seen=1, what_changes="  ")
    row = actions.propose(draft, by=other_reviewer, seen=1, what_changes=" Poids de C1.1. ")

    assert silent == ["Say what changes, and why."]
    assert (row.status, row.proposed_by, row.what_changes) == ("proposed", other_reviewer, "Poids de C1.1.")
    mail = OutgoingMail.objects.get(kind="vetting/email/checklist_proposed")
    assert mail.to_user == approver
    assert "Poids de C1.1." in mail.body
    assert "/equipe/grilles/2/second-regard/" in mail.body


def test_a_version_that_changes_nothing_is_not_proposed(reviewer):
    draft = drafted(reviewer)

    reasons = refusal(actions.propose, draft, by=reviewer, seen=0, what_changes="Rien.")

    assert reasons == ["Nothing differs from version 1."]
    assert now(draft).what_changes == ""


def test_the_direction_drafts_and_does_not_propose(approver):
    draft = edited(drafted(approver), "C1.1", by=approver, weight=2)

    reasons = refusal(actions.propose, draft, by=approver, seen=1, what_changes="Poids.")

    assert reasons == ["Your role does not allow this step; another colleague has to take it."]


def test_the_second_person_is_another_one():
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    row = proposed(both)

    assert refusal(actions.publish, row, by=both, seen=row.lock_version) == [
        "You proposed this version: another person has to publish it."
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Checklist.objects.filter(pk=row.pk).update(
            status="published", published_on=timezone.localdate(), published_by=both
        )


@pytest.mark.parametrize("who", ["reviewer", "ace_admin", "me_officer"])
def test_the_direction_alone_publishes(who, request, other_reviewer):
    row = proposed(other_reviewer)

    reasons = refusal(actions.publish, row, by=request.getfixturevalue(who), seen=row.lock_version)

    assert reasons == ["Your role does not allow this step; another colleague has to take it."]


def test_a_version_comes_back_with_a_reason(reviewer, approver):
    row = proposed(reviewer)

    silent = refusal(actions.return_draft, row, by=approver, seen=row.lock_version, reason=" ")
    back = actions.return_draft(row, by=approver, seen=row.lock_version, reason="Revoir C1.1.")

    assert silent == ["Say why, in one sentence."]
    assert (back.status, back.proposed_by, back.what_changes) == ("draft", None, "Poids de C1.1.")
    mail = OutgoingMail.objects.get(kind="vetting/email/checklist_returned")
    assert (mail.to_user, "Revoir C1.1." in mail.body) == (reviewer, True)
    again = actions.propose(back, by=reviewer, seen=back.lock_version, what_changes="Poids, revu.")
    assert actions.publish(again, by=approver, seen=again.lock_version).status == "published"


def test_publishing_fixes_day_person_and_content(reviewer, approver):
    row = released(reviewer, approver)

    assert (row.status, row.published_on, row.published_by) == ("published", timezone.localdate(), approver)
    assert now(row).sha256 == sha256_of(content_of(row))
    assert Checklist.objects.current() == row
    found = compare(content_of(row.based_on), content_of(row))
    assert {code: [change.field for change in rows] for code, rows in found.changed.items()} == {"C1.1": ["weight"]}
    assert not compare(content_of(row), content_of(row))
    assert (audit.latest(row).action, audit.latest(row).after) == ("checklist.publish", {"status": "published"})


def test_an_approver_who_looked_at_an_older_page_publishes_nothing(reviewer, approver):
    row = proposed(reviewer)
    back = actions.return_draft(row, by=approver, seen=row.lock_version, reason="Revoir.")
    edited(back, "C1.2", by=reviewer, weight=9)
    newer = now(row)
    actions.propose(newer, by=reviewer, seen=newer.lock_version, what_changes="Autre chose.")

    with pytest.raises(Stale):
        actions.publish(row, by=approver, seen=row.lock_version)

    assert now(row).status == "proposed"


# --- frozen -------------------------------------------------------------------------------------------------------

TABLES = {
    "checklist": lambda row: Checklist.objects.filter(pk=row.pk),
    "criterion": lambda row: Criterion.objects.filter(checklist=row, code="C1"),
    "item": lambda row: ChecklistItem.objects.filter(criterion__checklist=row, code="C1.2"),
}
CHANGES = {
    "checklist": {"what_changes": "Autre."},
    "criterion": {"title_fr": "Autre."},
    "item": {"weight": 9},
}


@pytest.mark.parametrize("table", TABLES)
def test_the_database_keeps_a_published_version(table, reviewer, approver):
    row = released(reviewer, approver)
    rows = TABLES[table](row)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**CHANGES[table])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete(using="default")

    assert now(row).sha256 == sha256_of(content_of(row))


@pytest.mark.parametrize("table", TABLES)
def test_a_draft_and_a_proposal_are_not_frozen(table, reviewer):
    row = drafted(reviewer)

    assert TABLES[table](row).update(**CHANGES[table]) == 1


def test_a_published_version_does_not_go_back(reviewer, approver):
    row = released(reviewer, approver)

    with pytest.raises(IntegrityError), transaction.atomic():
        Checklist.objects.filter(pk=row.pk).update(status="draft", published_on=None)
    with pytest.raises(Stale):
        actions.return_draft(row, by=approver, seen=row.lock_version, reason="Trop tard.")


# --- open dossiers ------------------------------------------------------------------------------------------------


def test_an_open_dossier_keeps_its_version(reviewer, approver):
    old = published()
    dossier = dossier_actions.open_dossier(PartnerFactory(organisation_type="ngo"), by=reviewer)
    dossier = assessed(taken(submitted(dossier), reviewer), reviewer, C1_1="partial")
    questions = [item.question_fr for item in dossier.items]
    scores = scoring.criterion_scores(dossier.assessed_items())

    new = released(reviewer, approver, weight=9, question_fr="Une autre question ?")

    dossier = type(dossier).objects.get(pk=dossier.pk)
    assert dossier.checklist == old
    assert [item.question_fr for item in dossier.items] == questions
    assert scoring.criterion_scores(dossier.assessed_items()) == scores
    assert {finding.item.criterion.checklist_id for finding in dossier.findings.all()} == {old.pk}
    later = dossier_actions.open_dossier(PartnerFactory(organisation_type="ngo"), by=reviewer)
    assert later.checklist == new
    assert later.items.get(code="C1.1").question_fr == "Une autre question ?"


def test_the_database_takes_no_new_row_into_a_published_version(db):
    published = ChecklistFactory()
    criterion = published.criteria.first()
    draft = Checklist.objects.create(version=9)
    loose = Criterion.objects.create(checklist=draft, code="C1", title_fr="…", title_en="…")
    item = ChecklistItemFactory(criterion=loose, code="C1.1", position=1)

    for attempt in (
        lambda: Criterion.objects.create(checklist=published, code="C9", title_fr="…", title_en="…"),
        lambda: ChecklistItemFactory(criterion=criterion, code="C1.99", position=99),
        lambda: type(item).objects.filter(pk=item.pk).update(criterion=criterion),
        lambda: Criterion.objects.filter(pk=loose.pk).update(checklist=published),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
