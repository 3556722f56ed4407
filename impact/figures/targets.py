"""The targets of a project as both sides read them: the numbers, what does not tie out, remarks and revisions."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.models import AuditEvent
from ace_partners.core.numbers import number_words
from impact.figures.revisions import RevisionFacts, revision_facts
from impact.models import BaselineState, Target, TargetRevision
from impact.progress import Calculation, Direction

LEVELS = (Calculation.LATEST, Calculation.RUNNING)
QUESTIONED = "target.questioned"


@dataclass(frozen=True)
class TargetFacts:
    """One target with its warnings, the organisation's remarks (newest first) and its revisions (newest first)."""

    target: Target
    warnings: tuple[str, ...]
    remarks: tuple[AuditEvent, ...]
    revisions: tuple[RevisionFacts, ...]

    @property
    def is_agreed(self):
        return self.target.agreed_on is not None

    @property
    def open_revision(self):
        return next((revision for revision in self.revisions if revision.is_open), None)

    @property
    def waits(self):
        """Whether the organisation is asked to agree: to the target itself, or to a revision."""
        return not self.is_agreed or self.open_revision is not None


def read_targets(project, targets):
    """TargetFacts of targets of one project, in their order; as many queries for one as for many."""
    periods = list(project.periods.order_by("starts_on"))
    rows = list(targets.select_related("indicator", "set_by", "agreed_by").prefetch_related("period_targets__period"))
    for target in rows:
        target.project = project
    remarks, revisions = _remarks(rows), _revisions(rows, periods)
    return tuple(
        TargetFacts(
            target=target,
            warnings=tuple(target_warnings(target, periods, project.ends_on)),
            remarks=tuple(remarks[target.pk]),
            revisions=tuple(revisions[target.pk]),
        )
        for target in rows
    )


def _remarks(targets):
    found = defaultdict(list)
    asked = AuditEvent.objects.filter(
        action=QUESTIONED, target_type=Target._meta.label_lower, target_id__in=[str(target.pk) for target in targets]
    )
    for event in asked.order_by("-pk"):
        found[int(event.target_id)].append(event)
    return found


def _revisions(targets, periods):
    units = {target.pk: target.indicator.unit for target in targets}
    labels = {period.number: period.label for period in periods}
    found = defaultdict(list)
    rows = TargetRevision.objects.filter(target__in=targets).select_related("proposed_by", "answered_by")
    for row in rows.order_by("-number"):
        found[row.target_id].append(revision_facts(row, units[row.target_id], labels))
    return found


# --- what does not tie out (impact.md §c.5): warnings, never errors ----------------------------------------------


def target_warnings(target, periods, project_ends_on):
    """Sentences about one target. `periods` in order of time; `target.period_targets` is read."""
    aims = {aim.period_id: aim.value for aim in target.period_targets.all()}
    given = [aims[period.pk] for period in periods if period.pk in aims]
    final, indicator = target.final_target, target.indicator
    # While periods are still to be added, only too much can be said.
    complete = bool(periods) and periods[-1].ends_on >= project_ends_on and len(given) == len(periods)
    if final is not None and given:
        yield from _against_final(indicator, given, final, complete)
    yield from _wrong_side(target)
    if target.baseline_state == BaselineState.UNKNOWN and target.baseline_on < timezone.localdate():
        yield _("The starting value was to be collected by now, and it is still not known.")
    if indicator.direction != Direction.CONTEXT and final is None and not given:
        yield _("No target is set yet: neither at the end of the project nor in a period.")


def _against_final(indicator, given, final, complete):
    if indicator.calculation == Calculation.SUM:
        added = sum(given)
        if added > final or (complete and added != final):
            yield _("The targets of the periods add up to %(sum)s, the final target is %(final)s.") % {
                "sum": number_words(added),
                "final": number_words(final),
            }
    elif indicator.calculation in LEVELS and complete and given[-1] != final:
        yield _("The target of the last period is %(last)s, the final target is %(final)s.") % {
            "last": number_words(given[-1]),
            "final": number_words(final),
        }


def _wrong_side(target):
    """A rise that ends below its starting point, a fall that ends above it; for a sum the baseline is only context."""
    indicator, base, final = target.indicator, target.baseline, target.final_target
    if base is None or final is None or indicator.calculation == Calculation.SUM:
        return
    if indicator.direction == Direction.INCREASE and final < base:
        yield _("More is better here, but the final target lies below the starting value.")
    if indicator.direction == Direction.DECREASE and final > base:
        yield _("Less is better here, but the final target lies above the starting value.")
