"""Who writes and publishes a version of an indicator, and what a version must hold. [] means yes (design §6).

Chargés de diligence and of monitoring write and propose, the direction publishes: two people, as for the checklist.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from impact.models import AxisCategory, Indicator, IndicatorStatus
from impact.models.framework import CONTENT_FIELDS, SITE, AcrossPartners, Direction, Kind
from impact.progress import CALCULATIONS, PAIRED

WRITERS = frozenset({Role.REVIEWER, Role.ME_OFFICER})
CODE = re.compile(r"[A-Z]{3}-\d{2}")
LIMITS = frozenset({Direction.AT_MOST, Direction.AT_LEAST})
TEXTS = ("name_fr", "name_en", "definition_fr", "definition_en", "unit")

INDICATOR = Machine(
    noun="indicator",
    states=IndicatorStatus,
    initial=IndicatorStatus.DRAFT,
    moves=(
        Move(
            "propose",
            (IndicatorStatus.DRAFT,),
            IndicatorStatus.PROPOSED,
            WRITERS,
            gettext_lazy("Propose to a second person"),
        ),
        Move(
            "return",
            (IndicatorStatus.PROPOSED,),
            IndicatorStatus.DRAFT,
            frozenset({Role.APPROVER}),
            gettext_lazy("Send back for more work"),
            needs_reason=True,
        ),
        Move(
            "publish",
            (IndicatorStatus.PROPOSED,),
            IndicatorStatus.PUBLISHED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Publish this version"),
        ),
    ),
)


# --- who, and when -----------------------------------------------------------------------------------------------


def against_writing_framework(user):
    if user.roles & WRITERS:
        return []
    return [_("Only due-diligence and monitoring officers write indicators.")]


def against_starting(code, user):
    """A next version starts from the newest published one; one is worked on at a time."""
    reasons = against_writing_framework(user)
    versions = Indicator.objects.filter(code=code)
    if open_version := versions.exclude(status=IndicatorStatus.PUBLISHED).first():
        reasons.append(
            _("Version %(version)s is being worked on: finish that one first.") % {"version": open_version.version}
        )
    elif not versions.exists():
        reasons.append(_("No indicator has this code yet."))
    return reasons


def against_new_code(code, user):
    """A code is three capital letters and a number, and stands for one indicator for ever."""
    reasons = against_writing_framework(user)
    if not CODE.fullmatch(code):
        reasons.append(_("A code reads like EPA-08: three capital letters, a hyphen and two digits."))
    if Indicator.objects.filter(code=code).exists():
        reasons.append(_("There is an indicator with this code already: begin a new version of it."))
    return reasons


def against_editing_indicator(indicator, user):
    """Drafts alone are edited: a proposed version is being read, a published one is what reports were written by."""
    reasons = against_writing_framework(user)
    if indicator.status == IndicatorStatus.PROPOSED:
        reasons.append(_("This version waits for a second person: to change it, have it sent back first."))
    if indicator.status == IndicatorStatus.PUBLISHED:
        reasons.append(_("This version is published and frozen: a new method or wording is a new version."))
    return reasons


def against_indicator_step(indicator, move, by):
    """Every step begins with the role; a version is proposed and published whole, explained, and by two people."""
    reasons = against_role(move, by.roles)
    if move.name == "propose":
        reasons += [*_against_silence(indicator), *against_whole(indicator)]
    if move.name == "publish":
        if indicator.proposed_by_id == by.pk:
            reasons.append(_("You proposed this version: another person has to publish it."))
        reasons += against_whole(indicator)
    return reasons


def against_moving_indicator(indicator, name, by):
    """`against_indicator_step` for a page that wants to show a button: a closed source state is a reason too."""
    if indicator.status not in INDICATOR[name].sources:
        return [_("This step is not open: the version is “%(state)s”.") % {"state": indicator.get_status_display()}]
    return against_indicator_step(indicator, INDICATOR[name], by)


def against_proposing_indicator(indicator, by):
    """`against_moving_indicator` for the form in which the explanation is being written."""
    silence = _against_silence(indicator)
    return [reason for reason in against_moving_indicator(indicator, "propose", by) if reason not in silence]


def _against_silence(indicator):
    return [] if indicator.what_changes.strip() else [_("Say what changes, and why.")]


def against_whole(indicator):
    """What is wrong with a version as a whole: its content, and its place among the others."""
    values = {name: getattr(indicator, name) for name in CONTENT_FIELDS}
    return [*_against_place(indicator, values), *(words for _field, words in content_faults(values))]


def _against_place(indicator, values):
    newest = (
        Indicator.objects.filter(code=indicator.code, status=IndicatorStatus.PUBLISHED).order_by("-version").first()
    )
    if newest is None:
        return []
    if newest.version > indicator.version:
        return [_("Version %(version)s was published meanwhile: discard this draft.") % {"version": newest.version}]
    if all(getattr(newest, name) == value for name, value in values.items()):
        return [_("Nothing differs from version %(version)s.") % {"version": newest.version}]
    return []


# --- what a version must hold ------------------------------------------------------------------------------------


def content_faults(values):
    """[(field, sentence)] for the values of CONTENT_FIELDS: the same for the form, the proposal and the publication."""
    return [
        *((name, _("This text is needed.")) for name in TEXTS if not values[name].strip()),
        *_calculation_faults(values),
        *_across_faults(values),
        *_unit_faults(values),
        *_axis_faults(values["disaggregation"]),
    ]


def _calculation_faults(values):
    kind, calculation = values["kind"], values["calculation"]
    if calculation not in CALCULATIONS[kind]:
        yield (
            "calculation",
            _("An indicator of this kind is not calculated like this: percentages and ratios are never added up.")
            if kind in PAIRED
            else _("Only percentages and ratios are pooled: choose another calculation."),
        )
    if values["threshold"] is not None and values["direction"] not in LIMITS:
        yield "threshold", _("A threshold goes with “at most” and “at least” only.")


def _across_faults(values):
    """Impact rules §c.6: a percentage is pooled or stands alone; a milestone always stands alone."""
    kind, across = values["kind"], values["across_partners"]
    if kind == Kind.MILESTONE and across != AcrossPartners.NONE:
        yield "across_partners", _("Steps of several partners are never added up.")
    elif kind in PAIRED and across not in (AcrossPartners.POOLED, AcrossPartners.NONE):
        yield "across_partners", _("Percentages and ratios of several partners are pooled, or not put together at all.")
    elif kind == Kind.NUMBER and across == AcrossPartners.POOLED:
        yield "across_partners", _("Numbers have no numerator and denominator to pool.")


def _unit_faults(values):
    if (values["kind"] == Kind.PERCENTAGE) != (values["unit"] == "%"):
        yield "unit", _("The unit of a percentage is the percent sign, and of nothing else.")
    if values["kind"] == Kind.RATIO and values["unit"] == "children":
        # Masking knows parts of a whole; the n of a ratio is none.
        yield "unit", _("A ratio cannot count children: small numbers could not be withheld. Choose a percentage.")


def _axis_faults(axes):
    known = known_axes()
    for axis in axes:
        if axis not in known:
            yield "disaggregation", _("The axis %(axis)s is unknown.") % {"axis": axis}


def known_axes():
    """The axes that have categories, and the mine sites, which are places; in the order of the reference data."""
    rows = AxisCategory.objects.order_by("position").values_list("axis", flat=True)
    return list(dict.fromkeys([*rows, SITE]))
