"""The passport: issued on an approval that stands, checked by anyone, shared with one reader, revoked for good."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.canonical import sha256_of
from ace_partners.core.errors import NotAllowed
from ace_partners.core.models import AuditEvent
from ace_partners.core.pdf import PdfTimeout
from ace_partners.core.tests.pdf_documents import text_of
from partners.models import Partner, Relationship
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, PartnerFactory
from vetting.actions import passports as actions
from vetting.models import FindingEvidence, Passport, PassportShare, ShareReading
from vetting.rules import passports as rules
from vetting.rules.passports import PassportState
from vetting.tests.factories import DecisionFactory, FindingFactory, editor_of, signatory_of, viewer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def partner():
    row = PartnerFactory(status=Relationship.ACTIVE, name="Espoir de Kapata", organisation_type="cbo")
    decision = DecisionFactory(partner=row)
    kind = DocumentTypeFactory(code="STATUTS", name_fr="Statuts", name_en="Statutes")
    finding = FindingFactory(dossier=decision.dossier, item=decision.dossier.items.first(), reason="Secret interne.")
    FindingEvidence.objects.create(finding=finding, document=DocumentFactory(partner=row, type=kind), page="4")
    return row


@pytest.fixture
def passport(partner):
    return actions.issue(partner, by=signatory_of(partner))


def test_it_says_results_kinds_and_gaps_and_no_reason_and_no_file(passport):
    content = passport.content
    first = content["criteria"][0]

    assert [row["code"] for row in content["criteria"]] == ["C1", "C2", "C3", "C4"]
    assert first["evidence_seen"] == [{"code": "STATUTS", "fr": "Statuts", "en": "Statutes"}]
    assert {"item": "C1.9", "subject": "Section", "why": "not_asked"} in first["not_checked"]
    assert "Secret interne" not in json.dumps(content)
    assert passport.sha256 == sha256_of(content)
    assert "valid_until" in content


@pytest.mark.parametrize("outcome", ["to_strengthen", "declined", "excluded"])
def test_it_rests_on_an_approval_in_force(outcome):
    row = PartnerFactory()
    DecisionFactory(partner=row, outcome=outcome)

    with pytest.raises(NotAllowed, match="rests on an approval in force"):
        actions.issue(row, by=signatory_of(row))


@pytest.mark.parametrize("make", [viewer_of, editor_of])
def test_only_a_signatory_issues_shares_and_revokes(partner, passport, make):
    user = make(partner)

    with pytest.raises(NotAllowed, match="Only a signatory"):
        actions.issue(partner, by=user)
    with pytest.raises(NotAllowed, match="Only a signatory"):
        actions.share(passport, by=user, recipient="X", ends_on=timezone.localdate())
    with pytest.raises(NotAllowed, match="Only a signatory"):
        actions.revoke(passport, by=user, reason="x")


def again(passport):
    return Passport.objects.select_related("partner", "decision", "revocation").get(pk=passport.pk)


def test_the_five_answers_of_the_check_page(partner, passport):
    today = timezone.localdate()
    assert rules.state_of(again(passport)) == PassportState.VALID
    assert rules.state_of(again(passport), today=passport.valid_until + timedelta(days=1)) == PassportState.EXPIRED
    assert rules.state_of(again(passport), today=passport.valid_until) == PassportState.VALID

    Partner.objects.filter(pk=partner.pk).update(status=Relationship.SUSPENDED)
    assert rules.state_of(again(passport)) == PassportState.SUSPENDED

    Partner.objects.filter(pk=partner.pk).update(status=Relationship.ACTIVE)
    newer = actions.issue(partner, by=passport.issued_by)
    assert (rules.state_of(again(passport)), rules.state_of(again(newer))) == (
        PassportState.SUPERSEDED,
        PassportState.VALID,
    )

    actions.revoke(newer, by=passport.issued_by, reason="Nouveau nom.")
    assert rules.state_of(again(newer)) == PassportState.REVOKED
    with pytest.raises(NotAllowed, match="revoked already"):
        actions.revoke(again(newer), by=passport.issued_by, reason="Encore.")
    assert today


def test_a_newer_decision_supersedes_it(partner, passport):
    DecisionFactory(partner=partner, outcome="declined")

    assert rules.state_of(again(passport)) == PassportState.SUPERSEDED


def test_the_database_keeps_it_as_it_was(passport):
    with pytest.raises(IntegrityError), transaction.atomic():
        Passport.objects.filter(pk=passport.pk).update(valid_until=timezone.localdate() + timedelta(days=9999))
    with pytest.raises(IntegrityError), transaction.atomic():
        Passport.objects.filter(pk=passport.pk).delete()


# --- the pages ---------------------------------------------------------------------------------------------------


def test_a_signatory_issues_downloads_and_anyone_checks(partner, login):
    client = login(signatory_of(partner))
    answer = client.post(reverse("vetting_space:passport_issue", args=[partner.slug]))
    row = Passport.objects.get()
    assert answer["Location"] == reverse("vetting_space:passport", args=[row.pk])

    page = client.get(answer["Location"]).content.decode()
    pdf = client.get(reverse("vetting_space:passport_pdf", args=[row.pk]))
    data = client.get(reverse("vetting_space:passport_json", args=[row.pk])).json()
    public = login().get(reverse("public:verify", args=[row.code]))

    assert row.code in page
    assert row.sha256 in page
    assert pdf["Content-Type"] == "application/pdf"
    printed = text_of(pdf.content)
    assert row.code in printed
    assert "EspoirdeKapata" in printed
    assert row.sha256 in printed
    assert data.pop("sha256") == sha256_of(data) == row.sha256
    assert public.status_code == 200
    assert b'data-code="valid"' in public.content
    assert row.sha256.encode() in public.content


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{bare}"])
def test_a_code_is_read_as_people_type_it(passport, login, typed):
    code = passport.code
    value = typed.format(code=code, lower=code.lower(), bare=code.replace("-", ""))

    answer = login().get(reverse("public:verify_form"), {"code": value}, follow=True)

    assert b'data-code="valid"' in answer.content


def test_an_unknown_code_says_what_to_do(login, db):
    answer = login().get(reverse("public:verify", args=["AAAA-BBBB-<script>"]))

    assert answer.status_code == 404
    assert b"No passport has this code" in answer.content
    assert b"<script>" not in answer.content


def test_the_check_page_gives_no_reason_and_no_step_away(passport, login):
    page = login().get(reverse("public:verify", args=[passport.code])).content.decode()

    assert "Conforme." not in page
    assert "Secret interne" not in page


def share_link(client, passport, recipient="Mme Kasongo, Fondation Test"):
    ends_on = timezone.localdate() + timedelta(days=10)
    page = client.post(
        reverse("vetting_space:passport_share", args=[passport.pk]),
        {"recipient": recipient, "ends_on": ends_on.isoformat()},
        follow=True,
    )
    text = page.content.decode()
    start = text.index("/verifier/partage/")
    return text[start : text.index("<", start)].strip()


def test_a_share_opens_more_to_one_reader_and_every_reading_is_noted(passport, login):
    client = login(passport.issued_by)
    link = share_link(client, passport)

    first, second = login().get(link), login().get(link)

    assert (first.status_code, second.status_code) == (200, 200)
    assert b"Conforme." in first.content
    assert b"Secret interne" not in first.content
    assert "no-store" in first["Cache-Control"]
    assert ShareReading.objects.count() == 2
    assert AuditEvent.objects.filter(action="passport.read").count() == 2
    secret = link.strip("/").rsplit("/", 1)[-1]
    assert secret not in json.dumps(list(PassportShare.objects.values()), default=str)


@pytest.mark.parametrize("closing", ["ended", "late", "revoked", "wrong"])
def test_a_closed_share_answers_like_one_that_never_was(passport, login, closing):
    link = share_link(login(passport.issued_by), passport)
    share = PassportShare.objects.get()
    if closing == "ended":
        login(passport.issued_by).post(reverse("vetting_space:passport_share_end", args=[share.pk]))
    elif closing == "late":
        PassportShare.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    elif closing == "revoked":
        actions.revoke(passport, by=passport.issued_by, reason="Fin.")
    else:
        link = link.rstrip("/") + "x/"

    assert login().get(link).status_code == 404
    assert ShareReading.objects.count() == 0


@pytest.mark.parametrize("days", [-1, 91, 400])
def test_a_share_ends_in_time(passport, login, days):
    ends_on = timezone.localdate() + timedelta(days=days)
    answer = login(passport.issued_by).post(
        reverse("vetting_space:passport_share", args=[passport.pk]), {"recipient": "X", "ends_on": ends_on.isoformat()}
    )

    assert answer.status_code == 403
    assert PassportShare.objects.count() == 0


def test_the_direction_revokes_and_a_double_tap_is_one(passport, login, approver):
    client, address = login(approver), reverse("vetting:passport_revoke", args=[passport.pk])

    for _tap in range(2):
        assert client.post(address, {"reason": "Signataire parti."}, once="a-token").status_code == 302

    assert AuditEvent.objects.filter(action="passport.revoke").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(partner, login, count, django_assert_num_queries):
    signatory = signatory_of(partner)
    for _n in range(count):
        row = actions.issue(partner, by=signatory)
        for n in range(count):
            actions.share(row, by=signatory, recipient=f"L {n}", ends_on=timezone.localdate())
    client = login(signatory)

    with django_assert_num_queries(16):
        client.get(reverse("vetting_space:passports", args=[partner.slug]))
    with django_assert_num_queries(20):
        client.get(reverse("vetting_space:passport", args=[row.pk]))


def test_a_paper_that_cannot_be_made_says_so(passport, login, monkeypatch):
    def too_slow(*args, **kwargs):
        raise PdfTimeout

    monkeypatch.setattr("vetting.pdf.passports.render_pdf", too_slow)
    answer = login(passport.issued_by).get(reverse("vetting_space:passport_pdf", args=[passport.pk]))

    assert answer.status_code == 503
    assert b"takes too long to prepare" in answer.content
