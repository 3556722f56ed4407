"""What waits for ACE around targets, quarters and years: remarks to answer, old revisions, what is over and not closed.

A handful of queries, whatever the number of rows.
"""

from datetime import timedelta

from django.db.models import CharField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce, ExtractQuarter, ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.dates import local_day
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from impact.figures.network_rows import reported_years
from impact.figures.targets import QUESTIONED
from impact.models import Paper, PaperKind, Project, QuarterClose, Report, ReportStatus, Target, TargetRevision
from impact.models.agreements import RevisionStatus
from impact.quarters import Quarter

MOST = 20  # rows of each kind that are read
REVISION_DAYS = 14  # the organisation had that long to answer before ACE asks by telephone


def impact_work(user, today=None):
    """(cards, whether the reader can act): for a monitoring officer targets and quarters, for the direction years."""
    today = today or timezone.localdate()
    rows = []
    if Role.ME_OFFICER in user.roles:
        rows += [*_questioned(user), *_old_revisions(user), *_quarters(today)]
    if Role.APPROVER in user.roles:
        rows += _years(today)
    return rows, True


def _card(title, url, why, *, partner=None, since=None, label=None, tone="watch"):
    return {
        "title": title,
        "partner": partner,
        "url": url,
        "why": why,
        "since": since,
        "code": "waiting",
        "label": label or _("Waits for ACE"),
        "tone": tone,
    }


def _questioned(user):
    """A remark is answered by anything that comes after it: new numbers, a new revision, an agreement."""
    events = AuditEvent.objects.filter(
        target_type=Target._meta.label_lower, target_id=Cast(OuterRef("pk"), CharField())
    ).order_by("-pk")
    proposed = TargetRevision.objects.filter(target=OuterRef("pk"), status=RevisionStatus.PROPOSED)
    rows = (
        Target.objects.waiting()
        .filter(project__in=Project.objects.visible_to_team(user))
        .annotate(
            last=Subquery(events.values("action")[:1]),
            asked_at=Subquery(events.values("at")[:1]),
            proposed_at=Subquery(proposed.values("proposed_at")[:1]),
        )
        .filter(Q(proposed_at__isnull=True) | Q(asked_at__gt=Coalesce("proposed_at", "asked_at")), last=QUESTIONED)
        .select_related("project__partner", "indicator")
    )
    for row in rows.order_by("asked_at")[:MOST]:
        why = _("The organisation sent a remark on the target %(code)s") % {"code": row.indicator.code}
        url = reverse("impact:target", args=[row.project.code, row.pk])
        yield _card(row.project.partner.name, url, why, partner=row.project.partner, since=local_day(row.asked_at))


def _old_revisions(user):
    before = timezone.now() - timedelta(days=REVISION_DAYS)
    rows = TargetRevision.objects.filter(status=RevisionStatus.PROPOSED, proposed_at__lt=before)
    rows = rows.filter(target__project__in=Project.objects.visible_to_team(user))
    rows = rows.select_related("target__project__partner", "target__indicator")
    for row in rows.order_by("proposed_at")[:MOST]:
        project = row.target.project
        why = _("The organisation has not answered the revision of the target %(code)s") % {
            "code": row.target.indicator.code
        }
        yield _card(
            project.partner.name,
            reverse("impact:target", args=[project.code, row.target_id]),
            why,
            partner=project.partner,
            since=local_day(row.proposed_at),
            label=row.get_status_display(),
            tone="progress",
        )


def _quarters(today):
    """Quarters that are over, in which a report was asked for, and that nobody closed; the oldest first."""
    asked = Report.objects.exclude(status=ReportStatus.WAIVED).filter(period__ends_on__lt=Quarter.of(today).starts_on)
    found = (
        asked.order_by()
        .annotate(year=ExtractYear("period__ends_on"), number=ExtractQuarter("period__ends_on"))
        .values("year", "number")
        .annotate(last=Max("period__ends_on"))
        .order_by("year", "number")
    )
    closed = set(QuarterClose.objects.values_list("year", "quarter"))
    open_ones = [Quarter(row["year"], row["number"]) for row in found if (row["year"], row["number"]) not in closed]
    for quarter in open_ones[:MOST]:
        yield _card(
            str(quarter),
            reverse("impact:quarter", args=[quarter.year, quarter.number]),
            _("This quarter is over and not closed yet"),
            since=quarter.ends_on,
        )


def _years(today):
    """One line for all past years without an annual report."""
    known = set(Paper.objects.filter(kind=PaperKind.YEAR).values_list("year", flat=True))
    years = sorted(year for year in reported_years() if year < today.year and year not in known)
    if not years:
        return []
    words = _("The annual report of the network is not established: %(years)s")
    why = words % {"years": ", ".join(map(str, years))}
    return [_card(_("Annual reports"), reverse("impact:annual_reports"), why)]
