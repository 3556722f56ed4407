"""Results across partners: accepted versions and agreed targets only, by calendar quarter and year (impact.md §c.6).

A period belongs to the quarter its last day lies in. Two different indicators are never added; versions of one indicator
are added where kind, calculation, unit and the rule across partners are the same, and stand apart otherwise.

What the public may know (`public=True`) covers published organisations, and withholds what would give away a small count
of children on a partner's page (`impact.masking_network`).
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.charts import absence
from ace_partners.core.dates import local_day
from ace_partners.core.numbers import number_words
from impact import masking_network as hiding
from impact.across import Across, PartnerPart, Told, across_partners, counted_periods, part_over
from impact.figures.network_facts import (
    ABSENT,
    NetworkPart,
    NetworkResult,
    NetworkSource,
    SpanFigure,
    SpanState,
)
from impact.figures.network_rows import TargetRow, read_cells, read_targets
from impact.figures.network_spending import NetworkSpending, SpendingShare, network_spending
from impact.figures.network_tables import Breakdown, axis_names, breakdowns
from impact.figures.spans import Spans, whole_quarter
from impact.masking import is_small
from impact.models import Report
from impact.progress import PAIRED, Calculation, Coverage, Pair, has_value, number_of, shown_number
from impact.quarters import Quarter

__all__ = [
    "Breakdown",
    "NetworkPart",
    "NetworkResult",
    "NetworkSource",
    "NetworkSpending",
    "SpanFigure",
    "SpanState",
    "SpendingShare",
    "network_results",
    "network_spending",
]

LEVELS = (Calculation.LATEST, Calculation.RUNNING)


def network_results(*, start, end, area=None, place=None, code=None, public=True):
    """NetworkResults of the span, by code: every indicator that something is expected of, or known about, in it.

    `start`, `end`: first and last day. `area`: a code of partners.Area; `place`: a Place; `code`: one indicator. Six
    queries at most. `public=False` is for ACE's own pages: organisations not published too, and nothing masked.
    """
    targets = read_targets(public=public, area=area, place=place, code=code)
    groups = defaultdict(list)
    for target in targets:
        groups[_method(target.indicator)].append(target)
    cells = read_cells(start, end) if targets else {}
    spans = Spans(start, end)
    found = [_Group(rows, spans, public=public, is_part=place is not None) for rows in groups.values()]
    names = axis_names() if cells else {}
    results = [group.result(cells, names) for group in found if group.is_alive]
    return tuple(sorted(results, key=lambda result: (result.code, result.versions)))


def _method(indicator):
    return (indicator.code, indicator.kind, indicator.calculation, indicator.unit, indicator.across_partners)


# One indicator


class _Group:
    """The targets of one method. `is_part`: the reader sees a part of the network, so nothing may be hidden behind others."""

    def __init__(self, targets, spans, *, public, is_part):
        self.targets, self.spans, self.is_part = targets, spans, is_part
        self.newest = max((target.indicator for target in targets), key=lambda indicator: indicator.version)
        self.kind, self.calc, self.across = self.newest.kind, self.newest.calculation, self.newest.across_partners
        if (self.across == Across.POOLED) != (self.kind in PAIRED):
            self.across = Across.NONE  # a rule that does not fit the kind adds nothing up
        self.masks = public and any(target.indicator.counts_children for target in targets)
        self.rows = {target.pk: self._row_mask(target) for target in targets}
        self.hidden = self._hidden_totals()

    @property
    def is_alive(self):
        return any(self._periods_in(target, self.spans.whole) for target in self.targets)

    def result(self, cells, names):
        newest, total = self.newest, self._figure(self.spans.whole)
        parts = [self._part_shown(target, self.spans.whole) for target in self.targets]
        tables, disaggregated = self._breakdowns(cells, names, total)
        return NetworkResult(
            code=newest.code,
            versions=tuple(sorted({target.indicator.version for target in self.targets})),
            name=newest.name,
            definition=newest.definition,
            area=newest.area,
            impact_area=newest.impact_area,
            impact_area_label=str(newest.get_impact_area_display()),
            unit=newest.unit,
            unit_label=str(newest.unit_label),
            kind=self.kind,
            calculation=self.calc,
            direction=newest.direction,
            across=self.across,
            counts_children=self.masks,
            total=total,
            quarters=tuple(self._figure(span) for span in self.spans.quarters),
            parts=tuple(part for part in parts if part is not None),
            breakdowns=tables,
            disaggregated=disaggregated,
            has_fictitious=any(target.is_fictitious for target in self.targets),
        )

    # Masking

    def _row_mask(self, target):
        values = [period.value for period in target.periods]
        return hiding.mask_row(self.calc, values, counts_children=self.masks)

    def _masked(self, target):
        """(period, masked) of a target."""
        return zip(target.periods, self.rows[target.pk].masked, strict=True)

    def _hidden_totals(self):
        """Of new results that are added up; everything else is shown only where all of its periods are."""
        if not self.masks or self.is_part or not self._is_added:
            return None
        cells = [
            hiding.PeriodCell(target.pk, Quarter.of(period.ends_on), period.value, masked)
            for target in self.targets
            for period, masked in self._masked(target)
            if has_value(period.value)
        ]
        open_rows = [pk for pk, mask in self.rows.items() if mask.is_total_hidden]
        return hiding.hide_totals(cells, open_rows)

    @property
    def _is_added(self):
        return self.calc == Calculation.SUM and self.kind not in PAIRED

    def _is_hidden(self, span, seen):
        """Whether the total of a span must be withheld. `seen`: for every period it rests on, whether that is masked."""
        if not self.masks or hiding.may_be_added(seen):
            return False
        if self.hidden is None:
            return True
        if span == self.spans.whole and self.spans.year is not None:
            return self.spans.year in self.hidden.years
        quarter = whole_quarter(span)
        return quarter is None or quarter in self.hidden.quarters

    # Figures

    def _periods_in(self, target, span):
        """[(period, masked)] that are expected or have a value in a span."""
        return [
            (period, masked) for period, masked in self._masked(target) if span.holds(period) and period.is_expected
        ]

    def _part(self, target, span):
        """(PartnerPart, whether each period it rests on is masked), None where nothing is expected."""
        periods = self._periods_in(target, span)
        if not periods:
            return None
        earlier = [
            (period, masked)
            for period, masked in self._masked(target)
            if period.ends_on < span.start and has_value(period.value)
        ]
        is_silent = all(not has_value(period.value) for period, _masked in periods)
        before = earlier[-1:] if self.calc in LEVELS and is_silent else []
        seen = [masked for _period, masked in [*periods, *before]]
        told = [_told(period) for period, _masked in periods]
        return part_over(self.calc, told, *[_without_shared(_told(period)) for period, _masked in before]), seen

    def _figure(self, span):
        whose = [(target, part) for target in self.targets if (part := self._part(target, span)) is not None]
        parts = [part for _target, (part, _seen) in whose]
        figure = across_partners(self.kind, self.across, parts)
        seen = [masked for _target, (_part, each) in whose for masked in each]
        is_hidden = self._is_hidden(span, seen)
        state = self._state(span, figure, parts, is_hidden)
        is_shown = state == SpanState.VALUE
        shared = sum((part.shared for part in parts), Decimal(0))
        # How many children two partners count together may be a small number too.
        hides_net = self.masks and (is_small(shared) or (figure.net is not None and is_small(figure.net)))
        gross = shown_number(figure.gross) if is_shown else None
        net = shown_number(figure.net) if is_shown and not hides_net else None
        knows = self.calc in LEVELS and not is_hidden and not hides_net
        known = shown_number(figure.last_known) if knows else None
        pooled = _pooled(parts) if is_shown and self.kind in PAIRED else None
        return SpanFigure(
            label=span.label,
            starts_on=span.start,
            ends_on=span.end,
            state=state,
            gross=gross,
            net=net,
            n=pooled.n if pooled else None,
            d=pooled.d if pooled else None,
            last_known=known,
            partners=self._partners(whose),
            periods=self._coverage(span),
            words=self._words(state, gross, pooled),
            net_words=number_words(net, self.newest.unit) if net is not None else (_("withheld") if hides_net else ""),
            last_known_words=number_words(known, self.newest.unit) if known is not None else "",
        )

    def _state(self, span, figure, parts, is_hidden):
        if self.across == Across.NONE:
            return SpanState.NEVER_ADDED
        if not parts:
            held = [period.is_waived for target in self.targets for period in target.periods if span.holds(period)]
            # A quarter that is over and in which no period ends, was asked of nobody: it is not « pas encore échu ».
            is_open = not held and span.end >= timezone.localdate()
            return SpanState.NOT_ASKED if all(held) and not is_open else SpanState.NOT_DUE
        if figure.gross is None:
            told = [part for part in parts if part.value is not None]
            return SpanState.NOT_APPLICABLE if len(told) == len(parts) else SpanState.MISSING
        return SpanState.MASKED if is_hidden else SpanState.VALUE

    def _words(self, state, gross, pooled):
        if state == SpanState.NEVER_ADDED:
            return _("never added up")
        if gross is None:
            return absence(ABSENT[state])
        words = number_words(gross, self.newest.unit)
        return f"{number_words(pooled.n)} / {number_words(pooled.d)} ({words})" if pooled else words

    @staticmethod
    def _partners(whose):
        """Partners with a value out of those something is expected of."""
        expected = {target.partner for target, _part in whose}
        reported = {target.partner for target, (part, _seen) in whose if part.value is not None}
        return Coverage(len(reported), len(expected))

    def _coverage(self, span):
        periods = [period for target in self.targets for period, _masked in self._periods_in(target, span)]
        return Coverage(sum(period.value is not None for period in periods), len(periods))

    # What it rests on

    def _part_shown(self, target, span):
        found = self._part(target, span)
        if found is None:
            return None
        part, seen = found
        value, periods = part.value, [period for period, _masked in self._periods_in(target, span)]
        masked = has_value(value) and self.masks and not hiding.may_be_added(seen)
        counted = value if has_value(value) and not masked else None
        pair = counted if isinstance(counted, Pair) else None
        number = shown_number(number_of(self.kind, counted)) if counted is not None else None
        state = _part_state(value, masked)
        return NetworkPart(
            partner=target.partner_name,
            slug=target.partner_slug,
            project=target.project,
            state=state,
            value=number,
            n=pair.n if pair else None,
            d=pair.d if pair else None,
            shared=None if self.masks else part.shared,
            words=absence(ABSENT[state]) if number is None else self._words(state, number, pair),
            sources=tuple(_source(target, period) for period in periods if period.accepted),
        )

    def _breakdowns(self, cells, names, total):
        """(tables, values that have them of those counted): of the span, where its total is shown."""
        counted = []
        for target in self.targets:
            periods = [period for period, _masked in self._periods_in(target, self.spans.whole)]
            for place in counted_periods(self.calc, [_told(period) for period in periods]):
                accepted = periods[place].accepted
                counted.append((accepted.told.value, cells.get(accepted.pk, {})))
        # Of children a breakdown goes with one total only: the whole network in a whole year.
        is_safe = not self.masks or (not self.is_part and self.spans.year is not None)
        is_shown = total.gross is not None and is_safe
        return breakdowns(counted, names, kind=self.kind, counts_children=self.masks, is_shown=is_shown)


def _told(period):
    return period.accepted.told if period.accepted else Told(None)


def _without_shared(told):
    return told.value - told.shared if isinstance(told.value, Decimal) else told.value


def _part_state(value, masked):
    if value is None:
        return SpanState.MISSING
    if not has_value(value):
        return SpanState.NOT_APPLICABLE
    return SpanState.MASKED if masked else SpanState.VALUE


def _pooled(parts: Iterable[PartnerPart]) -> Pair | None:
    """Σn and Σd of the parts that are fractions."""
    pairs = [value for part in parts if has_value(part.value) and isinstance(value := part.value, Pair)]
    if not pairs:
        return None
    return Pair(sum((pair.n for pair in pairs), Decimal(0)), sum((pair.d for pair in pairs), Decimal(0)))


def _source(target: TargetRow, period):
    row = period.accepted
    return NetworkSource(
        partner=target.partner_name,
        slug=target.partner_slug,
        project=target.project,
        report=Report(pk=row.report).reference,
        version=row.version,
        period=period.label,
        accepted_on=local_day(row.accepted_at),
        sha256=row.sha256,
    )
