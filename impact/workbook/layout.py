"""The form of the workbook: its sheets, their columns, and what a report puts into them. No database, no file.

The fixed words of the file are French and are no translations: a workbook that left the site must be recognised when it
comes back, whatever the reader's language is by then.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

README, INDICATORS, CELLS, EXPENSES, TEXTS = "Lisez-moi", "Indicateurs", "Répartition", "Dépenses", "Récit"
MARK_LABEL = "Repère du classeur"
MARK_ROWS = range(1, 21)  # where the mark is looked for on the first sheet

ANSWERS = {"reported": "valeur", "no_data": "pas de données", "not_applicable": "non applicable"}
OUTSIDE_BUDGET = "hors budget"
BLANK_EXPENSES = 200  # empty rows under the expenses of the draft
MOST_ROWS = 2000  # used rows of one sheet on the way in

NUMBER, DAY, TEXT = "number", "day", "text"


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `kind` says how its cells are read: NUMBER, DAY or TEXT."""

    key: str
    title: str
    width: int
    kind: str = TEXT


COLUMNS = {
    INDICATORS: (
        Column("code", "Code", 10),
        Column("name", "Indicateur", 44),
        Column("unit", "Unité", 14),
        Column("aim", "Cible de la période", 14),
        Column("previous", "Valeur précédente", 18),
        Column("state", "Réponse", 17),
        Column("value", "Valeur", 14, NUMBER),
        Column("numerator", "Numérateur (n)", 14, NUMBER),
        Column("denominator", "Dénominateur (d)", 15, NUMBER),
        Column("comment", "Explication", 50),
    ),
    CELLS: (
        Column("code", "Code", 10),
        Column("name", "Indicateur", 40),
        Column("table", "Tableau", 24),
        Column("label", "Catégorie", 40),
        Column("n", "Nombre ou n", 14, NUMBER),
        Column("d", "Dénominateur (d)", 15, NUMBER),
        Column("key", "Clé", 24),
    ),
    EXPENSES: (
        Column("budget_line", "Ligne budgétaire", 16),
        Column("label", "Ce qui a été payé", 40),
        Column("spent_on", "Date du paiement", 16, DAY),
        Column("amount", "Montant", 16, NUMBER),
        Column("currency", "Devise", 9),
        Column("rate", "Taux : CDF pour 1 USD", 20, NUMBER),
        Column("rate_on", "Date du taux", 14, DAY),
        Column("rate_source", "Source du taux", 28),
        Column("note", "Note", 40),
    ),
    TEXTS: (Column("label", "Partie", 36), Column("text", "Texte", 110)),
}
TEXT_LABELS = {
    "narrative": "Ce qui s’est passé dans la période",
    "difficulties": "Difficultés et écarts",
    "lessons": "Ce que vous avez appris",
}


def letter(sheet: str, key: str) -> str:
    """The letter of a column: ("Indicateurs", "state") → "F"."""
    return chr(ord("A") + [column.key for column in COLUMNS[sheet]].index(key))


def address(sheet: str, key: str, row: int) -> str:
    """« Indicateurs!F9 »."""
    return f"{sheet}!{letter(sheet, key)}{row}"


@dataclass(frozen=True)
class IndicatorRow:
    """One target: what is asked (aim and value before), and the draft's answer so far. `places` are decimals of the value."""

    target_id: int
    code: str
    name: str
    unit: str
    aim: Decimal | None
    previous: str
    is_fraction: bool
    places: int
    is_open: bool
    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    comment: str


@dataclass(frozen=True)
class CellRow:
    """One cell of a table of disaggregation. `names` are the form's fields: one, or n and d."""

    target_id: int
    code: str
    name: str
    table: str
    label: str
    names: tuple[str, ...]
    numbers: tuple[Decimal | None, ...]
    places: int
    is_open: bool

    @property
    def key(self) -> str:
        """What the row is recognised by: "ENF-03 sex.age.F.06-11"."""
        return f"{self.code} {self.names[0].removeprefix('c.').removesuffix('.n' if len(self.names) > 1 else '')}"


@dataclass(frozen=True)
class ExpenseRow:
    """One expense of the draft, or an empty row: `budget_line` is a code or OUTSIDE_BUDGET, `rate` None for dollars."""

    budget_line: str
    label: str
    spent_on: datetime.date | None
    amount: Decimal | None
    currency: str
    rate: Decimal | None
    rate_on: datetime.date | None
    rate_source: str
    note: str


@dataclass(frozen=True)
class TextRow:
    name: str
    text: str
    is_open: bool


@dataclass(frozen=True)
class Contents:
    """Everything a report's workbook shows. `digest` is of the draft as it is: a later draft has another one."""

    reference: str
    partner: str
    project: str
    period: str
    dates: str
    due: str
    indicators: tuple[IndicatorRow, ...]
    cells: tuple[CellRow, ...]
    expenses: tuple[ExpenseRow, ...]
    expenses_open: bool
    texts: tuple[TextRow, ...]
    budget_lines: tuple[tuple[str, str], ...]
    digest: str

    @property
    def mark(self) -> str:
        return f"{self.reference} {self.digest}"
