"""The pure parts of a renewal: performance, the clock, and the difference between two texts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetting import clock, renewal
from vetting.difference import ADDED, MOST_PAIRS, REMOVED, SAME, Piece, word_difference
from vetting.renewal import Because, RenewalFacts, Suggestion, performance, rate, suggested_findings, wording_changed
from vetting.scoring import Answer

FACTS = RenewalFacts(as_of=date(2026, 11, 24), since=date(2025, 11, 24))

# --- performance -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "in_time", "missing", "answer", "because"),
    [
        (0, 0, 0, Answer.NOT_ASSESSED, Because.NOTHING_DUE),
        (4, 4, 0, Answer.MET, Because.ALL_IN_TIME),
        (10, 9, 0, Answer.MET, Because.MOSTLY_IN_TIME),
        (10, 9, 1, Answer.PARTIAL, Because.MISSING),  # nine tenths, but one never came
        (10, 8, 0, Answer.PARTIAL, Because.LATE),
        (4, 2, 0, Answer.PARTIAL, Because.LATE),
        (4, 1, 0, Answer.NOT_MET, Because.LATE),
        (4, 0, 4, Answer.NOT_MET, Because.MISSING),
    ],
)
def test_the_stated_rule(due, in_time, missing, answer, because):
    assert rate(due, in_time, missing) == Suggestion(answer, because)


def test_nothing_due_is_not_missing_and_not_good():
    found = suggested_findings(FACTS)

    assert {code: answer for code, (answer, _because) in found.items()} == {
        "C3.7": Answer.NOT_ASSESSED,
        "C4.7": Answer.NOT_ASSESSED,
    }


def test_a_zero_is_a_value_and_a_reason_is_no_result():
    zeros = replace(FACTS, values_due=4, values_reported=4)
    reasons = replace(FACTS, values_due=4, values_no_data_reasoned=4)
    mixed = replace(FACTS, values_due=4, values_reported=3, values_no_data_reasoned=1)
    silent = replace(FACTS, values_due=4, values_reported=3)

    answers = [performance(facts).targets for facts in (zeros, reasons, mixed, silent)]

    assert [found.answer for found in answers] == [Answer.MET, Answer.PARTIAL, Answer.MET, Answer.PARTIAL]
    assert [found.because for found in answers][1::2] == [Because.ONLY_REASONS, Because.MISSING]


def test_the_worse_of_reports_and_targets_decides():
    facts = replace(FACTS, reports_due=4, reports_on_time=4, values_due=8, values_reported=4)

    assert suggested_findings(facts)["C4.7"] == (Answer.PARTIAL, (Because.ALL_IN_TIME, Because.MISSING))


counts = st.integers(0, 30)


@given(due=counts, in_time=counts, missing=counts)
def test_better_performance_never_suggests_worse(due, in_time, missing):
    in_time, missing = min(in_time, due), min(missing, due - min(in_time, due))
    order = [Answer.NOT_MET, Answer.PARTIAL, Answer.MET]
    here = rate(due, in_time, missing).answer
    if due and in_time < due:
        better = rate(due, in_time + 1, max(0, missing - 1)).answer
        assert order.index(better) >= order.index(here)
    assert (here is Answer.NOT_ASSESSED) == (due == 0)
    if missing:
        assert here is not Answer.MET


@given(
    st.builds(
        RenewalFacts,
        as_of=st.dates(),
        since=st.dates(),
        reports_due=counts,
        reports_late=st.lists(counts, max_size=4).map(tuple),
        values_due=counts,
    )
)
def test_facts_survive_storage(facts):
    assert RenewalFacts.from_json(facts.as_json()) == facts


def test_a_count_that_is_not_known_any_more_is_left_out():
    assert RenewalFacts.from_json(FACTS.as_json() | {"smiles": 3}) == FACTS


# --- wording -----------------------------------------------------------------------------------------------------


def item(pk=1, **more):
    texts = {f"{name}_{lang}": "Texte" for name in ("question", "guidance") for lang in ("fr", "en")}
    facts = {
        "pk": pk,
        "section": "Section",
        "mandatory": True,
        "knock_out": ["ngo"],
        "plan_months": 3,
        "weight": 1,
        "blocks_payment": False,
        "organisation_types": ["ngo", "cbo"],
        "areas": [],
        "rounds": [],
        "documents": ["PV_AG", "STATUTS"],
        "suggested_step": "",
        "suggested_months": None,
        "suggested_document": "",
    }
    return SimpleNamespace(**{**texts, **facts, **more})


@pytest.mark.parametrize(
    ("more", "changed"),
    [
        ({}, False),
        ({"documents": ["STATUTS", "PV_AG"]}, False),  # the order says nothing
        (
            {"weight": 3, "plan_months": 6, "section": "Autre", "suggested_step": "Former"},
            False,
        ),  # ACE's own arithmetic
        ({"question_fr": "Autre question ?"}, True),
        ({"guidance_fr": "Autre attente."}, True),
        ({"mandatory": False}, True),
        ({"knock_out": ["all"]}, True),
        ({"documents": ["STATUTS"]}, True),
        ({"blocks_payment": True}, True),
    ],
)
def test_what_asks_for_a_new_answer(more, changed):
    assert wording_changed(item(1), item(2, **more)) is changed


def test_the_same_row_has_not_changed():
    assert not wording_changed(item(1), item(1, question_fr="Autre"))


def test_every_field_that_is_compared_exists():
    assert set(renewal.ASKED) <= set(vars(item()))


# --- the clock ---------------------------------------------------------------------------------------------------

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROAD = ["collecting", "submitted", "in_review", "changes_requested", "submitted", "in_review", "proposed", "decided"]


def road(*days):
    """Stage after stage, each entered after the given number of days in the one before."""
    moment, rows = START, []
    for status, stay in zip(ROAD, [*days, 0], strict=False):
        rows.append((status, moment))
        moment += timedelta(days=stay)
    return rows


def test_ace_stands_still_while_the_organisation_holds_the_dossier():
    found = clock.read(road(10, 2, 3, 20, 1, 4, 2), START + timedelta(days=500))

    assert (found.ace_days, found.organisation_days) == (12, 30)
    assert {stage: time.days for stage, time in found.by_stage.items()} == {
        "collecting": 10,
        "submitted": 3,
        "in_review": 7,
        "changes_requested": 20,
        "proposed": 2,
    }
    assert found.ace_since is None  # decided: nobody waits


def test_the_open_stage_counts_until_now():
    rows = road(10, 2)[:3]
    now = rows[-1][1] + timedelta(days=5)
    found = clock.read(rows, now)

    assert (found.ace_days, found.organisation_days, found.ace_since) == (7, 10, rows[1][1])
    assert found.answer_by(timedelta(days=30), now) == now + timedelta(days=23)


def test_the_promise_goes_on_after_the_pause_where_it_stopped():
    rows = road(10, 2, 3, 20)[:5]  # sent again after 20 days with the organisation
    now = rows[-1][1]

    assert clock.read(rows, now).answer_by(timedelta(days=30), now) == now + timedelta(days=25)


def test_no_promise_while_the_organisation_holds_it():
    rows = road(10, 2, 3)[:4]

    assert clock.read(rows, START + timedelta(days=90)).answer_by(timedelta(days=30), START) is None


@pytest.mark.parametrize("rows", [[], road(1, 1, 1)[1:], [("in_review", START)]])
def test_a_history_without_its_beginning_gives_no_number(rows):
    assert clock.read(rows, START + timedelta(days=9)) is None


@given(st.lists(st.integers(0, 400), min_size=7, max_size=7), st.integers(1, 8))
def test_the_stages_add_up_to_the_whole(days, length):
    rows = road(*days)[:length]
    now = rows[-1][1] + timedelta(days=3)
    found = clock.read(rows, now)

    end = rows[-1][1] if rows[-1][0] == "decided" else now
    assert found.with_ace + found.with_organisation == end - START == sum(found.by_stage.values(), timedelta(0))


def test_medians_leave_out_what_a_dossier_skipped():
    clocks = [clock.read(road(*days), START) for days in ((1, 1, 1, 9, 1, 1, 1), (2, 2, 2, 7, 2, 2, 2))]
    straight = [("collecting", START), ("proposed", START + timedelta(days=4)), ("decided", START + timedelta(days=7))]
    found = clock.medians([*clocks, clock.read(straight, START)])

    assert found.count == 3
    assert found.by_stage["changes_requested"] == Decimal("8.0")  # of the two that were asked back
    assert (found.with_ace, found.with_organisation) == (Decimal("5.0"), Decimal("9.0"))
    assert clock.medians([]) is None


# --- the difference ----------------------------------------------------------------------------------------------

words = st.text(alphabet="ab c\n.é", max_size=60)


@given(words, words)
def test_the_pieces_rebuild_both_texts(old, new):
    pieces = word_difference(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == new
    assert all(piece.text for piece in pieces)


@given(words)
def test_the_same_text_has_no_difference(text):
    assert {piece.kind for piece in word_difference(text, text)} <= {SAME}


def test_one_word_changed():
    assert word_difference("AG tenue en 2024.", "AG tenue en 2026. PV joint.") == (
        Piece(SAME, "AG tenue en"),
        Piece(REMOVED, " 2024."),
        Piece(ADDED, " 2026. PV joint."),
    )


def test_very_long_texts_are_not_compared_word_by_word():
    old, new = "a " * 1001, "b " * 1000
    assert len(old.split()) * len(new.split()) > MOST_PAIRS

    assert word_difference(old, new) == (Piece(REMOVED, old), Piece(ADDED, new))
