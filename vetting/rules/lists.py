"""Who imports a sanctions list, and which edition may follow which. Every function returns the reasons against."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.rights import Role
from vetting import phrases
from vetting.models import IMPORTING_ROLES

READING_ROLES = IMPORTING_ROLES | {Role.APPROVER}  # the roles of SanctionsEdition.objects.visible_to

# A list never loses half its entries in a day; a file cut at the end of a line does.
LARGEST_SHRINK = 50  # per cent


def against_importing(user):
    """Due-diligence officers and the administrator import; None is the system itself (the command)."""
    if user is None or user.roles & IMPORTING_ROLES:
        return []
    return [_("Only a due-diligence officer or the administrator imports a list.")]


def against_edition(published_on, given_on, newest):
    """Against the day of an edition: `published_on` as its file says, `given_on` as a person says, `newest` in force."""
    day = published_on or given_on
    if day is None:
        return [_("These files do not say of which day they are: give the date of the edition.")]
    reasons = []
    if published_on and given_on and published_on != given_on:
        reasons.append(
            _("The file says it is of %(day)s, not of %(given)s: leave the date empty.")
            % {"day": phrases.day(published_on), "given": phrases.day(given_on)}
        )
    if day > timezone.localdate():
        reasons.append(_("This edition is dated %(day)s, in the future.") % {"day": phrases.day(day)})
    if newest and day < newest.edition_on:
        reasons.append(
            _("This edition is of %(day)s; a newer one, of %(newest)s, is already in force.")
            % {"day": phrases.day(day), "newest": phrases.day(newest.edition_on)}
        )
    return reasons


def against_shrinking(entries, newest, reason):
    """Against a list that lost most of its entries since the `newest` edition, unless a person says why that is right."""
    if newest is None or reason.strip() or entries * 100 >= newest.entries * (100 - LARGEST_SHRINK):
        return []
    return [
        _(
            "This file holds %(entries)s entries, the last edition held %(before)s: it may have been cut."
            " Download it again; if the list really became that short, say why."
        )
        % {"entries": entries, "before": newest.entries}
    ]


def is_stale(edition):
    """True when the newest edition of a list is older than ACE accepts."""
    return edition.edition_on < timezone.localdate() - timedelta(days=settings.ACE_LIST_STALE_DAYS)
