"""An indicator in words: its content, its method sheet, what a version changes, and where its versions are used."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ace_partners.core.numbers import number_words
from impact.figures.revisions import Change
from impact.models import Indicator, IndicatorStatus, IndicatorValue, Project, Target
from impact.models.framework import AXES, CONTENT_FIELDS

USES_SHOWN = 20
METHOD = ("method_source", "method_tool", "method_collector", "method_frequency", "minimum_evidence")


@dataclass(frozen=True)
class VersionFacts:
    """One version with what it says and how much hangs on it. `changes`: against the version before, if there is one."""

    indicator: Indicator
    rows: tuple[dict, ...]
    changes: tuple[Change, ...]
    targets: int
    accepted: int


def labels():
    """Field → words, as the model names them."""
    return {name: capfirst(str(Indicator._meta.get_field(name).verbose_name)) for name in CONTENT_FIELDS}


def words_of(indicator):
    """Field → words of its value, in the reader's language."""
    yes_no = {True: _("yes"), False: _("no")}
    special = {
        "unit": str(indicator.unit_label),
        "threshold": "" if indicator.threshold is None else number_words(indicator.threshold),
        "disaggregation": ", ".join(str(AXES.get(axis, axis)) for axis in indicator.disaggregation),
        "is_sensitive": yes_no[indicator.is_sensitive],
    }
    return {name: special.get(name, _displayed(indicator, name)) for name in CONTENT_FIELDS}


def _displayed(indicator, name):
    display = getattr(indicator, f"get_{name}_display", None)
    return str(display() if display else getattr(indicator, name))


def differences(old, new):
    """What `new` says differently from `old`, in the order of the form."""
    named, before, after = labels(), words_of(old), words_of(new)
    return tuple(
        Change(named[name], before[name] or "—", after[name] or "—")
        for name in CONTENT_FIELDS
        if getattr(old, name) != getattr(new, name)
    )


def read_versions(versions):
    """VersionFacts of the versions of one indicator, newest first; three queries, whatever their number."""
    rows = list(versions.select_related("proposed_by", "published_by").order_by("-version"))
    uses = _uses(rows)
    published = [row for row in rows if row.status == IndicatorStatus.PUBLISHED]
    named = labels()
    return tuple(_version(row, published, uses, named) for row in rows)


def _version(row, published, uses, named):
    before = next((each for each in published if each.version < row.version), None)
    words = words_of(row)
    targets, accepted = uses
    return VersionFacts(
        indicator=row,
        rows=tuple({"label": named[name], "value": words[name] or "—"} for name in CONTENT_FIELDS),
        changes=differences(before, row) if before else (),
        targets=targets.get(row.pk, 0),
        accepted=accepted.get(row.pk, 0),
    )


def _uses(rows):
    """({indicator id: targets}, {indicator id: accepted reports with a value on it})."""
    targets = Target.objects.filter(indicator__in=rows).values("indicator").annotate(n=Count("pk"))
    accepted = (
        IndicatorValue.objects.filter(version__accepted_for__isnull=False, target__indicator__in=rows)
        .values("target__indicator")
        .annotate(n=Count("version", distinct=True))
    )
    return (
        {row["indicator"]: row["n"] for row in targets},
        {row["target__indicator"]: row["n"] for row in accepted},
    )


def projects_using(code, user):
    """(the newest projects with a target on this indicator that `user` may see, how many there are)."""
    projects = Project.objects.visible_to_team(user).filter(targets__indicator__code=code).distinct()
    return list(projects.select_related("partner")[:USES_SHOWN]), projects.count()


def method_rows(indicator):
    """The method sheet as components/summary_list.html wants it; rows without words are left out."""
    named = labels()
    return [{"label": named[name], "value": getattr(indicator, name)} for name in METHOD if getattr(indicator, name)]
