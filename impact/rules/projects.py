"""Who may write a project, its budget, periods and targets; [] means yes (design §6)."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from ace_partners.core.rights import Role
from partners.rules import roles_on


def against_managing(partner, by):
    """Agreement, budget, periods and targets are written by a monitoring officer (design §6)."""
    if Role.ME_OFFICER in roles_on(by, partner):
        return []
    return [_("Only a monitoring officer can change a project, its periods, its targets or its budget.")]


def against_adding_period(project, by, *, starts_on, ends_on):
    """Periods of one project never overlap (a trigger refuses it too) and lie within its dates."""
    reasons = against_managing(project.partner, by)
    lang = get_language() or "fr"
    clash = project.periods.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("starts_on").first()
    if clash:
        reasons.append(
            _("These dates overlap the period “%(label)s”, from %(start)s to %(end)s.")
            % {
                "label": clash.label,
                "start": format_date(clash.starts_on, lang),
                "end": format_date(clash.ends_on, lang),
            }
        )
    if starts_on < project.starts_on or ends_on > project.ends_on:
        reasons.append(
            _("A period lies within the dates of the project, from %(start)s to %(end)s.")
            % {"start": format_date(project.starts_on, lang), "end": format_date(project.ends_on, lang)}
        )
    return reasons


def against_editing_target(target, by, *, period_targets):
    """`period_targets` maps periods to their new targets: what an accepted report was read against stays."""
    reasons = against_managing(target.project.partner, by)
    was = dict(target.period_targets.values_list("period_id", "value"))
    accepted = target.project.reports.filter(accepted_version__isnull=False).select_related("period")
    given = {period.pk: value for period, value in period_targets.items()}
    for report in accepted:
        if was.get(report.period_id) != given.get(report.period_id):
            reasons.append(
                _("The report “%(period)s” is accepted: the target of this period stays as it was.")
                % {"period": report.period.label}
            )
    return reasons
