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
    (CASE_ROLES, "desk:dashboard", _("Dashboard")),
    (STAFF_ROLES, "desk:mail_list", _("Mail queue")),
    (STAFF_ROLES, "admin:index", _("Records")),
)

# The lists that one looks for less often stand together at the end of "My work", under the part of the work they serve.
EXAMINERS = {Role.REVIEWER, Role.APPROVER, Role.AUDITOR}
FURTHER_LISTS = (
    (
        _("Due diligence"),
        (
            ({Role.REVIEWER, Role.APPROVER, Role.ADMIN}, "vetting:checklist_list", _("Checklists")),
            (CASE_ROLES | {Role.AUDITOR}, "vetting:plan_list", _("Capacity plans")),
            (STAFF_ROLES, "vetting:training_list", _("Training sessions")),
            (CASE_ROLES | {Role.AUDITOR}, "vetting:review_list", _("Reviews of decisions")),
            (EXAMINERS, "vetting:delays", _("How long ACE takes")),
        ),
    ),
    (
        _("After the decision"),
        (
            (CASE_ROLES | {Role.AUDITOR}, "vetting:calendar", _("Calendar of re-assessments")),
            (CASE_ROLES | {Role.AUDITOR}, "vetting:flag_list", _("Flags")),
        ),
    ),
    (
        _("Impact and spending"),
        (
            (CASE_ROLES | {Role.AUDITOR}, "impact:disbursement_list", _("Payments")),
            (CASE_ROLES | {Role.AUDITOR}, "impact:quarter_list", _("Quarters")),
            (STAFF_ROLES, "impact:indicator_list", _("Indicators")),
            (CASE_ROLES, "impact:lesson_list", _("Lessons")),
        ),
    ),
    (
        _("Sanctions lists"),
        (
            (EXAMINERS, "vetting:hit_list", _("Matches")),
            ({Role.REVIEWER, Role.APPROVER, Role.ADMIN}, "vetting:list_index", _("Editions of the lists")),
        ),
    ),
)


def further_lists(user):
    """(heading, rows with url and label) of every group in which something is open to `user`."""
    groups = [
        (title, [{"url": reverse(name), "label": label} for who, name, label in links if who & user.roles])
        for title, links in FURTHER_LISTS
    ]
    return [(title, links) for title, links in groups if links]


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
