"""Which expense of one list is which of another, and what changed between two versions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from impact.figures import expense_changes
from impact.pairing import pairs_of


@dataclass(frozen=True)
class Row:
    pk: int
    label: str
    spent_on: date = date(2025, 1, 15)
    amount: Decimal = Decimal(100)
    currency: str = "USD"
    budget_line_id: int | None = None
    rate: Decimal = Decimal(1)
    rate_on: date | None = None
    rate_source: str = ""
    note: str = ""


def test_identical_rows_are_paired_before_likely_ones():
    before = [Row(1, "Craies"), Row(2, "Craies", amount=Decimal(200))]
    after = [Row(3, "Craies", amount=Decimal(200)), Row(4, "Craies", amount=Decimal(150))]

    assert [(was.pk, now.pk) for was, now in pairs_of(before, after)] == [(1, 4), (2, 3)]


def test_changes_name_what_came_went_and_changed():
    before = [Row(1, "Craies"), Row(2, "Salle"), Row(3, "Transport")]
    after = [Row(4, "Craies"), Row(5, "Salle", amount=Decimal(80)), Row(6, "Repas")]

    changes = expense_changes(before, after)

    assert [row.pk for row in changes.added] == [6]
    assert [row.pk for row in changes.removed] == [3]
    assert [(was.pk, now.pk) for was, now in changes.changed] == [(2, 5)]


def test_a_new_note_is_a_change_and_nothing_new_is_none():
    row = Row(1, "Craies")

    assert expense_changes([row], [Row(2, "Craies", note="Reçu 12")]).changed
    assert not expense_changes([row], [Row(2, "Craies")])


rows = st.lists(st.tuples(st.sampled_from(["Craies", "Salle", "Repas"]), st.sampled_from([100, 200])), max_size=6).map(
    lambda parts: [Row(pk, label, amount=Decimal(amount)) for pk, (label, amount) in enumerate(parts)]
)


@given(rows, rows)
def test_each_row_is_paired_once_and_only_with_its_name(before, after):
    pairs = pairs_of(before, after)

    assert len({was.pk for was, _now in pairs}) == len({now.pk for _was, now in pairs}) == len(pairs)
    assert all(was.label == now.label for was, now in pairs)


@given(rows)
def test_a_list_beside_itself_has_no_changes(before):
    assert not expense_changes(before, before)
