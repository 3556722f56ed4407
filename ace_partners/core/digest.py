"""The mail of the day: work that nobody has taken yet, gathered into one mail per person (workflow.md §8, mail flood).

What is one person's own turn, and every decision, is sent at once and never through here.
"""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from ace_partners.core import audit, mail
from ace_partners.core.digest_address import DIGEST, stop_address, user_of
from ace_partners.core.models import OutgoingMail, User
from ace_partners.core.models.mail import MailState

NAMED = 30  # a longer mail is read by nobody


def send_digests(today=None):
    """Queue one mail per person with what waits for its digest; return how many. Twice a day sends nothing twice."""
    today = today or timezone.localdate()
    waiting = OutgoingMail.objects.filter(state=MailState.QUEUED, in_digest=True)
    people = User.objects.filter(pk__in=waiting.values("to_user"), is_active=True)
    return sum(_send_to(user, today) for user in people)


@transaction.atomic
def _send_to(user, today):
    rows = list(
        OutgoingMail.objects.select_for_update()
        .filter(to_user=user, state=MailState.QUEUED, in_digest=True)
        .order_by("pk")
    )
    context = {
        "subjects": [row.subject for row in rows[:NAMED]],
        "more": len(rows[NAMED:]),
        "link": mail.link_to("desk:team"),
        "stop": stop_address(user),
    }
    made = mail.queue(DIGEST, to=[user], context=context, dedupe=f"digest-{today.isoformat()}")
    for digest in made:
        OutgoingMail.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=MailState.GATHERED, gathered_in=digest
        )
    return len(made)


@transaction.atomic
def set_wants(user, wants):
    """Turn the mail of the day on or off; what waited for it is dropped with it. Audited; the same answer twice is once."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.wants_digest == wants:
        return
    user.wants_digest = wants
    user.save(update_fields=["wants_digest"])
    if not wants:
        OutgoingMail.objects.filter(to_user=user, state=MailState.QUEUED, in_digest=True).update(
            state=MailState.CANCELLED
        )
    audit.record("account.digest_on" if wants else "account.digest_off", user, by=user)


def settings_page(request):
    """Whether this person wants the mail of the day."""
    if request.method == "POST":
        set_wants(request.user, request.POST.get("wants") == "yes")
        messages.success(request, _("Saved."))
        return redirect("account_digest")
    return render(request, "account/digest.html")


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token is the right
def stop(request, token):
    """One click stops it, without signing in. Opening the address changes nothing: scanners open every link."""
    user = User.objects.filter(pk=user_of(token)).first()
    if user is None:
        raise Http404
    if request.method == "POST":
        set_wants(user, wants=False)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(status=204)
    return render(request, "account/digest_stop.html", {"stopped": request.method == "POST"})
