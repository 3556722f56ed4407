"""Issuing, revoking and sharing a passport; every reading of a share leaves its trace."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import refuse
from partners.models import Partner
from vetting.models import Decision, Passport, PassportRevocation, PassportShare, ShareReading
from vetting.passport_content import passport_content
from vetting.rules import passports as rules

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O: people read codes aloud


def new_code():
    """A check code such as 7F3K-9QWM-2XHT: 60 random bits, so that codes cannot be tried one after the other."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(3))


def secret_hash(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(partner, *, by):
    """Make the passport on the decision in force. Its paper is laid out from the frozen content whenever it is asked."""
    locked = Partner.objects.select_for_update().get(pk=partner.pk)
    refuse(rules.against_issuing(locked, by))
    decision = Decision.objects.in_force().select_related("partner", "dossier__checklist").get(partner=locked)
    now = timezone.now()
    content = passport_content(decision, code=new_code(), issued_on=timezone.localdate(now))
    passport = Passport.objects.create(
        partner=locked,
        decision=decision,
        code=content["code"],
        content=content,
        sha256=sha256_of(content),
        valid_until=decision.valid_until,
        issued_by=by,
        issued_at=now,
    )
    audit.record("passport.issue", passport, by=by, after={"sha256": passport.sha256, "decision": decision.pk})
    return passport


@transaction.atomic
def revoke(passport, *, by, reason):
    """Take the passport back: its check page says so from now on, and its shares open nothing any more."""
    Partner.objects.select_for_update().get(pk=passport.partner_id)
    passport = Passport.objects.select_related("partner", "revocation").get(pk=passport.pk)
    refuse(rules.against_revoking(passport, by))
    revocation = PassportRevocation.objects.create(passport=passport, reason=reason.strip(), by=by)
    audit.record("passport.revoke", passport, by=by, reason=reason.strip())
    return revocation


@transaction.atomic
def share(passport, *, by, recipient, ends_on):
    """Make a link for one reader until `ends_on`. Returns (PassportShare, secret); the secret is kept nowhere."""
    Partner.objects.select_for_update().get(pk=passport.partner_id)
    refuse(rules.against_sharing(passport, by, ends_on))
    secret = secrets.token_urlsafe(24)
    row = PassportShare.objects.create(
        passport=passport,
        recipient=recipient.strip(),
        ends_on=ends_on,
        created_by=by,
        secret_sha256=secret_hash(secret),
    )
    audit.record("passport.share", row, by=by, after={"ends_on": ends_on.isoformat()})
    return row, secret


@transaction.atomic
def end_share(row, *, by):
    """Close the link now. A no-op when it is closed already."""
    locked = PassportShare.objects.select_for_update(of=("self",)).select_related("passport__partner").get(pk=row.pk)
    refuse(rules.against_ending_share(locked, by))
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        audit.record("passport.share_end", locked, by=by)
    return locked


@transaction.atomic
def note_reading(row):
    """Somebody opened the link. The reader has no account: the event names the share, which names the reader."""
    ShareReading.objects.create(share=row)
    audit.record("passport.read", row, by=None)
