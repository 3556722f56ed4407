"""Reminders of papers: due and not sent yet, whatever nights were missed; once; to those it concerns."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.models import Document, Relationship
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, MembershipFactory, PartnerFactory
from vetting.reminders import LAPSED, due_documents, remind_documents, threshold_reached
from vetting.tests.factories import DecisionFactory

THRESHOLDS = (90, 30, 7)
LAST_DAY = date(2027, 6, 30)
ADDED = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Africa/Lubumbashi"))
PAPERS, DIGEST = "vetting/email/documents_expire", "vetting/email/expiry_digest"


@pytest.fixture(autouse=True)
def _on_the_day_of_the_first_paper():
    """Memberships and decisions begin on the day a test makes them: it lies before every night below."""
    with time_machine.travel(ADDED, tick=False):
        yield


def night(days_before):
    """The night that many days before the last day of the paper, at six."""
    day = LAST_DAY - timedelta(days=days_before)
    return time_machine.travel(datetime(day.year, day.month, day.day, 6, tzinfo=ADDED.tzinfo), tick=False)


def run(days_before):
    """`manage.py remind` on that night; the mails it wrote, as (kind, recipient)."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    with night(days_before):
        call_command("remind")
    return sorted(OutgoingMail.objects.exclude(pk__in=before).values_list("kind", "to_user__name"))


@pytest.fixture
def partner(db):
    return PartnerFactory(name="Maison Tumaini", slug="tumaini", status=Relationship.ACTIVE)


@pytest.fixture
def signatory(partner):
    return MembershipFactory(partner=partner, role=Role.SIGNATORY, user__name="Sylvie").user


def paper(partner, last_day=LAST_DAY, added=ADDED, code="AGR_MIN", **facts):
    kind = DocumentTypeFactory(
        code=code, name_fr="Agrément", name_en="Approval", validity="printed_expiry", confidentiality="internal"
    )
    with time_machine.travel(added, tick=False):
        return DocumentFactory(partner=partner, type=kind, expires_on=last_day, **facts)


MAIL = [(PAPERS, "Sylvie")]


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ([100, 91], [[], []]),
        ([90, 89, 31, 30, 29, 8, 7, 6, 0], [MAIL, [], [], MAIL, [], [], MAIL, [], []]),
        ([-1, -2, -100], [MAIL, [], []]),
        # Nights that nobody ran: what was missed is said late, and only the most urgent of it.
        ([87], [MAIL]),
        ([91, 88, 87], [[], MAIL, []]),
        ([33, 27, 26], [MAIL, MAIL, []]),
        ([91, 5, 4], [[], MAIL, []]),
        ([5, -3], [MAIL, MAIL]),
    ],
)
def test_each_threshold_once_whatever_nights_were_missed(partner, signatory, nights, told):
    paper(partner)

    assert [run(days) for days in nights] == told


def test_running_twice_on_one_night_sends_once(partner, signatory, reviewer):
    paper(partner)

    assert run(90) == [*MAIL, (DIGEST, "Rachel Revue")]
    assert run(90) == []


def test_a_paper_that_was_replaced_is_not_reminded_of(partner, signatory):
    old = paper(partner)
    assert run(90) == MAIL

    paper(partner, last_day=LAST_DAY + timedelta(days=900), replaces=old)

    assert [run(days) for days in (30, 7, -1)] == [[], [], []]


def test_a_threshold_that_lay_behind_when_the_paper_was_added_says_nothing_new(partner, signatory):
    twenty_days_left = datetime(2027, 6, 10, 9, tzinfo=ADDED.tzinfo)
    paper(partner, added=twenty_days_left)
    paper(partner, last_day=date(2027, 1, 1), added=twenty_days_left, code="LAPSED")

    assert [run(days) for days in (20, 8, 7)] == [[], [], MAIL]


def test_one_mail_lists_all_papers_of_an_organisation(partner, signatory):
    first, second = paper(partner, title="Agrément 2026"), paper(partner, title="Zone 4", code="ZEA_ACTE")
    paper(partner, last_day=LAST_DAY + timedelta(days=200), title="Plus tard", code="STATUTS")

    assert run(7) == MAIL
    mail = OutgoingMail.objects.get()
    assert mail.dedupe_key == f"document-expiry-{first.pk}-7+{second.pk}-7:{signatory.pk}"
    assert ("Agrément 2026" in mail.body, "Zone 4" in mail.body, "Plus tard" in mail.body) == (True, True, False)
    assert "30 juin 2027" in mail.body


def test_the_key_of_a_single_paper(partner, signatory):
    document = paper(partner)

    run(-1)

    assert OutgoingMail.objects.get().dedupe_key == f"document-expiry-{document.pk}-end:{signatory.pk}"


def test_more_papers_than_one_key_can_name_follow_with_the_next_run(partner, signatory):
    papers = [paper(partner, title=f"Pièce {number:02d}.", code=f"T{number}") for number in range(40)]

    bodies = []
    while mail := run(90):
        assert mail == MAIL
        bodies.append(OutgoingMail.objects.order_by("pk").last().body)

    assert 1 < len(bodies) < 10
    assert sorted(title for body in bodies for title in (p.title for p in papers) if title in body) == [
        document.title for document in papers
    ]


@pytest.mark.parametrize(
    ("status", "outcome", "told"),
    [
        ("active", None, True),
        ("active", "approved", True),
        ("suspended", "conditional", True),
        ("applicant", "to_strengthen", True),
        ("applicant", None, False),
        ("prospect", None, False),
        ("suspended", None, False),
        ("ended", "approved", False),
        ("ended", None, False),
        ("active", "excluded", False),
        ("applicant", "declined", False),
    ],
)
def test_only_organisations_that_ace_works_with(partner, signatory, status, outcome, told):
    partner.status = status
    partner.save()
    if outcome:
        DecisionFactory(partner=partner, outcome=outcome)
    paper(partner)

    assert run(30) == (MAIL if told else [])


def test_papers_that_ace_issues_are_its_own_to_renew(partner, signatory, reviewer):
    DocumentTypeFactory(code="VISITE", issuer="ACE", validity="printed_expiry", confidentiality="restricted")
    paper(partner, code="VISITE")

    assert run(30) == [(DIGEST, "Rachel Revue")]


def test_types_that_are_no_longer_accepted_need_no_renewal(partner, signatory, reviewer):
    document = paper(partner)
    document.type.validity = "not_accepted"
    document.type.save()

    assert run(30) == []


def test_who_is_told(partner, signatory, reviewer):
    """Editors and signatories in office; not viewers, former members or closed accounts."""
    MembershipFactory(partner=partner, role=Role.EDITOR, user__name="Édith")
    MembershipFactory(partner=partner, role=Role.VIEWER, user__name="Victor")
    MembershipFactory(partner=partner, role=Role.EDITOR, user__name="Ancien", ends_on=date(2027, 1, 1))
    MembershipFactory(partner=partner, role=Role.EDITOR, user__name="Fermé", user__is_active=False)
    MembershipFactory(role=Role.SIGNATORY, user__name="Ailleurs")
    paper(partner)

    assert [name for kind, name in run(90) if kind == PAPERS] == ["Sylvie", "Édith"]


def test_a_mail_that_somebody_stopped_stays_stopped(partner, signatory):
    paper(partner)
    run(90)
    OutgoingMail.objects.update(state="cancelled")

    assert run(89) == []


def test_a_queued_reminder_is_not_cancelled_by_the_next_one(partner, signatory):
    """Trap: of two notices of one kind, the second is delivered, and so is the first."""
    paper(partner)
    paper(partner, last_day=LAST_DAY + timedelta(days=1), code="ZEA_ACTE")

    assert (run(90), run(89)) == (MAIL, MAIL)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"queued"}


# --- the digest --------------------------------------------------------------------------------------------------


def digest_of(user):
    return OutgoingMail.objects.filter(kind=DIGEST, to_user=user).order_by("-pk").first()


def test_the_digest_says_what_is_new_since_the_last(partner, reviewer):
    """Also of an organisation that has nobody to tell."""
    paper(partner)
    later = PartnerFactory(name="Coopérative Kesho", status=Relationship.ACTIVE)
    paper(later, last_day=LAST_DAY + timedelta(days=5), title="Nom d'une personne")

    assert run(90) == [(DIGEST, "Rachel Revue")]
    assert run(86) == []
    assert run(84) == [(DIGEST, "Rachel Revue")]
    body = digest_of(reviewer).body
    assert ("Coopérative Kesho" in body, "Maison Tumaini" in body) == (True, False)
    assert "Nom d'une personne" not in body


def test_an_officer_reads_nothing_of_an_organisation_of_his_own(partner, reviewer, other_reviewer):
    MembershipFactory(partner=partner, role=Role.VIEWER, user=reviewer)
    paper(partner)

    assert run(90) == [(DIGEST, "Robert Relit")]


def test_a_long_digest_is_cut_and_counted(reviewer):
    kind = DocumentTypeFactory(code="AGR", validity="printed_expiry")
    for number in range(52):
        partner = PartnerFactory(name=f"Groupe {number:02d}", status=Relationship.ACTIVE)
        with time_machine.travel(ADDED, tick=False):
            DocumentFactory(partner=partner, type=kind, expires_on=LAST_DAY)

    run(90)

    mail = digest_of(reviewer)
    assert (mail.body.count("Groupe "), "52" in mail.subject) == (50, True)


# --- arithmetic and cost -----------------------------------------------------------------------------------------

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(last_day=DAYS, added_on=DAYS, today=DAYS)
def test_the_threshold_is_the_most_urgent_one_reached_since(last_day, added_on, today):
    reached = threshold_reached(last_day, added_on, today, THRESHOLDS)

    since = [
        threshold
        for threshold in (*THRESHOLDS, LAPSED)
        if added_on < last_day - timedelta(days=threshold) and last_day - timedelta(days=threshold) <= today
    ]
    assert reached == (min(since) if since else None)
    if reached is not None:
        assert (last_day < today) == (reached == LAPSED)


def test_the_setting_decides_the_days(partner, signatory, settings):
    settings.ACE_EXPIRY_REMINDERS = [60]
    paper(partner)

    assert [run(days) for days in (90, 60, 30, 7, -1)] == [[], MAIL, [], [], MAIL]


def test_reading_what_is_due_costs_one_query(partner, django_assert_num_queries):
    for number in range(3):
        paper(partner, code=f"T{number}")

    with night(30), django_assert_num_queries(1):
        due = list(due_documents(LAST_DAY - timedelta(days=30)))

    assert [each.document for each in due] == list(Document.objects.order_by("pk"))


def test_the_count_is_of_mails(partner, signatory, reviewer):
    paper(partner)
    MembershipFactory(partner=partner, role=Role.EDITOR, user=UserFactory())

    with night(30):
        assert remind_documents(LAST_DAY - timedelta(days=30)) == 3
