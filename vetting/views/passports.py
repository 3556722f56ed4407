"""The organisation's passports: issued, downloaded, shared, revoked. ACE sees them, and the direction may revoke."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ace_partners.core.forms import ActionForm, page
from ace_partners.core.pdf import pdf_response
from partners.models import Partner
from partners.rules import is_member
from vetting.actions import passports as actions
from vetting.forms.passports import RevokeForm, ShareForm
from vetting.models import Passport, PassportShare
from vetting.pdf.passports import check_url, paper, readable
from vetting.rules import passports as rules
from vetting.standing import standing_of


def _own(request, slug):
    """The organisation, for its own members; 404 for everybody else."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user), slug=slug)
    if not is_member(request.user, partner):
        raise Http404
    return partner


def _passport(request, pk):
    rows = Passport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("partner", "decision__replaced_by", "issued_by", "revocation"), pk=pk)


def passports(request, slug):
    """All passports of one organisation, newest first, and the button that issues another."""
    partner = _own(request, slug)
    rows = Passport.objects.visible_to(request.user).filter(partner=partner).select_related("issued_by", "revocation")
    context = {
        "partner": partner,
        "passports": rows,
        "newest": rows[0].pk if rows else None,
        "standing": standing_of(partner),
        "against": rules.against_issuing(partner, request.user),
        "form": ActionForm(),
    }
    return page(request, "vetting/passports/passports.html", context)


@require_POST
def issue(request, slug):
    partner = _own(request, slug)
    passport = actions.issue(partner, by=request.user)
    messages.success(request, _("Your passport is issued. Show it, or share it with a link."))
    return redirect("vetting_space:passport", passport.pk)


def passport(request, pk):
    """One passport: for ACE to read, for its organisation also to share and revoke."""
    row = _passport(request, pk)
    member = is_member(request.user, row.partner)
    context = {
        "passport": row,
        "content": readable(row.content),
        "state": rules.state_of(row),
        "check_url": check_url(row.code),
        "member": member,
        "shares": row.shares.select_related("created_by").prefetch_related("readings") if member else [],
        "against_sharing": rules.against_sharing(row, request.user),
        "against_revoking": rules.against_revoking(row, request.user),
        "form": ActionForm(),
    }
    return page(request, "vetting/passports/passport.html", context)


def passport_pdf(request, pk):
    row = _passport(request, pk)
    content = paper(row.content, sha256=row.sha256, fictitious=row.partner.is_fictitious)
    return pdf_response(content, f"passeport-{row.code}.pdf")


def passport_json(request, pk):
    """The content exactly as it was hashed, with its hash: another system can take it in and check it."""
    row = _passport(request, pk)
    answer = JsonResponse({**row.content, "sha256": row.sha256}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="passeport-{row.code}.json"'
    return answer


def share(request, pk):
    row = _passport(request, pk)
    if not is_member(request.user, row.partner):
        raise Http404
    form = ShareForm(request.POST or None, last_day=rules.last_day_to_share(row))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            _row, secret = actions.share(row, by=request.user, **form.cleaned_data)
            link = request.build_absolute_uri(reverse("public:shared_passport", args=[secret]))
            words = _("Copy this link now and send it to its reader; ACE keeps no copy of it: %(link)s")
            messages.success(request, words % {"link": link})
            return redirect("vetting_space:passport", row.pk)
    context = {"passport": row, "against": rules.against_sharing(row, request.user)}
    return page(request, "vetting/passports/share.html", context, form=form)


@require_POST
def share_end(request, pk):
    rows = PassportShare.objects.visible_to(request.user).select_related("passport__partner")
    row = get_object_or_404(rows, pk=pk)
    actions.end_share(row, by=request.user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("vetting_space:passport", row.passport_id)


def revoke(request, pk):
    row = _passport(request, pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.revoke(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The passport is revoked; its check page says so from now on."))
            return redirect("vetting_space:passport", row.pk)
    context = {"passport": row, "against": rules.against_revoking(row, request.user)}
    return page(request, "vetting/passports/revoke.html", context, form=form)
