"""Anyone may check a passport by its code; a named reader may read more of it for a time, by a link."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ace_partners.public.answers import page, public
from vetting.actions.passports import note_reading, secret_hash
from vetting.models import Passport, PassportShare
from vetting.pdf.passports import readable
from vetting.rules.passports import share_is_open, state_of


def normalised(code):
    """A code as people type it, without its spaces, dashes and small letters, in groups of four."""
    letters = "".join(char for char in code.upper() if char.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


@public
def verify_form(request):
    """Where a code is typed; a code given leads to its page, so that the address can be kept."""
    if code := request.GET.get("code", "").strip():
        return redirect("public:verify", normalised(code)[:20] or "-")
    return page(request, "public/verify_form.html", {})


@login_not_required
@require_safe
@never_cache
def verify(request, code):
    """Valid, expired, superseded, suspended or revoked, with the hash of the content: nothing the paper does not say."""
    rows = Passport.objects.select_related("partner", "decision__replaced_by", "revocation")
    passport = rows.filter(code=normalised(code)).first()
    if passport is None:
        return page(request, "public/verify_form.html", {"code": code[:20], "unknown": True}, status=404)
    context = {"passport": passport, "state": state_of(passport), "content": readable(passport.content, _language())}
    return page(request, "public/verify.html", context)


@login_not_required
@require_safe
@never_cache
def shared_passport(request, secret):
    """What the organisation shows this one reader; a link that ended, or was never made, answers alike: 404."""
    rows = PassportShare.objects.select_related(
        "passport__partner", "passport__decision__replaced_by", "passport__revocation"
    )
    share = get_object_or_404(rows, secret_sha256=secret_hash(secret))
    if not share_is_open(share):
        raise Http404
    note_reading(share)
    decision = share.passport.decision
    context = {
        "share": share,
        "passport": share.passport,
        "state": state_of(share.passport),
        "content": readable(share.passport.content, _language()),
        "reasons": decision.criteria.select_related("criterion"),
        "steps": decision.plan.actions.select_related("item") if hasattr(decision, "plan") else [],
    }
    return page(request, "public/shared_passport.html", context)


def _language():
    return "en" if (get_language() or "fr").startswith("en") else "fr"
