"""What differs between two versions, as arithmetic: without a database."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetting.checklist_content import (
    FaultCode,
    criterion_of,
    in_order,
    knock_out_fault,
    missing_items,
    step_fault,
    unasked,
)
from vetting.checklist_diff import ITEM_FIELDS, Change, compare, facts_of
from vetting.scoring import CRITERIA, ORGANISATION_TYPES

ITEM = {
    **dict.fromkeys(ITEM_FIELDS, "mots"),
    "mandatory": True,
    "plan_months": 6,
    "weight": 2,
    "blocks_payment": False,
    "suggested_months": None,
    "organisation_types": ["ngo", "cbo"],
    "knock_out": [],
    "areas": [],
    "rounds": [],
    "documents": ["ROI"],
}


def item(**more):
    return SimpleNamespace(**{**ITEM, **more})


def content(*, titles=None, **items):
    """A checklist's content from items by code (C1_2=item()), in one criterion each."""
    rows = {code.replace("_", "."): facts_of(row) for code, row in items.items()}
    return {
        "version": 1,
        "criteria": {
            criterion: {
                "title_fr": (titles or {}).get(criterion, "Titre"),
                "title_en": "Title",
                "items": {code: facts for code, facts in rows.items() if code.startswith(criterion)},
            }
            for criterion in CRITERIA
        },
    }


def test_added_removed_and_changed_are_told_apart():
    old = content(C1_1=item(), C1_2=item(), C2_1=item())
    new = content(C1_1=item(), C1_2=item(weight=3, section="Autre"), C1_10=item(), C1_9=item())

    found = compare(old, new)

    assert (found.added, found.removed) == (("C1.9", "C1.10"), ("C2.1",))
    assert found.changed == {"C1.2": (Change("section", "mots", "Autre"), Change("weight", 2, 3))}
    assert found.titles == {}


def test_a_title_is_a_difference_and_the_version_is_none():
    old, new = content(C1_1=item()), content(C1_1=item(), titles={"C3": "Nouveau"})

    assert compare(old, new).titles == {"C3": (Change("title_fr", "Titre", "Nouveau"),)}
    assert not compare(old, {**old, "version": 2})


@pytest.mark.parametrize(
    "same",
    [
        {"organisation_types": ["cbo", "ngo"]},
        {"rounds": ["initial", "renewal"]},
        {"documents": ["ROI"]},
    ],
)
def test_what_means_the_same_is_no_change(same):
    assert not compare(content(C1_1=item()), content(C1_1=item(**same)))


def test_all_is_every_type_that_is_asked():
    assert not compare(content(C1_1=item(knock_out=["all"])), content(C1_1=item(knock_out=["cbo", "ngo"])))
    assert compare(content(C1_1=item(knock_out=["all"])), content(C1_1=item(knock_out=["cbo"])))


codes = st.builds("C{}_{}".format, st.integers(1, 4), st.integers(1, 12))
items = st.builds(
    item,
    weight=st.integers(1, 3),
    section=st.sampled_from(["A", "B"]),
    areas=st.lists(st.sampled_from(["children", "savings"]), unique=True),
)
contents = st.dictionaries(codes, items, max_size=6).map(lambda rows: content(**rows))


@given(contents)
def test_nothing_differs_from_itself(one):
    assert not compare(one, one)


@given(contents, contents)
def test_the_way_back_is_the_way_there_reversed(one, other):
    there, back = compare(one, other), compare(other, one)

    assert (there.added, there.removed) == (back.removed, back.added)
    assert {code: {(c.field, c.before, c.after) for c in rows} for code, rows in map_lists(there)} == {
        code: {(c.field, c.after, c.before) for c in rows} for code, rows in map_lists(back)
    }


def map_lists(found):
    """Changes with their lists as tuples, so that they can be put in sets."""
    return [
        (code, [Change(c.field, *(tuple(v) if isinstance(v, list) else v for v in (c.before, c.after))) for c in rows])
        for code, rows in found.changed.items()
    ]


@given(contents, contents)
def test_what_is_not_named_is_the_same(one, other):
    found = compare(one, other)
    was, is_now = (
        {code: facts for row in c["criteria"].values() for code, facts in row["items"].items()} for c in (one, other)
    )

    assert set(is_now) - set(found.added) == set(was) - set(found.removed)
    for code in set(is_now) - set(found.added):
        named = {change.field for change in found.changed.get(code, ())}
        assert {name for name in ITEM_FIELDS if was[code][name] != is_now[code][name]} == named


# --- what a checklist must hold -----------------------------------------------------------------------------------


def test_codes_are_read_and_ordered_by_number():
    assert [criterion_of(code) for code in ("C1.1", "C4.12", "C5.1", "C1.01", "C1", "c1.1", "C1.1 ")] == (
        ["C1", "C4", None, None, None, None, None]
    )
    assert sorted(["C1.10", "C2.1", "C1.9"], key=in_order) == ["C1.9", "C1.10", "C2.1"]


@pytest.mark.parametrize(
    ("codes", "mandatory", "fault", "value"),
    [
        ([], False, None, ""),
        (["ngo"], True, None, ""),
        (["all"], True, None, ""),
        (["ngo"], False, FaultCode.RECOMMENDED_KNOCK_OUT, ""),
        (["ngo", "all"], True, FaultCode.ALL_AND_MORE, ""),
        (["ngo", "ingo"], True, FaultCode.KNOCK_OUT_NOT_ASKED, "ingo"),
    ],
)
def test_knock_outs(codes, mandatory, fault, value):
    found = knock_out_fault(codes, mandatory=mandatory, types=["cbo", "ngo"])

    assert (found.code, found.value) == (fault, value) if fault else found is None


@pytest.mark.parametrize(
    ("words", "months", "plan", "fault"),
    [
        ("", None, 6, None),
        ("Agir", 6, 6, None),
        ("Agir", 12, 0, None),
        ("Agir", None, 6, FaultCode.HALF_A_STEP),
        ("", 3, 6, FaultCode.HALF_A_STEP),
        ("Agir", 0, 6, FaultCode.STEP_MONTHS),
        ("Agir", 25, 0, FaultCode.STEP_MONTHS),
        ("Agir", 7, 6, FaultCode.STEP_AFTER_PLAN),
    ],
)
def test_suggested_steps(words, months, plan, fault):
    found = step_fault(words=words, months=months, plan_months=plan)

    assert (found.code if found else None) == fault


def test_a_type_of_which_nothing_is_asked_is_found():
    everyone = item(organisation_types=list(ORGANISATION_TYPES))
    pairs = [(code, everyone) for code in ("C1", "C2", "C3")]

    assert list(unasked([*pairs, ("C4", everyone)])) == []
    assert list(unasked([*pairs, ("C4", item(organisation_types=list(ORGANISATION_TYPES), areas=["children"]))]))[
        0
    ] == ("C4", "cbo", "initial")
    assert list(
        unasked(
            [*pairs, ("C4", item(organisation_types=list(ORGANISATION_TYPES[1:]))), ("C4", item(rounds=["initial"]))]
        )
    ) == [("C4", "cbo", "renewal")]


def test_the_items_that_rules_name():
    assert missing_items({"C1.3", "C1.4", "C1.8", "C2.6"}) == ()
    assert missing_items({"C1.3", "C2.6"}) == ("C1.4", "C1.8")
