"""The three doors after signing in: where to begin, « Mon espace » for organisations, « Mon travail » for ACE's people."""

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ace_partners.core.forms import page
from ace_partners.core.rights import Role
from ace_partners.desk.context import further_lists
from ace_partners.desk.figures.space import read_space
from ace_partners.desk.figures.team import lanes_of


@require_safe
def start(request):
    """ACE's people begin at their work, auditors at what they may read, everybody else in their space."""
    if request.user.is_staff:
        return redirect("desk:team")
    return redirect("desk:partner_list" if Role.AUDITOR in request.user.roles else "desk:space")


@require_safe
def space(request):
    return page(request, "desk/space.html", {"space": read_space(request.user)})


@require_safe
def team(request):
    if not request.user.is_staff:
        raise Http404
    context = {"lanes": lanes_of(request.user), "further": further_lists(request.user)}
    return page(request, "desk/team.html", context)
