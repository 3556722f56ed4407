import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from ace_partners.core import audit
from ace_partners.core.models import AuditChain, AuditEvent
from ace_partners.core.tests.factories import UserFactory
from ace_partners.core.triggers import ImmutableRows
from partners.tests.factories import PartnerFactory


@pytest.fixture
def anchor_file():
    path = Path(settings.ACE_AUDIT_ANCHOR)
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def three_events():
    partner = PartnerFactory()
    user = UserFactory()
    for action in ("dossier.submit", "dossier.take", "dossier.propose"):
        audit.record(action, partner, by=user, before={"status": "a"}, after={"status": "b"}, reason="É, œ et « »")
    return partner


def without_trigger(sql, params=()):
    """Change an event behind the application's back, as somebody with the database password could."""
    table = AuditEvent._meta.db_table
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            cursor.execute(f'DROP TRIGGER "{table}_no_{event}"{on_table}')
        cursor.execute(sql, params)


def test_a_chain_links_its_events(db):
    partner = three_events()

    events = list(AuditEvent.objects.filter(chain=partner.audit_chain).order_by("number"))

    assert [event.number for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events] == ["", events[0].hash, events[1].hash]
    assert list(audit.faults()) == []


def test_each_organisation_has_its_own_chain(db):
    first, second = three_events(), three_events()

    assert set(AuditChain.objects.values_list("name", "count")) == {(first.audit_chain, 3), (second.audit_chain, 3)}


def test_the_actor_and_the_label_are_copied(db):
    partner, user = PartnerFactory(acronym="OPK"), UserFactory(name="Marie Kabwe")

    event = audit.record("partner.publish", partner, by=user)

    assert (event.actor_name, event.target_label, event.target_type) == ("Marie Kabwe", "OPK", "partners.partner")


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_the_database_refuses_to_change_an_event(db, statement):
    three_events()
    event = AuditEvent.objects.first()

    row = AuditEvent.objects.filter(pk=event.pk)
    change = {"update": lambda: row.update(reason="autre"), "delete": row.delete}[statement]

    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_an_edited_event_is_named(db):
    partner = three_events()
    second = AuditEvent.objects.get(chain=partner.audit_chain, number=2)

    without_trigger("UPDATE core_auditevent SET reason = 'autre' WHERE id = %s", [second.pk])

    assert list(audit.faults()) == [
        f"chain {partner.audit_chain}: event 2 (row {second.pk}) does not follow from event 1"
    ]


def test_a_missing_middle_is_named(db):
    partner = three_events()
    third = AuditEvent.objects.get(chain=partner.audit_chain, number=3)

    without_trigger("DELETE FROM core_auditevent WHERE chain = %s AND number = 2", [partner.audit_chain])

    assert list(audit.faults()) == [
        f"chain {partner.audit_chain}: event 3 (row {third.pk}) does not follow from event 1"
    ]


def test_a_cut_tail_is_found_by_the_anchor_alone(db, anchor_file):
    partner = three_events()
    call_command("anchor_audit", stdout=io.StringIO())
    first = AuditEvent.objects.get(chain=partner.audit_chain, number=1)
    without_trigger("DELETE FROM core_auditevent WHERE chain = %s AND number > 1", [partner.audit_chain])
    AuditChain.objects.filter(name=partner.audit_chain).update(count=1, head=first.hash)

    anchors = [json.loads(line) for line in anchor_file.read_text().splitlines()]

    assert list(audit.faults()) == []
    assert list(audit.faults(anchors)) == [f"chain {partner.audit_chain}: event 3 was anchored and is no longer there"]


def test_verify_audit_says_what_is_broken(db, anchor_file, capsys):
    partner = three_events()
    call_command("verify_audit")
    assert capsys.readouterr().out == "The audit trail is whole: 3 events, 0 anchors compared.\n"

    without_trigger(
        "UPDATE core_auditevent SET actor_name = 'X' WHERE chain = %s AND number = 1", [partner.audit_chain]
    )

    with pytest.raises(CommandError, match="event 1"):
        call_command("verify_audit")


def test_recording_outside_a_transaction_is_refused(monkeypatch):
    monkeypatch.setattr(audit, "connection", SimpleNamespace(in_atomic_block=False))

    with pytest.raises(RuntimeError):
        audit.record("x", PartnerFactory.build(pk=1), by=None)


def triggers_present():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


def test_every_immutable_model_has_its_triggers(db):
    tables = [model._meta.db_table for model in apps.get_models() if getattr(model, "immutable", False)]

    assert len(tables) >= 12
    wanted = {f"{table}_no_{event}" for table in tables for event in ("update", "delete")}
    assert {name for name in triggers_present() if name.endswith(("_no_update", "_no_delete"))} == wanted


def test_the_migration_operation_describes_and_reverses_itself():
    operation = ImmutableRows("AuditEvent")

    assert operation.deconstruct() == ("ImmutableRows", ["AuditEvent"], {})
    assert operation.reversible
