"""The addresses of this room, for the role × URL × object matrix: figures across partners, open to everyone."""

from impact.tests.factories import IndicatorFactory

PUBLIC = "22222222222"
MATRIX: dict[str, str] = dict.fromkeys(
    [f"public:{n}" for n in ("results", "calculation", "spending", "results_csv", "spending_csv")], PUBLIC
)


def addresses(people, rows):
    """An indicator to explain; everything else needs no row."""
    return {"public:calculation": [IndicatorFactory().code]}
