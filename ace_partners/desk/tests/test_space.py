"""« Mon espace »: one sentence first, then what is asked, what lies with ACE, what was decided; for each role its buttons."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.dates import format_date
from ace_partners.core.rights import Role
from ace_partners.desk.figures.space import read_space
from ace_partners.desk.figures.words import duration, rounded
from impact.models import Report, ReportStatus
from impact.tests.factories import (
    AcceptanceFactory,
    CorrectionRequestFactory,
    DraftSpendingFactory,
    DraftValueFactory,
    ProjectFactory,
    ReportVersionFactory,
    TargetFactory,
)
from impact.tests.factories_targets import ProposedTargetFactory, TargetRevisionFactory
from partners.models import Document, Gap
from partners.tests.factories import DocumentFactory, MembershipFactory, PartnerFactory
from vetting.actions import plans
from vetting.models import Answer, CorrectionRequest, DossierStatus
from vetting.tests.factories import DecisionFactory, DossierFactory
from vetting.tests.factories_following import FlagFactory
from vetting.tests.factories_plans import plan_for, received, step_for, with_document

SPACE = "/espace/"


def day_text(day):
    return format_date(day, "en")


def the_task(user):
    [section] = read_space(user).sections
    [(task, against)] = section.tasks
    return task, against


# --- the one sentence --------------------------------------------------------------------------------------------


def test_sentence_when_nothing_is_asked(signatory):
    assert read_space(signatory).sentence == "Nothing is asked of you for now."


def test_sentence_of_a_dossier_says_what_by_when_and_how_long(signatory, partner, day):
    DossierFactory(partner=partner, due_on=day(10))

    sentence = read_space(signatory).sentence

    asked = f"complete the due-diligence dossier and send it to ACE, by {day_text(day(10))}; allow about 30 min."
    assert sentence == f"To do: {asked}"  # six points of 4 minutes, 5 to check: 29


def test_sentence_of_a_late_report_says_how_late(signatory, partner, report_due, day):
    report_due(partner, n=-1)

    asked = f"write the report “T3” of Épargne, which was expected by {day_text(day(-1))} (1 day late)"
    assert read_space(signatory).sentence == f"To do: {asked}; allow about 30 min."


def test_sentence_names_the_oldest_of_several_things(signatory, partner, report_due, day):
    DossierFactory(partner=partner, due_on=day(10))
    report_due(partner, n=5)

    asked = f"write the report “T3” of Épargne, by {day_text(day(5))}; allow about 30 min."
    assert read_space(signatory).sentence == f"2 things to do, first of all: {asked}"


def test_sentence_without_a_due_date(signatory, partner):
    DossierFactory(partner=partner, due_on=None)

    asked = "complete the due-diligence dossier and send it to ACE; allow about 30 min."
    assert read_space(signatory).sentence == f"To do: {asked}"


def test_sentence_says_what_ace_is_doing_and_until_when(signatory, partner, report_due, day):
    report = report_due(partner, status=ReportStatus.SUBMITTED, last_submitted_at=timezone.now())

    words = f"ACE examines your report “T3” of Épargne and answers by {day_text(day(15))}."
    assert read_space(signatory).sentence == f"Nothing is asked of you: {words}"
    assert report.status == ReportStatus.SUBMITTED


def test_sentence_of_a_dossier_at_ace_promises_no_day(signatory, partner, day):
    DossierFactory(partner=partner, status=DossierStatus.IN_REVIEW)

    words = f"ACE has your due-diligence dossier since {day_text(day(0))} and will write to you."
    assert read_space(signatory).sentence == f"Nothing is asked of you: {words}"


def test_sentence_names_the_next_report_when_its_period_still_runs(signatory, partner, report_due, day):
    report_due(partner, n=60)

    words = f"the next report, “T3”, is due on {day_text(day(60))}."
    assert read_space(signatory).sentence == f"Nothing is asked of you for now: {words}"


# --- observations of ACE -----------------------------------------------------------------------------------------


def test_an_observation_asks_the_signatory_for_a_reply_by_its_day(signatory, member, partner, day):
    flag = FlagFactory(partner=partner, status="notified", reply_due_on=day(14))
    FlagFactory(partner=partner, status="raised")
    FlagFactory(partner=partner, status="answered")

    [(task, against)] = read_space(signatory).sections[0].tasks
    [(_same, against_editor)] = read_space(member(Role.EDITOR)).sections[0].tasks

    assert (task.what, task.due_on, against) == ("reply to an observation of ACE: Money", day(14), [])
    assert task.url == reverse("vetting_space:flag", args=[flag.pk])
    assert against_editor[0].startswith("A signatory answers for the organisation. Ask ")
    assert read_space(member(Role.VIEWER)).sections[0].tasks == []


# --- steps of a capacity plan ------------------------------------------------------------------------------------


def test_every_unfinished_step_is_a_task_and_its_evidence_waits_with_ace(signatory, partner, day):
    plan = plan_for(partner, items=("C1.2", "C3.1", "C4.1"), days=20)
    first, second, _third = plan.actions.all()
    received(first, signatory)
    with_document(second, signatory)

    [section] = read_space(signatory).sections

    assert [(task.what, task.due_on, task.late, against) for task, against in section.tasks] == [
        ("send the evidence for step C3.1 of the capacity plan", day(20), 0, []),
        ("send the evidence for step C4.1 of the capacity plan", day(20), 0, []),
    ]
    assert [task.hint for task, _against in section.tasks] == ["Action C3.1 · 1 document attached", "Action C4.1"]
    assert section.tasks[0][0].url == reverse("vetting_space:step", args=[second.pk])
    assert [row.what for row in section.waiting] == ["your evidence for step C1.2 of the capacity plan"]


def test_a_step_that_ace_sent_back_says_so_and_a_late_one_how_late(signatory, partner, reviewer):
    step = received(step_for(partner), signatory)
    plans.send_back(step, by=reviewer, seen=step.lock_version, reason="La page 2 manque.")

    task, _against = the_task(signatory)
    [section] = read_space(signatory, today=step.due_on + timedelta(days=3)).sections

    assert (task.label, task.tone) == ("ACE asks for more", "watch")
    assert section.tasks[0][0].late == 3


def test_a_finished_plan_and_one_of_a_replaced_decision_ask_nothing(signatory, partner, login):
    plan = plan_for(partner)
    DecisionFactory(partner=partner)

    assert read_space(signatory).sections[0].tasks == []
    assert reverse("vetting_space:plan", args=[plan.pk]) in login(signatory).get(SPACE).content.decode()


def test_a_reader_of_the_organisation_sees_who_can_send_a_step(member, partner, signatory):
    step_for(partner)

    _task, against = the_task(member(Role.VIEWER))

    assert against == ["Your access is for reading. Who can do it: Sylvie Signe."]


# --- tasks -------------------------------------------------------------------------------------------------------


def test_dossier_task_counts_what_is_missing(signatory, partner):
    dossier = DossierFactory(partner=partner)
    first = dossier.answers.first()
    Answer.objects.filter(pk=first.pk).update(text="Oui.")
    second = dossier.answers.last()
    second.evidence.create(document=DocumentFactory(partner=partner))

    task, against = the_task(signatory)

    assert (task.hint, task.ready, task.url, against) == (
        "2 of 6 points answered",
        False,
        reverse("vetting_space:dossier", args=[dossier.pk]),
        [],
    )


def test_dossier_with_every_point_answered_is_ready_to_send(signatory, partner):
    dossier = DossierFactory(partner=partner, answers="Réponse.")

    task, _against = the_task(signatory)

    assert (task.what, task.url, task.minutes) == (
        "check the due-diligence dossier and send it to ACE",
        reverse("vetting_space:check", args=[dossier.pk]),
        5,
    )


def test_dossier_sent_back_counts_the_requests_only(signatory, partner, reviewer):
    dossier = DossierFactory(partner=partner, status=DossierStatus.CHANGES_REQUESTED)
    for answer in dossier.answers.all()[:2]:
        CorrectionRequest.objects.create(
            dossier=dossier, item=answer.item, remark="Et la date ?", author=reviewer, sent_at=timezone.now()
        )
    Answer.objects.filter(pk=dossier.answers.first().pk).update(updated_at=timezone.now())

    task, _against = the_task(signatory)

    assert (task.what, task.hint, task.minutes) == (
        "answer 1 request of ACE about your dossier",
        "1 of 2 points answered",
        10,
    )


def test_report_ready_to_send(signatory, partner, report_due):
    report = report_due(partner, narrative="Huit groupes.")
    DraftValueFactory(report=report, target=report.project.targets.get())
    DraftSpendingFactory(report=report)

    task, _against = the_task(signatory)

    assert (task.what, task.url, task.hint) == (
        "check the report “T3” of Épargne and send it to ACE",
        reverse("impact_space:check", args=[report.pk]),
        "1 of 1 indicators filled in",
    )


def test_report_sent_back_counts_the_requests(signatory, partner, report_due):
    report = report_due(partner)
    version = ReportVersionFactory(report=report)
    CorrectionRequestFactory(version=version, sent_at=timezone.now())
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.CHANGES_REQUESTED)

    task, _against = the_task(signatory)

    assert (task.what, task.hint, task.minutes) == ("correct the report “T3” of Épargne", "1 correction request", 10)


def test_report_without_a_target_says_whom_to_ask(signatory, partner, report_due):
    report_due(partner).project.targets.all().delete()

    assert the_task(signatory)[0].hint == "No target has been agreed for this project yet: write to ACE."


def test_viewer_reads_who_can_do_it(member, partner):
    member(Role.EDITOR, "Emile Ecrit")
    member(Role.SIGNATORY, "Sylvie Signe")
    viewer = member(Role.VIEWER, "Victor Voit")
    DossierFactory(partner=partner)

    assert the_task(viewer)[1] == ["Your access is for reading. Who can do it: Emile Ecrit, Sylvie Signe."]


def test_editor_of_a_complete_dossier_asks_the_signatory(member, partner):
    editor = member(Role.EDITOR, "Emile Ecrit")
    DossierFactory(partner=partner, answers="Réponse.")

    assert the_task(editor)[1] == ["All is filled in: a signatory sends it. Ask nobody yet; write to ACE."]


def test_tasks_stand_oldest_due_first_and_undated_last(signatory, partner, report_due, day):
    DossierFactory(partner=partner, due_on=None)
    report_due(partner, n=9)
    report_due(partner, n=-2)

    [section] = read_space(signatory).sections

    assert [task.due_on for task, _against in section.tasks] == [day(-2), day(9), None]


# --- sections ----------------------------------------------------------------------------------------------------


def test_section_shows_what_lies_with_ace_without_its_inner_states(signatory, partner):
    DossierFactory(partner=partner, status=DossierStatus.PROPOSED)

    [row] = read_space(signatory).sections[0].waiting

    assert (row.code, row.label, row.until) == ("in_review", "Being examined", None)


def test_section_keeps_receipts_and_decisions(signatory, partner, report_due):
    decision = DecisionFactory(partner=partner)
    version = ReportVersionFactory(report=report_due(partner))
    AcceptanceFactory(version=version)

    [section] = read_space(signatory).sections

    today = timezone.localdate()
    assert [row.pk for row in section.decisions] == [decision.pk]
    assert {(row.number, row.on, row.accepted_on) for row in section.receipts} == {
        (decision.dossier.versions.get().reference, today, None),
        (version.receipt_number, today, today),
    }


def test_section_shows_the_newest_documents_and_counts_all(signatory, partner):
    DocumentFactory.create_batch(7, partner=partner)
    replaced = DocumentFactory(partner=partner)
    DocumentFactory(partner=partner, replaces=replaced)

    [section] = read_space(signatory).sections

    assert (len(section.documents), section.documents_total) == (5, 8)
    assert section.documents[0] == Document.objects.latest("pk")


def test_profile_marks_what_is_missing(signatory, partner, login):
    Gap.objects.create(partner=partner, what="Numéro d'agrément")

    html = login(signatory).get(SPACE).content.decode()

    assert "Numéro d&#x27;agrément" in html
    assert "to-complete" in html


def test_people_are_those_with_access_today(signatory, partner, member, day):
    MembershipFactory(partner=partner, ends_on=day(-1), starts_on=day(-9), user__name="Parti")
    MembershipFactory(partner=partner, user__is_active=False, user__name="Désactivé")
    MembershipFactory(user__name="Ailleurs")
    member(Role.VIEWER, "Victor Voit")

    [section] = read_space(signatory).sections

    assert [str(access.user) for access in section.people] == ["Sylvie Signe", "Victor Voit"]


def test_each_organisation_has_its_section_and_only_its_own_rows(signatory, partner, report_due):
    other = PartnerFactory(name="Autre Maison")
    MembershipFactory(user=signatory, partner=other, role=Role.VIEWER)
    report_due(other)
    DossierFactory(partner=partner)
    DossierFactory()  # a stranger's

    sections = read_space(signatory).sections

    assert [(s.partner.name, s.role_label, len(s.tasks)) for s in sections] == [
        ("Autre Maison", "Viewer", 1),
        ("Maison Tumaini", "Signatory", 1),
    ]


def test_without_an_organisation_the_page_says_whom_to_ask(reviewer, login, settings):
    response = login(reviewer).get(SPACE)

    assert response.status_code == 200
    assert "No organisation yet" in response.content.decode()
    assert settings.ACE_CONTACT_EMAIL in response.content.decode()


def test_a_reviewer_who_belongs_to_an_organisation_reads_its_space(reviewer, partner, login):
    MembershipFactory(user=reviewer, partner=partner, role=Role.EDITOR)
    DossierFactory(partner=partner)

    assert "Maison Tumaini" in login(reviewer).get(SPACE).content.decode()


def test_page_opens_on_the_sentence(signatory, partner, login):
    DossierFactory(partner=partner)

    html = login(signatory).get(SPACE).content.decode()
    main = html[html.index("<main") :]

    sentence = re.search(r"<strong>(.*?)</strong>", main)[1]
    assert sentence == read_space(signatory).sentence
    assert main.index(sentence) < main.index("<h2")


def test_the_first_task_is_one_tap_from_the_sentence(signatory, member, partner, login):
    dossier = DossierFactory(partner=partner, answers="Réponse.")
    link = f'<a class="btn btn-primary" href="{reverse("vetting_space:check", args=[dossier.pk])}">Check and send</a>'

    assert link in login(signatory).get(SPACE).content.decode()
    assert link not in login(member(Role.EDITOR)).get(SPACE).content.decode()


def test_what_is_late_is_marked_and_what_is_done_is_never_green(signatory, partner, login, day):
    client = login(signatory)
    assert '<div class="alert">' in client.get(SPACE).content.decode()

    DossierFactory(partner=partner, due_on=day(-1))

    assert '<div class="alert alert-warning">' in client.get(SPACE).content.decode()


def test_viewer_has_no_button_to_add(member, partner, login):
    viewer = member(Role.VIEWER)

    assert reverse("desk:document_add", args=["tumaini"]) not in login(viewer).get(SPACE).content.decode()


@pytest.mark.parametrize(
    ("minutes", "shown"), [(1, "5 min"), (5, "5 min"), (41, "45 min"), (60, "1 h"), (71, "1 h 15")]
)
def test_minutes_are_rounded_up_to_five(minutes, shown):
    assert duration(rounded(minutes)) == shown


# --- cost --------------------------------------------------------------------------------------------------------


def fill(partner, report_due):
    DossierFactory(partner=partner, due_on=date(2099, 1, 1))
    report_due(partner)
    report_due(partner, n=60)
    report_due(partner, status=ReportStatus.SUBMITTED, last_submitted_at=timezone.now())
    AcceptanceFactory(version=ReportVersionFactory(report=report_due(partner)))
    DocumentFactory(partner=partner)
    plan_for(partner)
    FlagFactory(partner=partner, status="notified")
    Gap.objects.create(partner=partner, what="Statuts")


def test_targets_that_wait_are_one_task_per_project_for_a_signatory(signatory, partner):
    project = ProjectFactory(partner=partner, title="Épargne")
    TargetFactory(project=project)
    assert not read_space(signatory).sections[0].tasks
    ProposedTargetFactory(project=project)
    TargetRevisionFactory(target=TargetFactory(project=project))

    task, against = the_task(signatory)
    editor = MembershipFactory(partner=partner, role=Role.EDITOR).user

    assert (task.what, against) == ("answer ACE on 2 targets of Épargne", [])
    assert task.url == reverse("impact_space:project", args=[project.code]) + "#cibles"
    assert the_task(editor)[1] == [f"A signatory answers for the organisation. Ask {signatory}."]


def test_query_count_is_the_same_for_one_and_three_organisations(
    signatory, partner, report_due, login, django_assert_max_num_queries
):
    counts = []
    client = login(signatory)
    fill(partner, report_due)
    for extra in (0, 2):
        for _n in range(extra):
            other = MembershipFactory(user=signatory, role=Role.EDITOR).partner
            fill(other, report_due)
        with django_assert_max_num_queries(25) as counted:
            assert client.get(SPACE).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]
