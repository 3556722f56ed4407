"""Versions of indicators: who writes and publishes, what a version must hold, what stays as it was."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ace_partners.core.audit import history
from ace_partners.core.errors import NotAllowed, Stale
from ace_partners.core.models import AuditEvent, OutgoingMail
from ace_partners.core.rights import PARTNER_ROLES, Role
from ace_partners.core.tests.factories import UserFactory
from impact.actions import framework as actions
from impact.figures import partner_results
from impact.figures.framework import differences, read_versions
from impact.models import AxisCategory, Indicator, IndicatorStatus
from impact.rules import framework as rules
from impact.rules.framework import INDICATOR
from impact.tests import factories
from impact.tests.factories_framework import DraftIndicatorFactory, ProposedIndicatorFactory, content_of
from partners.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    return factories.IndicatorFactory(code="EPA-50")


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        action(*args, **kwargs)
    return refused.value.reasons


def changed(published, by, **more):
    """A draft of the next version that says `more` differently."""
    draft = actions.start_version(published.code, by=by)
    return actions.edit_indicator(draft, by=by, seen=draft.lock_version, **content_of(draft, **more))


# --- drafting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER])
def test_a_new_version_begins_as_a_copy(published, role):
    draft = actions.start_version(published.code, by=UserFactory(roles=[role]))

    assert (draft.version, draft.status, draft.published_on) == (2, IndicatorStatus.DRAFT, None)
    assert content_of(draft) == content_of(published)
    assert Indicator.objects.current().get(code=published.code) == published
    assert history(draft).get().action == "indicator.started"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_nobody_else_begins_one(published, role):
    refusal(actions.start_version, published.code, by=UserFactory(roles=[role]))

    assert Indicator.objects.count() == 1


def test_one_version_is_worked_on_at_a_time(published, me_officer):
    actions.start_version(published.code, by=me_officer)

    reasons = refusal(actions.start_version, published.code, by=me_officer)

    assert reasons == ["Version 2 is being worked on: finish that one first."]


def test_a_new_indicator_has_a_code_of_its_own(published, me_officer):
    values = content_of(published)

    draft = actions.create_indicator(by=me_officer, code="EPA-51", **values)

    assert (draft.version, draft.status) == (1, IndicatorStatus.DRAFT)
    assert not Indicator.objects.current().filter(code="EPA-51").exists()
    assert refusal(actions.create_indicator, by=me_officer, code="EPA-50", **values) == [
        "There is an indicator with this code already: begin a new version of it."
    ]
    assert len(refusal(actions.create_indicator, by=me_officer, code="épargne", **values)) == 1


def test_an_edit_keeps_before_and_after_of_what_differs(published, me_officer):
    draft = changed(published, me_officer, name_fr="Groupes actifs", direction="at_least", threshold=Decimal(80))

    event = history(draft).first()
    assert draft.name_fr == "Groupes actifs"
    assert event.before == {"name_fr": published.name_fr, "direction": "increase", "threshold": None}
    assert event.after == {"name_fr": "Groupes actifs", "direction": "at_least", "threshold": "80"}


def test_two_people_who_edit_at_once_find_out(published, me_officer, reviewer):
    draft = actions.start_version(published.code, by=me_officer)
    actions.edit_indicator(draft, by=reviewer, seen=0, **content_of(draft, sdg="8.7"))

    with pytest.raises(Stale):
        actions.edit_indicator(draft, by=me_officer, seen=0, **content_of(draft, sdg="8.8"))


def test_a_published_version_is_neither_edited_nor_discarded(published, me_officer):
    sentence = "This version is published and frozen: a new method or wording is a new version."

    assert refusal(actions.edit_indicator, published, by=me_officer, seen=0, **content_of(published)) == [sentence]
    assert refusal(actions.discard_indicator, published, by=me_officer, seen=0) == [sentence]
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=published.pk).update(name_fr="Autre")


def test_a_draft_is_discarded_and_remembered(published, me_officer):
    draft = actions.start_version(published.code, by=me_officer)

    actions.discard_indicator(draft, by=me_officer, seen=0)

    assert list(Indicator.objects.all()) == [published]
    assert AuditEvent.objects.filter(action="indicator.discarded").get().before["version"] == 2


# --- what a version must hold ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, []),
        ({"kind": "percentage", "unit": "%", "calculation": "pooled", "across_partners": "pooled"}, []),
        ({"kind": "percentage", "unit": "%", "calculation": "latest", "across_partners": "none"}, []),
        ({"kind": "percentage", "unit": "%", "calculation": "sum", "across_partners": "none"}, ["calculation"]),
        ({"kind": "percentage", "unit": "%", "calculation": "pooled", "across_partners": "sum"}, ["across_partners"]),
        ({"kind": "ratio", "calculation": "latest", "across_partners": "sum_net"}, ["across_partners"]),
        ({"kind": "percentage", "calculation": "latest", "across_partners": "none"}, ["unit"]),
        ({"unit": "%"}, ["unit"]),
        ({"kind": "ratio", "unit": "children", "calculation": "latest", "across_partners": "none"}, ["unit"]),
        ({"calculation": "pooled"}, ["calculation"]),
        ({"across_partners": "pooled"}, ["across_partners"]),
        ({"kind": "milestone", "calculation": "latest", "across_partners": "none"}, []),
        ({"kind": "milestone", "calculation": "latest"}, ["across_partners"]),
        ({"threshold": Decimal(80)}, ["threshold"]),
        ({"threshold": Decimal(80), "direction": "at_least"}, []),
        ({"threshold": Decimal(0), "direction": "at_most"}, []),
        ({"disaggregation": ["sex", "site"]}, []),
        ({"disaggregation": ["sex", "moon"]}, ["disaggregation"]),
        ({"definition_en": " "}, ["definition_en"]),
    ],
)
def test_combinations_that_hold(published, values, fields):
    AxisCategory.objects.create(axis="sex", code="F", position=1, name_fr="Femmes", name_en="Women", families=["all"])

    faults = rules.content_faults(content_of(published, **values))

    assert [field for field, _words in faults] == fields


def test_an_action_refuses_what_the_form_would(published, me_officer):
    draft = actions.start_version(published.code, by=me_officer)

    refusal(actions.edit_indicator, draft, by=me_officer, seen=0, **content_of(draft, calculation="pooled"))

    draft.refresh_from_db()
    assert (draft.calculation, draft.lock_version) == ("sum", 0)


# --- two people --------------------------------------------------------------------------------------------------


def test_a_version_is_proposed_and_published_by_two(published, me_officer, approver):
    draft = changed(published, me_officer, name_fr="Groupes actifs")

    proposed = actions.propose_indicator(draft, by=me_officer, seen=draft.lock_version, what_changes="Un mot.")
    told = [mail.to_user for mail in OutgoingMail.objects.all()]
    done = actions.publish_indicator(proposed, by=approver, seen=proposed.lock_version)

    assert told == [approver]
    assert (done.status, done.proposed_by, done.published_by) == (IndicatorStatus.PUBLISHED, me_officer, approver)
    assert done.published_on == timezone.localdate()
    assert Indicator.objects.current().get(code=published.code) == done


def test_a_version_is_proposed_with_its_explanation_and_a_difference(published, me_officer):
    draft = actions.start_version(published.code, by=me_officer)

    assert refusal(actions.propose_indicator, draft, by=me_officer, seen=0, what_changes=" ") == [
        "Say what changes, and why.",
        "Nothing differs from version 1.",
    ]


def test_whoever_proposed_does_not_publish(published):
    both = UserFactory(roles=[Role.ME_OFFICER, Role.APPROVER])
    row = ProposedIndicatorFactory(code=published.code, version=2, proposed_by=both, name_fr="Autre")

    assert refusal(actions.publish_indicator, row, by=both, seen=0) == [
        "You proposed this version: another person has to publish it."
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=row.pk).update(published_by=both)


def test_a_draft_overtaken_by_the_reference_file_is_not_published(published, me_officer, approver):
    row = ProposedIndicatorFactory(code=published.code, version=2, proposed_by=me_officer, name_fr="Autre")
    factories.IndicatorFactory(code=published.code, version=3)

    assert refusal(actions.publish_indicator, row, by=approver, seen=0) == [
        "Version 3 was published meanwhile: discard this draft."
    ]


def test_a_version_comes_back_with_a_reason(published, me_officer, approver):
    row = ProposedIndicatorFactory(code=published.code, version=2, proposed_by=me_officer)

    assert refusal(actions.return_indicator, row, by=approver, seen=0, reason=" ") == ["Say why, in one sentence."]
    back = actions.return_indicator(row, by=approver, seen=0, reason="La source manque.")

    assert (back.status, back.proposed_by) == (IndicatorStatus.DRAFT, None)
    assert [(mail.to_user, "La source manque." in mail.body) for mail in OutgoingMail.objects.all()] == [
        (me_officer, True)
    ]


SOURCES = {
    "draft": DraftIndicatorFactory,
    "proposed": ProposedIndicatorFactory,
    "published": factories.IndicatorFactory,
}
ALLOWED = {
    ("draft", Role.REVIEWER, "propose"),
    ("draft", Role.ME_OFFICER, "propose"),
    ("proposed", Role.APPROVER, "publish"),
    ("proposed", Role.APPROVER, "return"),
}
ACTIONS = {
    "propose": lambda row, by: actions.propose_indicator(row, by=by, seen=0, what_changes="Un mot."),
    "publish": lambda row, by: actions.publish_indicator(row, by=by, seen=0),
    "return": lambda row, by: actions.return_indicator(row, by=by, seen=0, reason="À revoir."),
}


@pytest.mark.parametrize("move", ACTIONS)
@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("source", SOURCES)
def test_who_takes_which_step(source, role, move):
    by = MembershipFactory(role=role).user if role in PARTNER_ROLES else UserFactory(roles=[role])
    proposer = {"proposed_by": UserFactory()} if source == "proposed" else {}
    row = SOURCES[source](**proposer)

    if (source, role, move) in ALLOWED:
        assert ACTIONS[move](row, by).status == INDICATOR[move].target
    else:
        with pytest.raises((NotAllowed, Stale)):
            ACTIONS[move](row, by)


# --- what stays --------------------------------------------------------------------------------------------------


def test_accepted_is_never_changed_by_a_new_version_of_the_indicator(report, target, me_officer, approver):
    version = factories.AcceptanceFactory(version__report=report).version
    factories.IndicatorValueFactory(version=version, target=target, value=Decimal(80))
    before = partner_results(report.partner)

    draft = changed(target.indicator, me_officer, name_en="Another name", calculation="latest", direction="decrease")
    proposed = actions.propose_indicator(draft, by=me_officer, seen=draft.lock_version, what_changes="Un mot.")
    actions.publish_indicator(proposed, by=approver, seen=proposed.lock_version)

    target.refresh_from_db()
    assert target.indicator.version == 1
    assert partner_results(report.partner) == before


def test_differences_are_told_in_words(published):
    newer = DraftIndicatorFactory(
        code=published.code,
        version=2,
        name_fr=published.name_fr,
        calculation="latest",
        disaggregation=["sex", "site"],
        is_sensitive=True,
    )

    found = {change.label: (change.before, change.after) for change in differences(published, newer)}

    assert found == {
        "Calculation": ("new in the period, added up", "level at the end of the period"),
        "Disaggregation": ("—", "sex, mine site"),
        "Sensitive": ("no", "yes"),
    }


def test_versions_say_how_much_hangs_on_each(report, target):
    version = factories.AcceptanceFactory(version__report=report).version
    factories.IndicatorValueFactory(version=version, target=target)
    newer = factories.IndicatorFactory(code=target.indicator.code, version=2, sdg="8.7")

    found = read_versions(Indicator.objects.filter(code=newer.code))

    assert [(each.indicator, each.targets, each.accepted) for each in found] == [
        (newer, 0, 0),
        (target.indicator, 1, 1),
    ]
    assert [(change.before, change.after) for change in found[0].changes] == [("—", "8.7")]


@pytest.mark.parametrize("rows", [1, 3])
def test_versions_query_count(rows, django_assert_num_queries):
    for number in range(1, rows + 1):
        factories.TargetFactory(indicator=factories.IndicatorFactory(code="EPA-60", version=number))

    with django_assert_num_queries(3):
        read_versions(Indicator.objects.filter(code="EPA-60"))
