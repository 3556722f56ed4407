"""The demonstration shows every state, says that it is fictitious, and leaves the three real partners alone."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from ace_partners.core import audit
from ace_partners.core.models import AuditEvent, OutgoingMail, User
from ace_partners.desk.demo.accounts import PASSWORD, sign_ins
from impact.models import Agreement, Consultation, Disbursement, Report, ReportStatus
from partners.models import Partner
from vetting.models import Decision, Dossier, DossierStatus
from vetting.scoring import Outcome
from vetting.standing import with_standing

REAL = {"afa", "cmds", "maison-kwetu"}
KEPT = (Partner, Dossier, Report, Agreement, Consultation, Disbursement, AuditEvent, OutgoingMail, User)


@pytest.fixture
def network(db):
    for command in ("load_reference", "load_network"):
        call_command(command, verbosity=0)


def test_it_asks_for_force_outside_a_demonstration(network):
    with pytest.raises(CommandError, match="--force"):
        call_command("load_demo")

    assert set(Partner.objects.values_list("slug", flat=True)) == REAL


def test_it_needs_the_real_network_first(db):
    with pytest.raises(CommandError, match="load_network"):
        call_command("load_demo", force=True)


def test_the_demonstration(network, client, capsys):
    call_command("load_demo", force=True)
    counts = [model.objects.count() for model in KEPT]

    call_command("load_demo", force=True)

    assert [model.objects.count() for model in KEPT] == counts
    assert capsys.readouterr().out.splitlines()[-1] == "demonstration: nothing new."
    shows_every_state()
    shows_money()
    labels_what_is_fictitious(client)
    lets_everybody_in(client)
    assert list(audit.faults()) == []


def shows_every_state():
    assert set(Dossier.objects.values_list("status", flat=True)) == set(DossierStatus.values)
    assert set(Report.objects.values_list("status", flat=True)) == set(ReportStatus.values)
    assert set(Decision.objects.values_list("outcome", flat=True)) == {outcome.value for outcome in Outcome}
    standings = with_standing(Partner.objects.all()).values_list("standing_code", flat=True)
    assert set(standings) >= {"not_assessed", "in_progress", "expired", *(outcome.value for outcome in Outcome)}


def shows_money():
    for partner in Partner.objects.filter(projects__isnull=False):
        agreement = Agreement.objects.get(project__partner=partner)
        assert agreement.is_approved
        assert agreement.installments.count() in (2, 3)
        assert Disbursement.objects.filter(installment__agreement=agreement, status="paid").count() == 1
        assert Consultation.objects.filter(project__partner=partner).count() == 1
    assert Disbursement.objects.filter(status="proposed").exists()


def labels_what_is_fictitious(client):
    assert set(Partner.objects.filter(is_fictitious=False).values_list("slug", flat=True)) == REAL
    real = with_standing(Partner.objects.filter(slug__in=REAL))
    assert set(real.values_list("standing_code", flat=True)) == {"not_assessed"}
    assert not Dossier.objects.filter(partner__slug__in=REAL).exists()
    fictitious = Partner.objects.filter(is_fictitious=True).annotate(n=Count("dossiers"))
    for partner in fictitious:
        assert "fictif" in client.get(partner.get_absolute_url()).content.decode()


def lets_everybody_in(client):
    for email, _what in sign_ins():
        assert client.login(email=email, password=PASSWORD), email
        client.logout()
