"""The pages of capacity plans on both sides: the roads, refusals in words, papers, queries."""

import re
from datetime import timedelta

import outloud
import pdfua
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ace_partners.core.models import AuditEvent
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from partners.models import Document
from partners.tests.factories import (
    DocumentFactory,
    DocumentTypeFactory,
    GrantFactory,
    MembershipFactory,
    PartnerFactory,
)
from vetting.actions import plans
from vetting.models import CapacityAction, CapacityPlan
from vetting.pdf import plans as paper
from vetting.plan_facts import plan_facts
from vetting.tests.factories import DecisionFactory, editor_of, viewer_of
from vetting.tests.factories_plans import (
    TrainingAttendanceFactory,
    fresh,
    plan_for,
    received,
    step_for,
    with_document,
)

pytestmark = pytest.mark.django_db
# A table of one row has more header cells than data cells; the checker takes that for a heading cut in pieces.
NOT_A_DEFECT = {"TBL-010"}


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


@pytest.fixture
def step():
    return step_for(PartnerFactory(name="Maison Tumaini", slug="tumaini"))


@pytest.fixture
def editor(step):
    return editor_of(step.plan.partner)


def url(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


# --- the organisation's road -------------------------------------------------------------------------------------


def test_the_road_of_a_step_from_its_first_day_to_ace(login, step, editor, reviewer):
    DocumentTypeFactory()
    client = login(editor)
    page = url("vetting_space:step", step.pk)

    plan = text_of(client.get(url("vetting_space:plan", step.plan_id)))
    first = text_of(client.get(page))
    begun = client.post(url("vetting_space:step_start", step.pk), {"seen": 0})
    upload = {"upload": SimpleUploadedFile("pv.pdf", PDF_BYTES, "application/pdf"), "title": "PV de 2026"}
    upload |= {"type": Document._meta.get_field("type").related_model.objects.get(code="STATUTS").pk}
    attached = client.post(url("vetting_space:step_attach", step.pk), upload)
    ready = text_of(client.get(page))
    sent = client.post(url("vetting_space:step_send", step.pk), {"seen": 1, "note": "Voir page 2."})

    assert "0 of 1 steps validated" in plan
    assert "the approval is suspended on the next day" in plan
    assert "Attach at least one document first" in first
    assert [begun["Location"], attached["Location"]] == [page, page]
    assert "PV de 2026" in ready
    assert "Attach at least one document first" not in ready
    assert sent["Location"] == url("vetting_space:plan", step.plan_id)
    assert (fresh(step).status, step.evidence.get().document.on_behalf) == ("evidence_received", False)
    after = text_of(client.get(page))
    assert "ACE received this evidence on" in after
    assert "Voir page 2." in after


def test_evidence_that_came_late_is_not_called_in_time(login, step, editor):
    with later(61):
        received(step, editor)
        page = text_of(login(editor).get(url("vetting_space:step", step.pk)))

    assert "after the day agreed" in page
    assert "nothing is late on your side" not in page


def test_a_document_of_the_file_is_chosen_and_taken_off_again(login, step, editor):
    document = DocumentFactory(partner=step.plan.partner, title="Statuts 2024")
    client = login(editor)

    client.post(url("vetting_space:step_attach", step.pk), {"document": document.pk})
    row = step.evidence.get()
    client.post(url("vetting_space:step_detach", step.pk, row.pk))

    assert row.document == document
    assert step.evidence.count() == 0
    assert Document.objects.filter(pk=document.pk).exists()


def test_ace_enters_evidence_on_behalf_and_the_page_says_so(login, step, reviewer):
    DocumentTypeFactory()
    client = login(reviewer)
    kind = Document._meta.get_field("type").related_model.objects.get(code="STATUTS")

    page = text_of(client.get(url("vetting_space:step", step.pk)))
    upload = {"upload": SimpleUploadedFile("pv.pdf", PDF_BYTES, "application/pdf"), "type": kind.pk}
    client.post(url("vetting_space:step_attach", step.pk), upload)

    assert "What you enter here is marked “entered by ACE for Maison Tumaini”." in page
    assert step.evidence.get().document.on_behalf


def test_an_attachment_without_anything_comes_back_with_a_sentence(login, step, editor):
    response = login(editor).post(url("vetting_space:step_attach", step.pk), {"title": "Sans fichier"})

    assert response.status_code == 422
    assert "Choose a document, or a file to send." in text_of(response)
    assert 'value="Sans fichier"' in response.content.decode()


def test_nothing_is_kept_of_a_file_when_the_step_is_closed(login, step, editor):
    DocumentTypeFactory()
    received(step, editor)
    before = Document.objects.count()
    kind = Document._meta.get_field("type").related_model.objects.get(code="STATUTS")
    upload = {"upload": SimpleUploadedFile("pv.pdf", PDF_BYTES, "application/pdf"), "type": kind.pk}

    response = login(editor).post(url("vetting_space:step_attach", step.pk), upload)

    assert response.status_code == 403
    assert "The step is “Evidence received”" in text_of(response)
    assert (Document.objects.count(), step.evidence.count()) == (before, 1)


def test_a_document_of_another_organisation_cannot_be_chosen(login, step, editor):
    foreign = DocumentFactory()

    response = login(editor).post(url("vetting_space:step_attach", step.pk), {"document": foreign.pk})

    assert response.status_code == 422
    assert step.evidence.count() == 0


def test_a_reader_sees_the_plan_and_changes_nothing(login, step):
    client = login(viewer_of(step.plan.partner))

    page = client.get(url("vetting_space:step", step.pk)).content.decode()
    refused = client.post(url("vetting_space:step_start", step.pk), {"seen": 0})

    assert url("vetting_space:step_attach", step.pk) not in page
    assert url("vetting_space:step_start", step.pk) not in page
    assert refused.status_code == 403
    assert fresh(step).status == "todo"


def test_sending_without_a_document_is_refused_with_the_reason(login, step, editor):
    response = login(editor).post(url("vetting_space:step_send", step.pk), {"seen": 0, "note": "Voici."})

    assert response.status_code == 403
    assert "Attach at least one document first" in text_of(response)
    assert fresh(step).status == "todo"


def test_a_note_that_is_too_long_stays_on_the_page(login, step, editor):
    with_document(step, editor)

    response = login(editor).post(url("vetting_space:step_send", step.pk), {"seen": 0, "note": "x" * 1001})

    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()
    assert fresh(step).status == "todo"


def test_a_stale_page_sends_nothing(login, step, editor):
    with_document(step, editor)
    plans.start(step, by=editor, seen=0)

    response = login(editor).post(url("vetting_space:step_send", step.pk), {"seen": 0, "note": ""})

    assert response.status_code == 409
    assert fresh(step).status == "in_progress"


def test_a_second_tap_sends_once(login, step, editor):
    with_document(step, editor)
    client = login(editor)
    address = url("vetting_space:step_send", step.pk)

    client.post(address, {"seen": 0, "note": ""}, once="meme-jeton")
    again = client.post(address, {"seen": 0, "note": ""}, once="meme-jeton")

    assert again.status_code == 302
    assert AuditEvent.objects.filter(action="capacity.send_evidence").count() == 1


def test_a_missed_day_is_said_on_every_page_of_the_plan(login, step, editor, reviewer):
    with later(61):
        pages = [
            login(editor).get(url("vetting_space:plan", step.plan_id)),
            login(editor).get(url("vetting_space:step", step.pk)),
            login(reviewer).get(url("vetting:plan", step.plan_id)),
            login(reviewer).get(url("vetting:step", step.pk)),
        ]
        texts = [text_of(page) for page in pages]

    assert all("1 day late" in text for text in texts)
    assert all("suspended" in text for text in texts)


def test_the_public_page_says_suspended_and_then_no_longer(login, client, step, approver):
    address = url("public:partner", step.plan.partner.slug)
    with later(60):
        assert "Suspended" not in text_of(client.get(address))
    with later(61):
        public = text_of(client.get(address))
        assert "Suspended" in public
        assert "Action C1.2" not in public  # the words of a condition leave the closed pages never
        new = (timezone.localdate() + timedelta(days=9)).isoformat()
        values = {"seen": 0, "due_on": new, "reason": "Route coupée."}
        given = login(approver).post(url("vetting:step_extend", step.pk), values)
        assert given.status_code == 302
        assert "Suspended" not in text_of(client.get(address))


def test_the_plan_of_a_replaced_decision_leads_to_the_plan_in_force(login, step, editor):
    newer = plan_for(step.plan.partner)

    page = login(editor).get(url("vetting_space:plan", step.plan_id))

    assert "A newer decision replaces the one that this plan belongs to." in text_of(page)
    assert url("vetting_space:plan", newer.pk) in page.content.decode()
    assert page.context["facts"].to_do == []
    DecisionFactory(partner=step.plan.partner)
    assert "To the plan in force" not in text_of(login(editor).get(url("vetting_space:plan", newer.pk)))


# --- ACE's road --------------------------------------------------------------------------------------------------


def test_ace_validates_and_the_progress_moves(login, step, editor, reviewer):
    received(step, editor)
    client = login(reviewer)

    page = text_of(client.get(url("vetting:step", step.pk)))
    done = client.post(url("vetting:step_validate", step.pk), {"seen": 1})

    assert "Validate this step" in page
    assert "Evidence of a step sent to ACE" in page  # the history in words, not in codes
    assert "capacity." not in page
    assert done["Location"] == url("vetting:step", step.pk)
    assert fresh(step).validated_by == reviewer
    assert "1 of 1 steps validated" in text_of(login(editor).get(url("vetting_space:plan", step.plan_id)))


def test_ace_sends_back_with_a_reason_that_the_organisation_reads(login, step, editor, reviewer):
    received(step, editor)
    address = url("vetting:step_send_back", step.pk)
    client = login(reviewer)

    silent = client.post(address, {"seen": 1, "reason": ""})
    back = client.post(address, {"seen": 1, "reason": "La page 2 manque."})

    assert silent.status_code == 422
    assert "Say why, in one sentence." in text_of(silent)
    assert back.status_code == 302
    assert "La page 2 manque." in text_of(login(editor).get(url("vetting_space:step", step.pk)))


def test_ace_is_warned_that_sending_back_late_evidence_suspends(login, step, editor, reviewer):
    received(step, editor)
    warning = "Sent back now, it suspends the approval at once"
    address = url("vetting:step_send_back", step.pk)

    assert warning not in text_of(login(reviewer).get(address))
    with later(61):
        assert warning in text_of(login(reviewer).get(address))


def test_the_direction_gives_more_time_within_its_limit(login, step, approver):
    address = url("vetting:step_extend", step.pk)
    client = login(approver)
    far = (step.due_on + timedelta(days=900)).isoformat()
    near = (step.due_on + timedelta(days=20)).isoformat()

    past = client.post(address, {"seen": 0, "due_on": "2020-01-01", "reason": "x"})
    empty = client.post(address, {"seen": 0, "due_on": "", "reason": ""})
    too_far = client.post(address, {"seen": 0, "due_on": far, "reason": "x"})
    given = client.post(address, {"seen": 0, "due_on": near, "reason": "Assemblée reportée."})

    assert (past.status_code, empty.status_code, too_far.status_code, given.status_code) == (422, 422, 403, 302)
    assert "Choose a day after today." in text_of(past)
    assert "Write the new date." in text_of(empty)
    assert "Choose a day up to" in text_of(too_far)
    assert "Assemblée reportée." in text_of(login(editor_of(step.plan.partner)).get(url("vetting_space:step", step.pk)))


def test_a_free_step_is_dropped_and_a_condition_is_not(login, step, reviewer):
    free = step_for(outcome="to_strengthen")
    client = login(reviewer)

    refused = client.post(url("vetting:step_drop", step.pk), {"seen": 0, "reason": "Plus utile."})
    dropped = client.post(url("vetting:step_drop", free.pk), {"seen": 0, "reason": "Plus utile."})

    assert (refused.status_code, dropped.status_code) == (403, 302)
    assert "it cannot be dropped" in text_of(refused)
    assert [fresh(row).status for row in (step, free)] == ["todo", "dropped"]


def test_buttons_follow_the_rules(login, step, editor, reviewer, approver, me_officer):
    received(step, editor)
    verbs = ["step_validate", "step_send_back", "step_extend", "step_drop"]

    def offered(user):
        page = login(user).get(url("vetting:step", step.pk)).content.decode()
        return [verb for verb in verbs if url(f"vetting:{verb}", step.pk) in page]

    assert offered(reviewer) == ["step_validate", "step_send_back"]
    assert offered(approver) == ["step_extend"]
    assert offered(me_officer) == []


def test_a_member_with_an_ace_role_has_no_team_page_of_its_own_plan(login, step):
    inside = MembershipFactory(
        partner=step.plan.partner, role=Role.VIEWER, user=UserFactory(roles=[Role.REVIEWER])
    ).user
    client = login(inside)

    answers = [
        client.get(url("vetting:plan", step.plan_id)).status_code,
        client.post(url("vetting:step_validate", step.pk), {"seen": 0}).status_code,
        client.get(url("vetting_space:plan", step.plan_id)).status_code,
    ]

    assert answers == [404, 404, 200]


def test_an_auditor_reads_with_a_grant_alone(login, step, auditor):
    assert login(auditor).get(url("vetting:step", step.pk)).status_code == 404
    GrantFactory(user=auditor, partner=step.plan.partner)
    assert login(auditor).get(url("vetting:step", step.pk)).status_code == 200


# --- the list ----------------------------------------------------------------------------------------------------


def listed(client, **query):
    page = client.get(url("vetting:plan_list"), query)
    return [plan.partner.name for plan in page.context["page_obj"]]


def test_the_list_filters_what_is_late_what_waits_and_history(login, reviewer):
    names = ["En retard", "En attente", "En cours", "Remplacé"]
    late, waiting, running, old = (step_for(PartnerFactory(name=name)) for name in names)
    CapacityAction.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    received(waiting, editor_of(waiting.plan.partner))
    DecisionFactory(partner=old.plan.partner)
    client = login(reviewer)

    assert listed(client) == ["En retard", "En attente", "En cours"]
    assert listed(client, state="late") == ["En retard"]
    assert listed(client, state="waiting") == ["En attente"]
    assert listed(client, state="history") == ["Remplacé"]
    assert listed(client, q="COURS") == ["En cours"]
    assert listed(client, state="nonsense") == ["En retard", "En attente", "En cours"]
    assert "No plan here" in text_of(client.get(url("vetting:plan_list"), {"q": "zzz"}))


def test_the_list_has_pages(login, reviewer):
    for _n in range(21):
        step_for()

    first = login(reviewer).get(url("vetting:plan_list"))

    assert (len(first.context["page_obj"]), "page=2" in first.content.decode()) == (20, True)


# --- hostile text, papers, queries -------------------------------------------------------------------------------


def test_hostile_words_are_words(login, step, editor, reviewer):
    with_document(step, editor)
    evil = "<script>alert(1)</script> =cmd|'/C calc'!A0"
    plans.send_evidence(fresh(step), by=editor, seen=0, note=evil)
    plans.send_back(fresh(step), by=reviewer, seen=1, reason=evil)

    for user, name in ((editor, "vetting_space:step"), (reviewer, "vetting:step")):
        page = login(user).get(url(name, step.pk)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_the_paper_holds_what_the_pages_show(step, editor, reviewer):
    TrainingAttendanceFactory(partner=step.plan.partner, session__title="Tenir un registre", women=4, men=0)
    received(step, editor)

    facts = paper.PaperFacts.of(plan_facts(CapacityPlan.objects.get(pk=step.plan_id)))

    [row] = facts.steps
    assert (facts.partner, facts.reference, facts.in_force) == ("Maison Tumaini", step.plan.reference, True)
    assert (row.code, row.action, row.support) == ("C1.2", "Action C1.2", "Un modèle et un appui")
    assert row.documents == ("Procès-verbal",)
    assert [(training.title, training.women, training.men) for training in facts.trainings] == [
        ("Tenir un registre", 4, 0)
    ]


def test_the_paper_is_an_accessible_pdf_for_both_sides(login, reviewer, tmp_path):
    plan = plan_for(PartnerFactory(is_fictitious=True), items=("C1.2", "C3.1", "C4.1"))
    editor = editor_of(plan.partner)
    TrainingAttendanceFactory(partner=plan.partner)
    received(plan.actions.first(), editor)
    with later(61):
        papers = [
            login(user).get(url(f"{space}:plan_pdf", plan.pk))
            for user, space in ((editor, "vetting_space"), (reviewer, "vetting"))
        ]

    path = tmp_path / "plan.pdf"
    path.write_bytes(papers[0].content)
    assert papers[0].content == papers[1].content
    assert [paper["Content-Type"] for paper in papers] == ["application/pdf"] * 2
    assert f"plan-{plan.reference}.pdf" in papers[0]["Content-Disposition"]
    assert [
        str(found)
        for found in outloud.check(str(path)).findings
        if found.severity == "error" and found.rule not in NOT_A_DEFECT
    ] == []
    assert [finding.message for finding in pdfua.validate(str(path)).findings] == []


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_query_count_of_a_plan_is_the_same_at_one_step_and_three(login, reviewer):
    def cost(items):
        plan = plan_for(items=items)
        editor = editor_of(plan.partner)
        for step in plan.actions.all():
            received(step, editor)
            TrainingAttendanceFactory(partner=plan.partner)
        return [
            queries_of(login(editor), url("vetting_space:plan", plan.pk)),
            queries_of(login(reviewer), url("vetting:plan", plan.pk)),
        ]

    assert cost(("C1.2",)) == cost(("C1.2", "C3.1", "C4.1"))


def test_query_count_of_a_step_is_the_same_at_one_document_and_three(login, reviewer):
    def cost(documents):
        step = step_for()
        editor = editor_of(step.plan.partner)
        for _n in range(documents):
            with_document(step, editor)
        return [
            queries_of(login(editor), url("vetting_space:step", step.pk)),
            queries_of(login(reviewer), url("vetting:step", step.pk)),
        ]

    assert cost(1) == cost(3)


def test_query_count_of_the_list_is_the_same_at_one_plan_and_three(login, reviewer):
    client = login(reviewer)
    step_for()
    client.get(url("vetting:plan_list"))
    one = queries_of(client, url("vetting:plan_list"))
    step_for()
    step_for()

    assert queries_of(client, url("vetting:plan_list")) == one
