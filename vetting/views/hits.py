"""ACE's pages on matches with sanctions lists: the list, one match beside the listed entry, and its two-person steps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from vetting.actions import screening as actions
from vetting.actions import screening_runs
from vetting.filters import HitFilter
from vetting.forms.screening import VerdictForm
from vetting.forms.team import ReasonForm
from vetting.models import EXAMINING_ROLES, ScreeningHit
from vetting.rules import screening as rules

PER_PAGE = 20


def hit_list(request):
    if not request.user.roles & EXAMINING_ROLES:
        raise Http404
    hits = ScreeningHit.objects.visible_to(request.user).select_related("partner", "entry")
    found = HitFilter(request.GET, queryset=hits, request=request)
    context = {
        "filter": found,
        "page_obj": Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page")),
        "against_run": rules.against_screening_all(request.user),
        "waiting": screening_runs.unscreened(screening_runs.everybody()).count(),
    }
    return page(request, "vetting/screening/hit_list.html", context)


def _hit(request, pk):
    hits = ScreeningHit.objects.visible_to(request.user)
    related = ("partner", "person", "entry__last_edition", "screening", "proposed_by", "decided_by")
    return get_object_or_404(hits.select_related(*related), pk=pk)


def hit(request, pk):
    return _hit_page(request, _hit(request, pk))


def _hit_page(request, row, form=None):
    against = {move.name: rules.against_moving_hit(row, move, request.user) for move in rules.HIT.open_from(row.status)}
    if form is None and against.get("propose") == []:
        form = VerdictForm(seen=row.lock_version, initial={"reason": row.verdict_reason})
    context = {
        "hit": row,
        "names": row.entry.names.all(),
        "pairs": [(ours, theirs, rules.as_score(alike)) for ours, theirs, alike in row.why],
        "entry_changed": row.entry.fingerprint != row.entry_fingerprint,
        "against": against,
        "agree": ActionForm(seen=row.lock_version),
        "events": audit.history(row)[:20],
    }
    return page(request, "vetting/screening/hit.html", context, form=form)


def propose(request, pk):
    row = _hit(request, pk)
    form = VerdictForm(request.POST or None, seen=row.lock_version, initial={"reason": row.verdict_reason})
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.propose_verdict(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The verdict waits for a second person."))
            return redirect("vetting:hit", row.pk)
    return _hit_page(request, row, form)


@require_POST
def clear(request, pk):
    return _agree(request, pk, actions.clear, _("The match is cleared; this pair is not asked about again."))


@require_POST
def confirm(request, pk):
    return _agree(request, pk, actions.confirm, _("The match is confirmed: payments stay held."))


def _agree(request, pk, action, done):
    """A button without questions; refusals become the page of RefusalMiddleware."""
    row = _hit(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        action(row, by=request.user, **form.cleaned_data)
        messages.success(request, done)
    return redirect("vetting:hit", row.pk)


def send_back(request, pk):
    return _with_reason(request, pk, "send_back", actions.send_back, _("The match is back with the officers."))


def reopen(request, pk):
    return _with_reason(request, pk, "reopen", actions.reopen, _("The match is looked at again."))


def _with_reason(request, pk, name, action, done):
    row = _hit(request, pk)
    form = ReasonForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            action(row, by=request.user, **form.cleaned_data)
            messages.success(request, done)
            return redirect("vetting:hit", row.pk)
    context = {"hit": row, "move": rules.HIT[name], "against": rules.against_move(row, name, request.user)}
    return page(request, "vetting/screening/hit_reason.html", context, form=form)
