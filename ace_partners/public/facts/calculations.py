"""« Comment ce chiffre est calculé »: one public figure with its rule, its rows and its arithmetic.

A target of one organisation, or an indicator over all of them in one year; from the same facts as the page it explains.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ace_partners.core.charts import absence
from ace_partners.core.dates import local_day
from ace_partners.core.numbers import number_words
from impact.figures import partner_results
from impact.figures.explained import Step, network_steps, rule_of, state_words
from impact.figures.network import SpanState, network_results
from impact.figures.network_facts import ABSENT
from impact.models import Indicator, IndicatorStatus
from impact.progress import Calculation, RowState
from impact.quarters import days_of_year


@dataclass(frozen=True)
class Origin:
    """An accepted version."""

    report: str
    version: int
    period: str
    accepted_on: date


@dataclass(frozen=True)
class CalculationRow:
    """One period of an organisation, or one organisation of the network: what it brings, or why nothing."""

    label: str
    slug: str
    value: str
    target: str
    note: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Calculated:
    """One figure. `result` are its words, `coverage` says what was reported of what was due."""

    title: str
    rule: tuple[str, ...]
    rows: tuple[CalculationRow, ...]
    steps: tuple[Step, ...]
    result: str
    coverage: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndicatorFacts:
    """The definition in force of the version that was counted, and its method sheet: (label, text) of what is filled."""

    code: str
    versions: tuple[int, ...]
    name: str
    definition: str
    unit_label: str
    method: tuple[tuple[str, str], ...]


def indicator_facts(code):
    """IndicatorFacts of the newest published version, None for an unknown code."""
    versions = list(Indicator.objects.filter(code=code, status=IndicatorStatus.PUBLISHED).order_by("-version"))
    if not versions:
        return None
    newest = versions[0]
    names = ("method_source", "method_tool", "method_collector", "method_frequency", "minimum_evidence")
    fields = [newest._meta.get_field(name) for name in names]
    return IndicatorFacts(
        code=code,
        versions=tuple(row.version for row in versions),
        name=newest.name,
        definition=newest.definition,
        unit_label=str(newest.unit_label),
        method=tuple((_capital(field.verbose_name), text) for field in fields if (text := getattr(newest, field.name))),
    )


def _capital(words):
    return str(words)[:1].upper() + str(words)[1:]


# One organisation


def of_partner(partner, code, project=""):
    """Calculations of a partner's targets on an indicator, in one project or in all."""
    found = [
        (each, target)
        for each in partner_results(partner)
        if project in ("", each.code)
        for target in each.targets
        if target.code == code
    ]
    return tuple(_target(each, target) for each, target in found)


def _target(project, target):
    rows = target.rows
    valued = [row for row in rows if row.state == RowState.VALUE]
    single = target.calculation in (Calculation.LATEST, Calculation.RUNNING)
    return Calculated(
        title=project.title,
        rule=rule_of(target.calculation, target.direction),
        rows=tuple(_period(row, is_earlier=single and row in valued[:-1]) for row in rows),
        steps=target.steps,
        result=target.actual_words,
        coverage=_("%(coverage)s periods") % {"coverage": target.shown.coverage},
        notes=_target_notes(target),
    )


def _target_notes(target):
    notes = [_("Starting point: %(value)s.") % {"value": target.baseline_words}]
    if target.final_target is not None:
        notes.append(_("Final target: %(value)s.") % {"value": target.final_words})
    if target.is_masked:
        notes.append(_withheld())
    return tuple(notes)


def _withheld():
    return _(
        "Numbers of 1 to 4 children are withheld, and others with them where they would give these away: nobody should be"
        " recognised."
    )


def _period(row, *, is_earlier):
    value = f"{row.parts} ({row.words})" if row.parts and not row.is_masked else row.words
    return CalculationRow(
        label=row.label,
        slug="",
        value=value,
        target=row.target_words,
        note=_period_note(row, is_earlier),
        origins=(_origin(row.source),) if row.source else (),
    )


def _period_note(row, is_earlier):
    if row.is_masked:
        return _("withheld on the page, counted in the figure")
    if row.state == RowState.MISSING:
        if row.source:
            return _("the accepted report gives no number: missing, not zero")
        return _("no accepted report: missing, not zero")
    return {
        RowState.NOT_APPLICABLE: _("reported as not applicable: nothing to count"),
        RowState.AWAITED: _("awaited: not due yet, not counted"),
        RowState.OPEN: _("the period is not over: not counted"),
        RowState.WAIVED: _("not asked for: not counted"),
    }.get(row.state, _("an earlier level: shown, not added") if is_earlier else "")


def _origin(source):
    return Origin(source.report, source.version, source.period, local_day(source.accepted_at))


# The network


def of_network(code, year):
    """Calculations of an indicator over all published organisations in a year; one for each method it had."""
    start, end = days_of_year(year)
    return tuple(_result(result) for result in network_results(start=start, end=end, code=code))


def _result(result):
    total, unit = result.total, result.shown_unit
    return Calculated(
        title=_("All organisations, %(year)s") % {"year": total.label},
        rule=rule_of(result.calculation, result.direction, result.across),
        rows=tuple(_part(part, unit) for part in result.parts),
        steps=network_steps(result),
        result=total.words,
        coverage=_("%(partners)s partners · %(periods)s periods")
        % {"partners": total.partners, "periods": total.periods},
        notes=_result_notes(result),
    )


def _result_notes(result):
    notes, total = [], result.total
    if total.last_known_words and total.last_known != total.net:
        notes.append(
            _(
                "Last known values, with the earlier ones of those who are silent: %(value)s. This is not the year's total."
            )
            % {"value": total.last_known_words}
        )
    if result.counts_children and any(part.state == SpanState.MASKED for part in result.parts):
        notes.append(_withheld())
    return tuple(notes)


def _part(part, unit):
    note = ""
    if part.state == SpanState.MISSING:
        note = _("nothing accepted for this year: missing, not zero")
    elif part.state == SpanState.NOT_APPLICABLE:
        note = _("reported as not applicable: nothing to count")
    elif part.state == SpanState.MASKED:
        note = absence(ABSENT[part.state])
    elif part.shared:
        note = _("%(shared)s of it is joint work that another organisation leads: taken off the net figure") % {
            "shared": number_words(part.shared, unit)
        }
    return CalculationRow(
        label=f"{part.partner} · {part.project}",
        slug=part.slug,
        value=part.words or state_words(part),
        target="",
        note=note,
        origins=tuple(Origin(each.report, each.version, each.period, each.accepted_on) for each in part.sources),
    )
