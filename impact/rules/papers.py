"""Who may establish the annual report of the network, and when. The reasons against; [] means yes."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.rights import Role


def against_annual_report(year, by, reported, today=None):
    """The direction establishes it, once the year is over. `reported`: the years with accepted reports."""
    reasons = []
    if Role.APPROVER not in by.roles:
        reasons.append(_("Only the direction establishes the annual report of the network."))
    if year >= (today or timezone.localdate()).year:
        reasons.append(_("This year is not over yet: its report can be established from 1 January on."))
    if year not in reported:
        reasons.append(_("No report of this year is accepted."))
    return reasons
