"""Reminders: what is due and was not said yet, never what is due exactly today, so that a missed night loses nothing.

Each function takes the day, writes rows of the outbox and returns how many; `manage.py remind` runs them all. Run twice
on one day, or by two machines, it says everything once: the key of a mail names what it reminds of.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from partners.models import Document, Partner, Relationship, Validity
from vetting.models import Decision
from vetting.notifications import evidence as notifications
from vetting.notifications.people import members
from vetting.scoring import Outcome

LAPSED = -1  # the threshold of a paper whose last day has passed: the day after it
ISSUED_BY_ACE = "ACE"  # papers that an organisation cannot renew itself
LONGEST_KEY = 130  # the outbox keeps 150 characters, of which the recipient takes some


@dataclass(frozen=True)
class Due:
    """A document, and the most urgent threshold it has reached: days before its last day, or LAPSED."""

    document: Document
    threshold: int

    @property
    def key(self):
        """What the outbox remembers of it: "12-30", "12-end"."""
        return f"{self.document.pk}-{'end' if self.threshold == LAPSED else self.threshold}"

    @property
    def reached_on(self):
        return self.document.valid_until - timedelta(days=self.threshold)

    @property
    def has_lapsed(self):
        return self.threshold == LAPSED


def threshold_reached(valid_until: date, added_on: date, today: date, thresholds) -> int | None:
    """The most urgent threshold that this paper reached since it was added, or None.

    One that lay behind it on the day it was added says nothing new: who added the paper saw its date.
    """
    days = {threshold: valid_until - timedelta(days=threshold) for threshold in (*thresholds, LAPSED)}
    return min((threshold for threshold, day in days.items() if added_on < day <= today), default=None)


def due_documents(today):
    """A Due for every current paper that reached a threshold, by organisation; nothing of those ACE works with no more."""
    thresholds = settings.ACE_EXPIRY_REMINDERS
    horizon = today + timedelta(days=max(thresholds, default=0))
    papers = Document.objects.current().filter(valid_until__lte=horizon, partner__in=_reminded_partners())
    papers = papers.exclude(type__validity=Validity.NOT_ACCEPTED).select_related("type", "partner")
    for document in papers.order_by("partner", "valid_until", "pk").iterator(chunk_size=500):
        added_on = timezone.localdate(document.added_at)
        threshold = threshold_reached(document.valid_until, added_on, today, thresholds)
        if threshold is not None:
            yield Due(document, threshold)


def _reminded_partners():
    """Organisations in the network, or with a decision that leads somewhere: not those that ended, were declined or excluded."""
    in_force = Decision.objects.in_force().filter(partner=OuterRef("pk"))
    refused = in_force.filter(outcome__in=[Outcome.DECLINED, Outcome.EXCLUDED])
    return Partner.objects.filter(
        Q(status=Relationship.ACTIVE) | Exists(in_force), ~Exists(refused), ~Q(status=Relationship.ENDED)
    )


def remind_documents(today):
    """One mail per organisation about all its papers that are due, one digest per due-diligence officer."""
    since = _last_digest()
    news, count = [], 0
    for _partner, due in groupby(due_documents(today), key=lambda each: each.document.partner_id):
        papers = list(due)
        count += _remind_partner(papers)
        news += [each for each in papers if since is None or each.reached_on > since]
    return count + notifications.expiry_digest(news, today)


@transaction.atomic
def _remind_partner(papers):
    """Tell the organisation's people what nobody told them yet, the most urgent first; return the number of mails."""
    partner = Partner.objects.select_for_update().get(pk=papers[0].document.partner_id)
    people = list(members(partner))
    known = told(people, notifications.EXPIRY)
    own = [each for each in papers if each.document.type.issuer != ISSUED_BY_ACE and each.key not in known]
    now = fitting(own, notifications.EXPIRY)
    if not now:
        return 0
    return len(notifications.documents_expire(partner, now, len(own) - len(now), to=people))


def told(people, prefix):
    """The keys, under one prefix of the outbox, of everything that one of these people was already reminded of."""
    keys = OutgoingMail.objects.filter(to_user__in=people, dedupe_key__startswith=prefix)
    return {
        part
        for key in keys.values_list("dedupe_key", flat=True)
        for part in key.removeprefix(prefix).rsplit(":", 1)[0].split("+")
    }


def fitting(due, prefix):
    """As many of these as one key of the outbox can name; the others follow with the next run."""
    named, length = [], len(prefix)
    for each in due:
        length += len(each.key) + 1
        if length > LONGEST_KEY:
            break
        named.append(each)
    return named


def _last_digest():
    """The day of the last digest, or None before the first: what was reached since is its news."""
    newest = OutgoingMail.objects.filter(kind=notifications.DIGEST).aggregate(at=Max("created_at"))["at"]
    return newest and timezone.localdate(newest)
