"""The mails about papers that lapse: to the organisation, and as a digest to the due-diligence officers."""

from ace_partners.core.mail import link_to, queue
from ace_partners.core.rights import Role
from partners.models import Membership
from vetting.notifications.people import accounts

EXPIRY = "document-expiry-"  # then what the mail reminds of: "12-30+15-end"
DIGEST = "vetting/email/expiry_digest"
MOST = 50  # lines of a digest; the rest is counted


def documents_expire(partner, papers, more, *, to):
    """One mail about these papers (reminders.Due); `more` of them are left for the next. Returns the rows written."""
    context = {"partner": partner, "papers": papers, "more": more, "link": link_to("desk:document_list", partner.slug)}
    key = EXPIRY + "+".join(each.key for each in papers)
    return queue("vetting/email/documents_expire", to=to, context=context, dedupe=key)


def expiry_digest(papers, today):
    """What is new since the last digest, to every due-diligence officer, save their own organisations; return the number."""
    count = 0
    for officer in accounts(Role.REVIEWER):
        own = set(Membership.objects.live(officer).values_list("partner_id", flat=True))
        shown = sorted(
            (each for each in papers if each.document.partner_id not in own), key=lambda each: each.document.valid_until
        )
        if shown:
            context = {"papers": shown[:MOST], "more": len(shown[MOST:]), "link": link_to("desk:partner_list")}
            count += len(queue(DIGEST, to=[officer], context=context, dedupe=f"expiry-digest-{today.isoformat()}"))
    return count
