from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from ace_partners.core import audit
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES
from partners import actions
from partners.models import Document, Relationship
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    PartnerFactory,
)

UPLOAD = (PDF_BYTES, "application/pdf", "statuts.pdf")


def trail():
    """(action, after) of every event, oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", "after"))


# --- the relationship -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", Relationship.values)
@pytest.mark.parametrize(
    ("name", "source", "target"), [("apply", "prospect", "applicant"), ("activate", "applicant", "active")]
)
def test_a_step_is_taken_where_it_is_open_and_nowhere_else(approver, state, name, source, target):
    partner = PartnerFactory(status=state)

    moved = actions.move_relationship(partner, name, by=approver)

    partner.refresh_from_db()
    assert moved.status == partner.status == (target if state == source else state)
    assert partner.lock_version == (1 if state == source else 0)
    assert trail() == ([(f"partner.{name}", {"status": target})] if state == source else [])


@pytest.mark.parametrize("role", ["stranger", *Role.values])
def test_an_open_step_is_refused_to_other_roles(partner, acting, role):
    if role in {Role.REVIEWER, Role.APPROVER}:
        actions.move_relationship(partner, "apply", by=acting(role))
        return

    with pytest.raises(NotAllowed):
        actions.move_relationship(partner, "apply", by=acting(role))
    partner.refresh_from_db()
    assert (partner.status, trail()) == ("prospect", [])


# --- documents --------------------------------------------------------------------------------------------------------


def test_an_editor_adds_a_document(partner, acting):
    editor = acting(Role.EDITOR)

    document = actions.add_document(
        partner,
        type=DocumentTypeFactory(),
        upload=UPLOAD,
        issued_on=date(2024, 5, 2),
        expires_on=date(2027, 5, 2),
        title="Statuts 2024",
        by=editor,
    )

    assert (document.partner, document.added_by, document.on_behalf, document.published_at) == (
        partner,
        editor,
        False,
        None,
    )
    assert (Path(settings.ACE_FILES_ROOT) / document.file.path).read_bytes() == PDF_BYTES
    facts = {"type": "STATUTS", "sha256": document.file.sha256, "on_behalf": False}
    assert trail() == [("document.added", facts)]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER])
def test_what_ace_adds_is_marked_as_entered_on_behalf(partner, acting, role):
    document = actions.add_document(partner, type=DocumentTypeFactory(), upload=UPLOAD, by=acting(role))

    assert document.on_behalf is True


def test_a_newer_version_points_back_and_overwrites_nothing(partner, acting):
    editor = acting(Role.EDITOR)
    old = DocumentFactory(partner=partner)

    newer = actions.add_document(partner, type=old.type, upload=UPLOAD, by=editor, replaces=old)

    assert newer.replaces == old
    assert list(Document.objects.current()) == [newer]
    assert trail()[0][1]["replaces"] == old.pk


@pytest.mark.parametrize("role", ["stranger", Role.VIEWER, Role.APPROVER, Role.ADMIN, Role.AUDITOR])
def test_others_add_no_document_and_leave_no_file(partner, acting, role):
    before = list(Path(settings.ACE_FILES_ROOT).rglob("*.pdf"))

    with pytest.raises(NotAllowed):
        actions.add_document(partner, type=DocumentTypeFactory(), upload=UPLOAD, by=acting(role))
    assert list(Document.objects.all()) == []
    assert list(Path(settings.ACE_FILES_ROOT).rglob("*.pdf")) == before


def test_dates_in_the_wrong_order_are_refused_in_words(partner, acting):
    with pytest.raises(NotAllowed):
        actions.add_document(
            partner,
            type=DocumentTypeFactory(),
            upload=UPLOAD,
            by=acting(Role.EDITOR),
            issued_on=date(2025, 1, 2),
            expires_on=date(2025, 1, 1),
        )


def test_publishing_and_taking_back(partner, reviewer):
    document = DocumentFactory(partner=partner)

    actions.publish_document(document, by=reviewer)
    actions.publish_document(document, by=reviewer)
    assert list(Document.objects.published()) == [document]

    actions.unpublish_document(document, by=reviewer)
    actions.unpublish_document(document, by=reviewer)
    assert list(Document.objects.published()) == []
    assert trail() == [("document.published", {}), ("document.unpublished", {})]


def test_a_newer_version_is_not_public_by_itself_and_takes_its_forerunner_off_the_page(partner, reviewer, acting):
    old = actions.publish_document(DocumentFactory(partner=partner), by=reviewer)

    newer = actions.add_document(partner, type=old.type, upload=UPLOAD, by=acting(Role.EDITOR), replaces=old)

    assert newer.published_at is None
    assert list(Document.objects.published().current()) == []


@pytest.mark.parametrize("role", ["stranger", Role.SIGNATORY, Role.ME_OFFICER, Role.ADMIN])
def test_others_do_not_publish(partner, acting, role):
    document = DocumentFactory(partner=partner)

    with pytest.raises(NotAllowed):
        actions.publish_document(document, by=acting(role))
    with pytest.raises(NotAllowed):
        actions.unpublish_document(document, by=acting(role))
    assert trail() == []


def test_only_the_reading_of_restricted_files_leaves_a_trace(partner, reviewer):
    restricted = DocumentFactory(partner=partner, type=DocumentTypeFactory(code="RIB", confidentiality="restricted"))

    actions.read_document(DocumentFactory(partner=partner), by=reviewer)
    actions.read_document(restricted, by=reviewer)

    assert [(event.action, event.actor) for event in audit.history(restricted)] == [("document.read", reviewer)]
    assert AuditEvent.objects.count() == 1


# --- grants -----------------------------------------------------------------------------------------------------------


def test_a_grant_is_revoked_once(partner, approver):
    grant = GrantFactory(partner=partner)

    first = actions.revoke_grant(grant, by=approver).revoked_at
    second = actions.revoke_grant(grant, by=approver).revoked_at

    assert first is not None
    assert second == first
    assert trail() == [("grant.revoked", {})]


def test_a_reviewer_revokes_no_grant(partner, reviewer):
    with pytest.raises(NotAllowed):
        actions.revoke_grant(GrantFactory(partner=partner), by=reviewer)
