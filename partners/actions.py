"""Writes with consequences on an organisation's record: each locks, asks the rules, writes and audits in one transaction."""

from django.db import transaction
from django.utils import timezone

from ace_partners.core import audit, uploads
from ace_partners.core.errors import refuse
from ace_partners.core.machine import perform
from partners import rules
from partners.models import Document, Grant, Partner


@transaction.atomic
def move_relationship(partner, name, *, by, reason=""):
    """Take a step of the relationship where it is open; otherwise change nothing. Return the partner as it now is.

    Vetting calls it: "apply" when a dossier opens, "activate" when a decision allows it. A renewal finds the partner
    already there, and one that is suspended stays so: lifting a suspension takes two people of its own.
    Raises NotAllowed when the rules refuse an open step.
    """
    locked = Partner.objects.select_for_update().get(pk=partner.pk)
    if locked.status not in rules.RELATIONSHIP[name].sources:
        return locked
    return perform(
        rules.RELATIONSHIP,
        locked,
        name,
        by=by,
        seen=locked.lock_version,
        against=rules.against_moving_relationship,
        reason=reason,
    )


@transaction.atomic
def add_document(partner, *, type, upload, by, issued_on=None, expires_on=None, title="", replaces=None):  # noqa: A002
    """Store a file as a new document of `partner` and return it; `replaces` names the version it takes the place of.

    `upload` is what an EvidenceField cleaned to. A document entered by ACE says so (`on_behalf`).
    Raises NotAllowed when the rules refuse.
    """
    locked = Partner.objects.select_for_update().get(pk=partner.pk)
    reasons = rules.against_adding_document(locked, by)
    if replaces is not None:
        reasons += rules.against_replacing_document(replaces, locked)
    reasons += rules.against_dating(type, issued_on, expires_on, timezone.localdate())
    refuse(reasons)
    document = Document.objects.create(
        partner=locked,
        type=type,
        title=title,
        file=uploads.store(upload, by=by),
        issued_on=issued_on,
        expires_on=expires_on,
        replaces=replaces,
        added_by=by,
        on_behalf=not rules.is_member(by, locked),
    )
    facts = {"type": type.code, "sha256": document.file.sha256, "on_behalf": document.on_behalf}
    if replaces is not None:
        facts["replaces"] = replaces.pk
    audit.record("document.added", document, by=by, after=facts)
    return document


@transaction.atomic
def publish_document(document, *, by):
    """Show a document on the public page. A no-op when it is there already; NotAllowed when the rules refuse."""
    locked = _locked_document(document)
    refuse(rules.against_publishing_document(locked, by))
    if locked.published_at is None:
        locked.published_at = timezone.now()
        locked.save(update_fields=["published_at"])
        audit.record("document.published", locked, by=by)
    return locked


@transaction.atomic
def unpublish_document(document, *, by):
    """Take a document off the public page. A no-op when it is not there; NotAllowed when the rules refuse."""
    locked = _locked_document(document)
    refuse(rules.against_unpublishing_document(locked, by))
    if locked.published_at is not None:
        locked.published_at = None
        locked.save(update_fields=["published_at"])
        audit.record("document.unpublished", locked, by=by)
    return locked


def read_document(document, *, by):
    """Note who reads a restricted file, and when. Other files leave no trace of their readers, and open no transaction."""
    if rules.reading_is_audited(document):
        with transaction.atomic():
            audit.record("document.read", document, by=by)


@transaction.atomic
def refresh_validity(kind):
    """Work out the last day of every document of this type anew, after its months or its rule changed; return how many moved."""
    moved = []
    for document in Document.objects.select_for_update().filter(type=kind).iterator(chunk_size=500):
        last_day = kind.last_day(document.issued_on, document.expires_on)
        if document.valid_until != last_day:
            document.valid_until = last_day
            moved.append(document)
    Document.objects.bulk_update(moved, ["valid_until"], batch_size=500)
    return len(moved)


def refresh_search(partner):
    """Fold the organisation's name, texts and places anew into its search text, after its places changed."""
    Partner.objects.filter(pk=partner.pk).update(search_text=partner.searchable())


def refresh_search_at(place):
    """The same for every organisation at `place` or below it, after the place changed its name or its parent."""
    for partner in Partner.objects.filter(places__place__lineage__startswith=place.lineage).distinct():
        refresh_search(partner)


@transaction.atomic
def revoke_grant(grant, *, by):
    """End a right to read now. A no-op when it is revoked already; NotAllowed when the rules refuse."""
    locked = Grant.objects.select_for_update(of=("self",)).select_related("partner").get(pk=grant.pk)
    refuse(rules.against_granting(locked.partner, by))
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        audit.record("grant.revoked", locked, by=by)
    return locked


def _locked_document(document):
    return Document.objects.select_for_update(of=("self",)).select_related("partner", "type").get(pk=document.pk)
