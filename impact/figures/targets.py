"""What does not tie out between a target, its periods and its starting point (impact.md §c.5): warnings, never errors."""

from django.utils.translation import gettext as _

from impact.figures.series import number_words
from impact.progress import Calculation, Direction

LEVELS = (Calculation.LATEST, Calculation.RUNNING)


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
