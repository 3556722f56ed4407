"""The pages of targets, as each role."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from impact.models import RevisionStatus, Target, TargetRevision
from impact.tests import factories
from impact.tests.factories_targets import ProposedTargetFactory, TargetRevisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(report):
    return ProposedTargetFactory(project=report.project, rationale="Le double de l’an passé.")


def url(name, target, room="impact"):
    return reverse(f"{room}:{name}", args=[target.project.code, target.pk])


def typed(report, **more):
    return {
        "baseline_state": "known",
        "baseline": "0",
        "baseline_on": "2024-12-01",
        "final_target": "50",
        f"period_{report.period.pk}": "100",
        "rationale": "Deux par mois.",
        "seen": 0,
        **more,
    }


def test_a_proposal_is_changed_with_its_warning(login, report, proposed, me_officer):
    answer = login(me_officer).post(url("target_edit", proposed), typed(report), follow=True)

    assert answer.redirect_chain[-1][0] == url("target", proposed)
    assert "The targets of the periods add up to 100, the final target is 50." in answer.text
    assert "waits for the organisation’s agreement" in answer.text


def test_the_form_of_an_agreed_target_says_to_revise(login, report, target, me_officer):
    client = login(me_officer)

    shown = client.get(url("target_edit", target))
    posted = client.post(url("target_edit", target), typed(report))

    sentence = "Both sides agreed on this target: to change it, propose a revision."
    assert (shown.status_code, posted.status_code) == (200, 403)
    assert sentence in shown.text
    assert sentence in posted.text


def test_a_proposal_without_its_reason_is_not_taken(login, report, me_officer):
    factories.ProjectAreaFactory(project=report.project)
    indicator = factories.IndicatorFactory()

    answer = login(me_officer).post(
        reverse("impact:target_add", args=[report.project.code]),
        typed(report, indicator=indicator.pk, rationale=""),
    )

    assert answer.status_code == 422
    assert f"Yardsticks of {indicator.code}" in answer.text
    assert not Target.objects.filter(indicator=indicator).exists()


def test_the_yardsticks_of_an_indicator_come_before_its_numbers(login, report, me_officer):
    factories.ProjectAreaFactory(project=report.project)
    indicator = factories.IndicatorFactory()
    address = reverse("impact:target_add", args=[report.project.code])
    client = login(me_officer)

    assert "No other partner has an accepted result" not in client.get(address).text
    assert "No other partner has an accepted result" in client.get(address, {"indicateur": indicator.pk}).text
    assert client.get(address, {"indicateur": "x"}).status_code == 200


def test_a_proposal_is_taken_back(login, proposed, me_officer):
    answer = login(me_officer).post(url("target_discard", proposed), {"seen": 0})

    assert answer.url == reverse("impact:project", args=[proposed.project.code])
    assert not Target.objects.filter(pk=proposed.pk).exists()


def test_a_revision_is_proposed_and_withdrawn(login, report, target, me_officer):
    client = login(me_officer)

    client.post(url("target_revise", target), typed(report, motive="Deux villages de moins."))
    shown = client.get(url("target", target)).text
    client.post(url("revision_withdraw", target), {"seen": 0})

    assert "Deux villages de moins." in shown
    assert "revision waits for the organisation" in shown
    assert TargetRevision.objects.get().status == RevisionStatus.WITHDRAWN


def test_the_revision_form_locks_the_target_of_an_accepted_period(login, report, target, me_officer):
    factories.AcceptanceFactory(version__report=report)
    name = f"period_{report.period.pk}"

    login(me_officer).post(url("target_revise", target), typed(report, motive="Moins.", **{name: "1"}))

    revision = TargetRevision.objects.get()
    assert (revision.before["periods"], revision.after["periods"]) == ({"1": "100"}, {"1": "100"})


def test_a_signatory_reads_the_yardsticks_and_agrees(login, proposed, signatory):
    client = login(signatory)

    shown = client.get(url("target", proposed, "impact_space")).text
    client.post(url("target_agree", proposed, "impact_space"), {"seen": 0})

    proposed.refresh_from_db()
    assert "Too few other partners have results on this indicator to compare." in shown
    assert "Le double de l’an passé." in shown
    assert (proposed.agreed_on, proposed.agreed_by) == (timezone.localdate(), signatory)


def test_a_signatory_agrees_to_a_revision(login, target, signatory):
    revision = TargetRevisionFactory(target=target)
    client = login(signatory)

    shown = client.get(url("target", target, "impact_space")).text
    client.post(url("revision_agree", target, "impact_space"), {"seen": 0})
    after = client.get(url("target", target, "impact_space")).text

    target.refresh_from_db()
    assert revision.motive in shown
    assert "I agree to the revision" in shown
    assert target.final_target == Decimal(500)
    assert "I agree to the revision" not in after
    assert "Agreed by Sylvie Signe" in after


def test_a_signatory_sends_a_remark_that_ace_reads(login, proposed, signatory, me_officer):
    client, remark = login(signatory), "La saison des pluies <b>compte</b>."

    silent = client.post(url("target_question", proposed, "impact_space"), {"reason": ""})
    client.post(url("target_question", proposed, "impact_space"), {"reason": remark})
    pages = [
        login(me_officer).get(address).text
        for address in (
            url("target", proposed),
            url("target_edit", proposed),
            reverse("impact:project", args=[proposed.project.code]),
        )
    ]

    assert silent.status_code == 422
    assert all("La saison des pluies &lt;b&gt;compte&lt;/b&gt;." in page for page in pages)


@pytest.mark.parametrize("who", ["editor", "viewer"])
def test_other_members_read_why_they_cannot_answer(login, proposed, who, request):
    client = login(request.getfixturevalue(who))

    shown = client.get(url("target", proposed, "impact_space"))
    posted = client.post(url("target_agree", proposed, "impact_space"), {"seen": 0})

    assert "Only a signatory of the organisation can answer" in shown.text
    assert "I agree to this target" not in shown.text
    assert posted.status_code == 403


def test_a_page_that_moved_on_answers_409(login, report, proposed, signatory, me_officer):
    login(me_officer).post(url("target_edit", proposed), typed(report))

    answer = login(signatory).post(url("target_agree", proposed, "impact_space"), {"seen": 0})

    assert answer.status_code == 409


@pytest.mark.parametrize("name", ["target", "target_edit", "target_revise", "target_discard", "revision_withdraw"])
def test_targets_are_not_found_under_another_project(login, report, me_officer, name):
    other = factories.TargetFactory()
    address = reverse(f"impact:{name}", args=[report.project.code, other.pk])

    assert login(me_officer).post(address, {"seen": 0}).status_code == 404


@pytest.mark.parametrize("name", ["target", "target_agree", "target_question", "revision_agree"])
def test_targets_of_others_are_not_found_in_the_space(login, proposed, stranger, name):
    TargetRevisionFactory(target=proposed)

    assert login(stranger).post(url(name, proposed, "impact_space"), {"seen": 0}).status_code == 404
    assert not Target.objects.filter(pk=proposed.pk, agreed_on__isnull=False).exists()


def test_an_open_revision_is_needed_to_answer_one(login, target, signatory, me_officer):
    assert login(signatory).post(url("revision_agree", target, "impact_space"), {"seen": 0}).status_code == 404
    assert login(me_officer).post(url("revision_withdraw", target), {"seen": 0}).status_code == 404


def test_the_public_page_says_that_a_target_was_revised(login, target, signatory):
    TargetRevisionFactory(target=target, motive="La route est coupée.")
    partner = target.project.partner
    login(signatory).post(url("revision_agree", target, "impact_space"), {"seen": 0})

    shown = login().get(reverse("public:partner", args=[partner.slug]))

    assert shown.status_code == 200
    assert "La route est coupée." in shown.text


@pytest.mark.parametrize("room", ["impact", "impact_space"])
def test_the_page_asks_as_often_for_three_revisions_as_for_one(
    login, report, target, me_officer, signatory, room, django_assert_max_num_queries
):
    client = login(me_officer if room == "impact" else signatory)

    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url("target", target, room)).status_code == 200
        return len(captured)

    for number in range(1, 4):
        answered = {"status": RevisionStatus.WITHDRAWN, "answered_by": me_officer, "answered_at": timezone.now()}
        TargetRevisionFactory(target=target, number=number, proposed_by=me_officer, **answered)
        if number == 1:
            count()
            one = count()
            factories.PeriodFactory(project=report.project)

    assert count() == one
