"""The outbox as a page: what was written to whom, what left, what can still be stopped."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ace_partners.core import mail as outbox
from ace_partners.core.forms import page
from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.desk.filters import MailFilter

PER_PAGE = 20
BY_HAND = ("cancel", "retry")  # sending itself is the sender's
TONES = {MailState.SENT: "good", MailState.FAILED: "bad", MailState.QUEUED: "progress", MailState.SENDING: "progress"}


@require_safe
def mail_list(request):
    if not request.user.is_staff:
        raise Http404
    found = MailFilter(request.GET, queryset=OutgoingMail.objects.visible_to(request.user).select_related("to_user"))
    page_obj = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"mail": each, "tone": TONES.get(each.state, "neutral")} for each in page_obj]
    return page(request, "desk/mail_list.html", {"filter": found, "page_obj": page_obj, "rows": rows})


@require_safe
def mail(request, pk):
    mails = OutgoingMail.objects.visible_to(request.user).select_related("to_user", "caused_by")
    row = get_object_or_404(mails, pk=pk)
    moves = [
        {"move": move, "against": outbox.against(row, move, request.user)}
        for move in outbox.MACHINE.open_from(row.state)
        if move.name in BY_HAND
    ]
    return page(request, "desk/mail.html", {"mail": row, "tone": TONES.get(row.state, "neutral"), "moves": moves})


@require_POST
def mail_change(request, pk, move):
    row = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    if move not in BY_HAND:
        raise Http404
    if outbox.change(row, move, by=request.user):
        messages.success(
            request, _("The message is cancelled.") if move == "cancel" else _("The message is queued again.")
        )
    else:
        messages.warning(request, _("Too late: the message has moved on meanwhile. This is how it stands now."))
    return redirect("desk:mail", row.pk)
