"""Flags on both sides: ACE raises, tells and concludes; the organisation reads and replies."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core import audit
from ace_partners.core.forms import ActionForm, page
from ace_partners.core.rights import CASE_ROLES, Role
from partners.models import Partner
from partners.rules import is_member
from vetting.actions import flags as actions
from vetting.filters import FlagFilter
from vetting.followup import shown_flag, shown_flags
from vetting.forms.following import FlagConclusionForm, FlagForm, ReplyForm
from vetting.models import Flag
from vetting.rules import flags as rules

PER_PAGE = 20
READERS = (*CASE_ROLES, Role.AUDITOR)


def followed(request, slug):
    """The organisation as ACE's case roles and a granted auditor may read what follows its approval; else 404."""
    return get_object_or_404(Partner.objects.in_reach(request.user, *READERS), slug=slug)


def _flag(request, pk):
    """The flag with its internal note, for ACE alone: who acts for the organisation has its own page."""
    rows = Flag.objects.visible_to(request.user).filter(partner__in=Partner.objects.in_reach(request.user, *READERS))
    return get_object_or_404(rows.select_related("partner", "raised_by", "replied_by", "closed_by"), pk=pk)


def flag_list(request):
    if not request.user.roles & frozenset(READERS):
        raise Http404
    reach = Partner.objects.in_reach(request.user, *READERS)
    flags = Flag.objects.visible_to(request.user).filter(partner__in=reach).select_related("partner")
    found = FlagFilter(request.GET, queryset=flags)
    page_obj = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page_obj": page_obj, "flags": shown_flags(page_obj)}
    return page(request, "vetting/following/flag_list.html", context)


def flag_raise(request, slug):
    partner = followed(request, slug)
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            flag = actions.raise_flag(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("The flag is written down. The organisation has not been told yet."))
            return redirect("vetting:flag", flag.pk)
    context = {"partner": partner, "against": rules.against_raising(partner, request.user)}
    return page(request, "vetting/following/flag_raise.html", context, form=form)


def flag(request, pk):
    row = _flag(request, pk)
    context = {
        "flag": row,
        "shown": shown_flag(row),
        "form": ActionForm(seen=row.lock_version),
        "against_telling": rules.against_telling(row, request.user),
        "against": {name: rules.against_stepping(row, name, request.user) for name in ("lapse", *rules.CLOSING_MOVES)},
        "holds": row.holds.all(),
        "events": audit.history(row)[:20],
    }
    return page(request, "vetting/following/flag.html", context)


def flag_notify(request, pk):
    """The organisation reads the text as it stands here: a last look before it leaves."""
    row = _flag(request, pk)
    form = ActionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.notify_flag(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The organisation is told, and can reply."))
            return redirect("vetting:flag", row.pk)
    context = {"flag": row, "against": rules.against_telling(row, request.user)}
    return page(request, "vetting/following/flag_notify.html", context, form=form)


@require_POST
def flag_lapse(request, pk):
    row = _flag(request, pk)
    form = ActionForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        actions.lapse_flag(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("No reply came in time: noted. One may still come."))
    return redirect("vetting:flag", row.pk)


def flag_substantiate(request, pk):
    return _close(request, pk, "substantiate")


def flag_not_substantiate(request, pk):
    return _close(request, pk, "not_substantiate")


def flag_resolve(request, pk):
    return _close(request, pk, "resolve")


def _close(request, pk, name):
    row = _flag(request, pk)
    form = FlagConclusionForm(request.POST or None, seen=row.lock_version)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.close_flag(row, name, by=request.user, **form.cleaned_data)
            messages.success(request, _("The conclusion is kept with the flag."))
            return redirect("vetting:flag", row.pk)
    move = rules.FLAG[name]
    context = {"flag": row, "move": move, "against": rules.against_stepping(row, name, request.user)}
    return page(request, "vetting/following/flag_close.html", context, form=form)


# --- the organisation --------------------------------------------------------------------------------------------


def _own_flag(request, pk):
    """A flag that those who act for the organisation were told of; ACE has its own page."""
    row = get_object_or_404(Flag.objects.visible_to(request.user).select_related("partner", "replied_by"), pk=pk)
    if not is_member(request.user, row.partner):
        raise Http404
    return row


def own_flag(request, pk):
    row = _own_flag(request, pk)
    return _own_page(request, row, ReplyForm(seen=row.lock_version))


def flag_answer(request, pk):
    row = _own_flag(request, pk)
    if request.method != "POST":
        return redirect("vetting_space:flag", row.pk)
    form = ReplyForm(request.POST, seen=row.lock_version)
    if form.is_valid():
        with form.refusals():
            actions.answer_flag(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your reply is with ACE, and stays with the flag."))
            return redirect("vetting_space:flag", row.pk)
    return _own_page(request, row, form)


def _own_page(request, row, form):
    context = {"flag": row, "shown": shown_flag(row), "against": rules.against_replying(row, request.user)}
    return page(request, "vetting/following/own_flag.html", context, form=form)
