"""What the other reports of a project say: the values that this one is read beside."""

from collections import defaultdict

from impact import progress
from impact.models import IndicatorValue, ValueState


def other_values(report):
    """The values of this project's other reports: those accepted, and those of each report's newest version.

    Both are {target id: {period id: row}}. One query.
    """
    accepted, sent = defaultdict(dict), defaultdict(dict)
    rows = (
        IndicatorValue.objects.filter(version__report__project=report.project_id)
        .exclude(version__report=report)
        .select_related("version__report")
        .order_by("version__number")
    )
    for row in rows:
        period = row.version.report.period_id
        sent[row.target_id][period] = row
        if row.version.report.accepted_version_id == row.version_id:
            accepted[row.target_id][period] = row
    return accepted, sent


def periods_before(report, periods):
    """Of the project's periods, in order of time, those before this report's, the nearest first."""
    mine = report.period.starts_on
    return [period for period in reversed(periods) if period.starts_on < mine]


def number_of_row(row, kind):
    """The number of a value row as an exact Fraction; None where there is none (0/0 has none either)."""
    if row is None or row.state != ValueState.REPORTED:
        return None
    value = row.value if row.value is not None else progress.Pair(row.numerator, row.denominator)
    return progress.number_of(kind, value) if progress.has_value(value) else None
