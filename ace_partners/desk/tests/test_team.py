"""« Mon travail »: lanes by query, oldest first, each card saying why it is here; each role sees its own lanes first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import OutgoingMailFactory, UserFactory
from ace_partners.desk.figures.team import lanes_of
from impact.models import Report, ReportStatus
from impact.tests.factories import DraftValueFactory
from partners.tests.factories import MembershipFactory
from vetting.models import Dossier, DossierStatus
from vetting.tests.factories import ConflictDeclarationFactory, DossierFactory, FindingFactory, ProposalFactory

TEAM = "/equipe/"


def lane(user, code):
    return next(each for each in lanes_of(user) if each.code == code)


def shown(user, code):
    return [(card.title, card.why) for card in lane(user, code).cards]


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        (
            Role.REVIEWER,
            ["examine", "second_person", "follow_up", "second_look", "reports", "with_partner", "mail"],
        ),
        (
            Role.APPROVER,
            ["second_look", "second_person", "follow_up", "impact_work", "examine", "reports", "with_partner", "mail"],
        ),
        (Role.ME_OFFICER, ["second_person", "follow_up", "reports", "impact_work", "mail"]),
        (Role.ADMIN, ["mail"]),
    ],
)
def test_each_role_sees_its_lanes_in_order(role, codes, db):
    assert [each.code for each in lanes_of(UserFactory(roles=[role]))] == codes


def test_to_examine_holds_what_is_free_and_what_is_mine(reviewer, other_reviewer):
    free = DossierFactory(status=DossierStatus.SUBMITTED, partner__name="Libre")
    DossierFactory(status=DossierStatus.SUBMITTED, assigned_to=reviewer, partner__name="Revenu")
    DossierFactory(status=DossierStatus.IN_REVIEW, assigned_to=reviewer, partner__name="En cours")
    DossierFactory(status=DossierStatus.IN_REVIEW, assigned_to=other_reviewer, partner__name="D'un autre")
    DossierFactory(status=DossierStatus.COLLECTING)
    # The oldest comes first.
    Dossier.objects.filter(pk=free.pk).update(last_submitted_at=timezone.now() - timedelta(days=9))

    assert shown(reviewer, "examine") == [
        ("Libre", "Sent by the organisation; nobody examines it yet"),
        ("Revenu", "The organisation answered your requests"),
        ("En cours", "You are examining it"),
    ]
    assert lane(reviewer, "examine").cards[0].since == timezone.localdate() - timedelta(days=9)


def test_a_proposal_sent_back_says_so(reviewer, approver):
    dossier = DossierFactory(status=DossierStatus.IN_REVIEW, assigned_to=reviewer, partner__name="Renvoyé")
    ProposalFactory(dossier=dossier, returned_at=timezone.now(), returned_by=approver)

    assert shown(reviewer, "examine") == [("Renvoyé", "The second person sent it back to you")]


def test_second_look_leaves_out_what_the_approver_had_a_hand_in(approver):
    ProposalFactory(dossier__partner__name="À voir")
    ProposalFactory(proposed_by=approver)
    FindingFactory(dossier=ProposalFactory().dossier, author=approver, item=ProposalFactory().dossier.items.first())
    ConflictDeclarationFactory(dossier=ProposalFactory().dossier, user=approver, has_link=True)

    names = [card.title for card in lane(approver, "second_look").cards]

    assert "À voir" in names
    assert len(names) == 2  # and the one that lent its item to the finding above


def test_a_member_of_the_organisation_loses_its_cards(reviewer):
    dossier = DossierFactory(status=DossierStatus.SUBMITTED)
    MembershipFactory(user=reviewer, partner=dossier.partner, role=Role.VIEWER)

    assert shown(reviewer, "examine") == []


def test_waiting_for_the_organisation_counts_the_days(reviewer, day):
    DossierFactory(partner__name="En retard", due_on=day(-3))
    DossierFactory(partner__name="Sans date", due_on=None)
    DossierFactory(partner__name="À temps", due_on=day(3), status=DossierStatus.CHANGES_REQUESTED)

    cards = lane(reviewer, "with_partner").cards

    assert [(card.title, card.why, card.late) for card in cards] == [
        ("En retard", "The organisation prepares it", 3),
        ("À temps", "ACE asked for changes", 0),
        ("Sans date", "The organisation prepares it", 0),
    ]


def test_reports_sent_come_before_reports_owed(me_officer, partner, report_due):
    report_due(partner, n=-2)
    report_due(partner, n=5)  # not due yet: nobody's work
    sent = report_due(partner, n=5, status=ReportStatus.SUBMITTED, last_submitted_at=timezone.now())
    accepted_like = report_due(partner, n=5, status=ReportStatus.CHANGES_REQUESTED)

    cards = lane(me_officer, "reports").cards

    assert [(card.why, card.late) for card in cards] == [
        ("Sent by the organisation; nobody examines it yet", 0),
        ("Not sent yet", 2),
        ("ACE asked for corrections; the organisation answers", 0),
    ]
    assert (cards[0].report, cards[2].report) == (sent, accepted_like)


def test_ace_sees_how_late_it_is_itself(me_officer, partner, report_due, day):
    report_due(partner, status=ReportStatus.IN_REVIEW, last_submitted_at=timezone.now() - timedelta(days=17))

    [card] = lane(me_officer, "reports").cards

    assert (card.since, card.answer_by, card.overdue, card.due_on) == (day(-17), day(-2), 2, None)


def test_a_draft_shows_how_far_it_is_and_nothing_of_what_it_says(me_officer, partner, report_due, login):
    report = report_due(partner, n=-2, narrative="Secret de brouillon")
    DraftValueFactory(report=report, target=report.project.targets.get(), comment="Secret de valeur")

    html = login(me_officer).get(TEAM).content.decode()

    assert "started, 1/1" in html
    assert "Secret" not in html


def test_a_proposed_waiver_waits_for_a_second_person(approver, me_officer, partner, report_due):
    report = report_due(partner, n=20)
    Report.objects.filter(pk=report.pk).update(waiver_proposed_by=me_officer, waived_reason="Conflit sur le site.")

    assert [card.why for card in lane(approver, "reports").cards] == [
        "Suzanne Suivi proposes not to ask for it; it takes a second person"
    ]


def test_unsent_mail_is_a_lane(ace_admin, approver, reviewer):
    OutgoingMailFactory(state=MailState.FAILED, subject="Reçu", to_address="faux@example.org")
    OutgoingMailFactory(state=MailState.QUEUED)

    assert shown(ace_admin, "mail") == [("Reçu", "It could not be sent to faux@example.org")]
    assert shown(approver, "mail") == shown(ace_admin, "mail")
    assert shown(reviewer, "mail") == []


def test_a_lane_shows_twenty_and_links_to_the_rest(reviewer, login):
    DossierFactory.create_batch(21, status=DossierStatus.SUBMITTED)

    examine = lane(reviewer, "examine")

    assert (len(examine.cards), examine.count) == (20, 21)
    assert "The whole list (21)" in login(reviewer).get(TEAM).content.decode()


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ([Role.REVIEWER], 200),
        ([Role.ME_OFFICER], 200),
        ([Role.APPROVER], 200),
        ([Role.ADMIN], 200),
        ([Role.AUDITOR], 404),
        ([], 404),
    ],
)
def test_the_page_is_for_staff(roles, status, db, login):
    assert login(UserFactory(roles=roles)).get(TEAM).status_code == status


def test_a_member_gets_404(signatory, login):
    assert login(signatory).get(TEAM).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ME_OFFICER, Role.APPROVER, Role.ADMIN])
def test_query_count_is_the_same_at_one_and_three_rows(
    role, db, login, report_due, partner, django_assert_max_num_queries
):
    client = login(UserFactory(roles=[role]))
    counts = []
    for rows in (1, 2):
        for _n in range(rows):
            DossierFactory(status=DossierStatus.SUBMITTED)
            DossierFactory(status=DossierStatus.COLLECTING)
            ProposalFactory()
            report_due(partner, n=-2)
            OutgoingMailFactory(state=MailState.FAILED)
        with django_assert_max_num_queries(23) as counted:
            assert client.get(TEAM).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]
