"""How many dossiers lie in each state and for how long, on the clock of due diligence (`vetting.clock`)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.utils import timezone

from vetting import clock, timing
from vetting.models import Dossier, DossierStatus, Stage

ENDS = (DossierStatus.DECIDED, DossierStatus.WITHDRAWN)


@dataclass(frozen=True)
class StateFigure:
    """One state. `count`: dossiers in it today, or for an end those that reached it in the span.

    `so_far`: the median of the days that those lie there by now; `usual`: the median days that the dossiers decided in
    the span spent in it. None where nobody measured any.
    """

    code: str
    label: str
    is_end: bool
    count: int
    so_far: Decimal | None
    usual: Decimal | None


@dataclass(frozen=True)
class Pipeline:
    """`measured`: the open dossiers whose days are known, out of `open`; `decided`: those with a whole history."""

    states: tuple[StateFigure, ...]
    open: int
    measured: int
    decided: int


def pipeline(user, scope, now=None):
    """The Pipeline of the dossiers that `user` may see, of the organisations of a scope; three queries.

    What is open is counted as it is now, whatever the span; what ended, by the day it ended.
    """
    now = now or timezone.now()
    dossiers = Dossier.objects.visible_to(user).filter(partner__in=scope.organisations()).order_by()
    counts, days = _open(dossiers, now)
    ended = _ended(dossiers, scope)
    medians = timing.medians_of(dossiers.filter(pk__in=_entered(scope, DossierStatus.DECIDED).values("dossier")), now)
    states = [
        StateFigure(
            code=code,
            label=str(DossierStatus(code).label),
            is_end=False,
            count=counts[code],
            so_far=_median(days[code]),
            usual=medians.by_stage.get(code) if medians else None,
        )
        for code in clock.STAGES
    ]
    states += [StateFigure(code, str(DossierStatus(code).label), True, ended[code], None, None) for code in ENDS]
    measured = sum(map(len, days.values()))
    return Pipeline(tuple(states), sum(counts.values()), measured, medians.count if medians else 0)


def _open(dossiers, now):
    """(how many in each open state, the days that each lies there); a dossier older than the clock has no days."""
    here = Stage.objects.filter(dossier=OuterRef("pk"), status=OuterRef("status")).order_by()
    since = here.values("dossier").annotate(last=Max("entered_at")).values("last")
    counts, days = Counter(), defaultdict(list)
    for status, moment in dossiers.open().annotate(since=Subquery(since)).values_list("status", "since"):
        counts[status] += 1
        if moment is not None:
            days[status].append(now - moment)
    return counts, days


def _ended(dossiers, scope):
    rows = _entered(scope, *ENDS).filter(dossier__in=dossiers.values("pk")).order_by()
    return Counter(dict(rows.values_list("status").annotate(n=Count("dossier", distinct=True))))


def _entered(scope, *states):
    """The stages in which a dossier ended within the span."""
    return Stage.objects.filter(
        Q(entered_at__date__gte=scope.start, entered_at__date__lte=scope.end), status__in=states
    )


def _median(times):
    if not times:
        return None
    days = Decimal(int(median(time.total_seconds() for time in times))) / clock.SECONDS_A_DAY
    return days.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
