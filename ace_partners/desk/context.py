"""The navigation of the closed rooms, for every page of a signed-in person.

Everything here is lazy: an anonymous reader costs nothing, a signed-in one a single query (does the person belong to
an organisation?), beside the ACE roles that the account has already read.
"""

from functools import partial

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from ace_partners.core.rights import CASE_ROLES, STAFF_ROLES, Role
from partners.models import Membership

# (who works there, address, words), in the order of the second row of the navigation.
WORK_LISTS = (
    (STAFF_ROLES | {Role.AUDITOR}, "desk:partner_list", _("Organisations")),
    ({Role.REVIEWER, Role.APPROVER, Role.AUDITOR}, "vetting:dossier_list", _("Dossiers")),
    (CASE_ROLES | {Role.AUDITOR}, "impact:report_list", _("Reports")),
    (STAFF_ROLES, "desk:mail_list", _("Mail queue")),
    (STAFF_ROLES, "admin:index", _("Records")),
)


def navigation(request):
    """`nav_space`: the reader has an organisation's space; `nav_reader`: an auditor; `desk_links`: the work lists."""
    user = getattr(request, "user", None)  # a page may be refused before anybody asked who reads it
    return {
        "nav_space": SimpleLazyObject(partial(has_space, user)),
        "nav_reader": SimpleLazyObject(partial(is_reader, user)),
        "desk_links": SimpleLazyObject(partial(desk_links, user)),
    }


def has_space(user):
    return bool(user and user.is_authenticated and Membership.objects.live(user).exists())


def is_reader(user):
    return bool(user and user.is_authenticated and Role.AUDITOR in user.roles)


def desk_links(user):
    """The work lists open to `user`, as rows with url and label; a member of an organisation has none."""
    roles = user.roles if user and user.is_authenticated else frozenset()
    return [{"url": reverse(name), "label": label} for who, name, label in WORK_LISTS if who & roles]
