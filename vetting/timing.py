"""The clock of dossiers from their rows: of one, of a list, of all that were decided; and the day ACE promised."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.utils import timezone

from ace_partners.core.dates import days_late, local_day
from vetting import clock
from vetting.models import DossierStatus, Stage

FEWEST_FOR_THE_PUBLIC = 5  # decided dossiers: below, a median would tell about one organisation


@dataclass(frozen=True)
class Promise:
    """The last day of ACE's own time, if nothing is asked meanwhile; `late`: whole days since it passed."""

    by: date
    late: int


def clock_of(dossier, now=None):
    """The `clock.Clock` of one dossier, None where its beginning was not kept. Uses `stages` if prefetched."""
    return clock.read(((row.status, row.entered_at) for row in dossier.stages.all()), now or timezone.now())


def promise_of(found, now=None):
    """The Promise of a Clock (or None) while ACE holds the dossier; None with the organisation, closed, or unknown."""
    now = now or timezone.now()
    moment = found.answer_by(timedelta(days=settings.ACE_ANSWER_DAYS), now) if found else None
    if moment is None:
        return None
    return Promise(local_day(moment), days_late(local_day(moment), local_day(now)))


def stage_rows(medians):
    """(label of the stage, whether ACE holds the dossier in it, median days), in the order people meet them."""
    return [
        (DossierStatus(stage).label, stage in clock.WITH_ACE, medians.by_stage[stage])
        for stage in clock.STAGES
        if stage in medians.by_stage
    ]


def medians_of(dossiers, now=None):
    """`clock.Medians` over the decided ones of these dossiers, or None; one query that makes no rows of a model."""
    now = now or timezone.now()
    decided = dossiers.filter(status=DossierStatus.DECIDED).order_by().values("pk")
    rows = Stage.objects.filter(dossier__in=decided).order_by("dossier", "entered_at", "pk")
    roads = groupby(rows.values_list("dossier", "status", "entered_at"), key=itemgetter(0))
    read = (clock.read([(status, moment) for _pk, status, moment in road], now) for _dossier, road in roads)
    return clock.medians([found for found in read if found])
