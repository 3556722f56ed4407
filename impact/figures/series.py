"""From rows to the pure arithmetic of `impact.progress`, and from its numbers to words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.numbers import number_words
from impact import progress
from impact.models import ValueState

STATUS_WORDS = {
    progress.Status.NOT_DUE: gettext_lazy("nothing due yet"),
    progress.Status.NO_DATA: gettext_lazy("no data"),
    progress.Status.MISSING_DATA: gettext_lazy("data missing"),
    progress.Status.NOT_APPLICABLE: gettext_lazy("not applicable"),
    progress.Status.NO_TARGET: gettext_lazy("no target to compare with"),
    progress.Status.NO_BASELINE: gettext_lazy("starting point not known"),
    progress.Status.EXCEEDED: gettext_lazy("above the target"),
    progress.Status.ON_TRACK: gettext_lazy("on track"),
    progress.Status.WATCH: gettext_lazy("to watch"),
    progress.Status.OFF_TRACK: gettext_lazy("off track"),
    progress.Status.CONTEXT: gettext_lazy("context, without target"),
}


def value_of(row):
    """The progress.Value of a value row (draft or version); "no data" is not reported, whatever its reason says."""
    if row is None or row.state == ValueState.NO_DATA:
        return None
    if row.state == ValueState.NOT_APPLICABLE:
        return progress.NOT_APPLICABLE
    return row.value if row.value is not None else progress.Pair(row.numerator, row.denominator)


def series_of(target, periods, rows, today):
    """The progress.Series of one target. `periods` in order of time; `rows` maps period ids to value rows that count.

    `target.period_targets` and `target.indicator` are read, so the caller prefetches them.
    """
    aims = {aim.period_id: aim.value for aim in target.period_targets.all()}
    indicator = target.indicator
    return progress.Series(
        kind=indicator.kind,
        calc=indicator.calculation,
        direction=indicator.direction,
        baseline=target.baseline,
        final_target=target.final_target,
        periods=tuple(
            progress.PeriodInput(
                target=aims.get(period.pk), value=value_of(rows.get(period.pk)), phase=period.phase(today)
            )
            for period in periods
        ),
    )


def value_words(row, kind):
    """A value as people read it: "120", "147 / 270 (54,4 %)", "no data", "not applicable"."""
    if row is None:
        return "—"
    if row.state != ValueState.REPORTED:
        return _("no data") if row.state == ValueState.NO_DATA else _("not applicable")
    if row.value is not None:
        return number_words(row.value)
    pair = f"{number_words(row.numerator)} / {number_words(row.denominator)}"
    if not row.denominator:
        return f"{pair} ({_('not applicable')})"
    share = progress.shown_number(progress.number_of(kind, progress.Pair(row.numerator, row.denominator)))
    return f"{pair} ({number_words(share, '%' if kind == progress.Kind.PERCENTAGE else '')})"
