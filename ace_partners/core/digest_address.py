"""The address that ends the mail of the day for one person: signed, for ever, and good for nothing else."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

DIGEST = "core/email/digest"
SALT = "ace_partners.core.digest"


def stop_address(user):
    """The whole address on which this person stops the mail of the day, without signing in."""
    return settings.SITE_URL + reverse("account_digest_stop", args=[signing.dumps(user.pk, salt=SALT)])


def user_of(token):
    """The id of the person that a token was made for, or None for a forged one."""
    try:
        return signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None


def headers_of(row):
    """One-click headers (RFC 8058) for the mail of the day; none for a mail that asks its reader for something."""
    if row.kind != DIGEST:
        return {}
    return {"List-Unsubscribe": f"<{stop_address(row.to_user)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
