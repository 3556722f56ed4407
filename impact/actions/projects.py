"""Projects, their budget and periods: written by ACE's monitoring officer."""

from django.db import transaction
from django.db.models import Max

from ace_partners.core import audit
from ace_partners.core.errors import refuse
from ace_partners.core.machine import claim_version
from impact import rules
from impact.actions import agreements
from impact.models import BudgetLine, Period, Project, ProjectArea, ProjectPlace, Report
from impact.notifications import reports as notifications

PROJECT_FIELDS = ("title", "needs", "summary", "on_site", "starts_on", "ends_on")


def _locked(project):
    """The project's row under a lock: writers of its periods and budget wait for each other."""
    return Project.objects.select_for_update().get(pk=project.pk)


@transaction.atomic
def create_project(partner, *, by, code, areas, places, **fields):
    """Create a project of a partner. `areas` are codes, `places` rows. Raises NotAllowed."""
    refuse(rules.against_managing(partner, by))
    project = Project.objects.create(partner=partner, code=code, **{name: fields[name] for name in PROJECT_FIELDS})
    _set_parts(project, areas, places)
    audit.record("project.created", project, by=by, after={"code": code, "areas": list(areas)})
    return project


@transaction.atomic
def edit_project(project, *, by, seen, areas, places, **fields):
    """Change what a project says of itself; its code stays. Raises NotAllowed, Stale."""
    refuse(rules.against_managing(project.partner, by))
    project = claim_version(project, seen=seen)
    changed = [name for name in PROJECT_FIELDS if getattr(project, name) != fields[name]]
    for name in changed:
        setattr(project, name, fields[name])
    project.save(update_fields=changed)
    _set_parts(project, areas, places)
    audit.record("project.edited", project, by=by, after={"fields": changed, "areas": list(areas)})
    return project


def _set_parts(project, areas, places):
    project.areas.exclude(area__in=areas).delete()
    project.places.exclude(place__in=places).delete()
    for area in areas:
        ProjectArea.objects.get_or_create(project=project, area=area)
    for place in places:
        ProjectPlace.objects.get_or_create(project=project, place=place)


@transaction.atomic
def add_budget_line(project, *, by, code, label, amount, currency, area=""):
    """Add a line to the budget; its amount never changes afterwards. `area` "" serves them all. Raises NotAllowed."""
    refuse(rules.against_managing(project.partner, by))
    line = BudgetLine.objects.create(
        project=_locked(project), code=code, label=label, amount=amount, currency=currency, area=area
    )
    audit.record(
        "project.budget_line_added",
        project,
        by=by,
        after={"code": code, "amount": str(amount), "currency": currency, "area": area},
    )
    agreements.budget_changed(project, by=by)
    return line


@transaction.atomic
def add_period(project, *, by, label, starts_on, ends_on, due_on, grace_days=0):
    """Add a period and open its report; tell the organisation. Returns the Report. Raises NotAllowed.

    The project is locked first, so that two people cannot add overlapping periods at once.
    """
    project = _locked(project)
    refuse(rules.against_adding_period(project, by, starts_on=starts_on, ends_on=ends_on))
    last = project.periods.aggregate(last=Max("number"))["last"] or 0
    period = Period.objects.create(
        project=project,
        number=last + 1,
        label=label,
        starts_on=starts_on,
        ends_on=ends_on,
        due_on=due_on,
        grace_days=grace_days,
    )
    report = Report.objects.create(partner=project.partner, project=project, period=period)
    audit.record(
        "report.opened", report, by=by, after={"period": label, "due_on": due_on.isoformat(), "project": project.code}
    )
    notifications.report_opened(report, by=by)
    return report
