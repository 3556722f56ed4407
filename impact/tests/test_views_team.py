from decimal import Decimal

import pytest
from django.urls import reverse

from ace_partners.core.rights import Role
from impact import actions, rules
from impact.models import (
    Acceptance,
    CorrectionRequest,
    Report,
    ReportStatus,
)
from impact.tests import factories
from partners.tests.factories import GrantFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def url(name, report, *args):
    return reverse(f"impact:{name}", args=[report.pk, *args])


def put(report, status):
    Report.objects.filter(pk=report.pk).update(status=status)
    report.refresh_from_db()
    return report


@pytest.fixture
def sent(complete_report, signatory):
    """A submitted report with one version."""
    actions.submit(complete_report, by=signatory, seen=complete_report.lock_version)
    complete_report.refresh_from_db()
    return complete_report


@pytest.fixture
def examined(sent, me_officer):
    actions.take(sent, by=me_officer, seen=sent.lock_version)
    sent.refresh_from_db()
    return sent


REPORT_PAGES = ("review", "take", "request_send", "accept", "waive_propose", "waive_approve")


@pytest.mark.parametrize("name", REPORT_PAGES)
@pytest.mark.parametrize("who", ["stranger", "signatory", "editor", "ace_admin", "auditor"])
def test_review_pages_do_not_exist_for_others(login, report, name, who, request):
    client = login(request.getfixturevalue(who))

    assert client.get(url(name, report)).status_code == 404
    assert client.post(url(name, report)).status_code == 404


def test_an_auditor_with_a_grant_reads(login, examined, auditor):
    GrantFactory(user=auditor, partner=examined.partner)
    client = login(auditor)

    assert client.get(url("review", examined)).status_code == 200
    assert client.post(url("accept", examined), {"seen": examined.lock_version}).status_code == 403


@pytest.mark.parametrize("who", ["me_officer", "reviewer", "approver"])
def test_ace_never_sees_a_draft_only_how_far_it_is(login, complete_report, target, who, request):
    factories.TargetFactory(project=complete_report.project)
    complete_report.draft_values.update(value=Decimal(73219), comment="Brouillon secret")
    factories.ReportEvidenceFactory(report=complete_report, caption="Pièce secrète")
    client = login(request.getfixturevalue(who))

    pages = [client.get(url("review", complete_report)).text, client.get(reverse("impact:report_list")).text]

    for page in pages:
        assert "started, 1/2" in page
        assert [
            word for word in ("73219", "73,219", "secret", "Huit groupes", "Location de salle") if word in page
        ] == []


def test_ace_reads_the_version_and_not_what_changes_behind_it(login, sent, target, me_officer, signatory):
    Report.objects.filter(pk=sent.pk).update(status=ReportStatus.CHANGES_REQUESTED, narrative="Texte en cours")
    sent.draft_values.update(value=Decimal(73219))

    page = login(me_officer).get(url("review", sent)).text

    assert ("Huit groupes se sont formés." in page, "Texte en cours" in page, "73,219" in page) == (True, False, False)


def test_review_shows_target_value_and_total(login, examined, me_officer):
    answer = login(me_officer).get(url("review", examined))

    row = answer.context["sheet"].rows[0]
    assert (row.aim_words, row.words, row.to_date_words, row.to_date.achievement) == (
        "100",
        "80",
        "80",
        Decimal("80.0"),
    )
    assert answer.context["against_accept"] == []


def test_review_explains_the_total_with_its_own_numbers(login, examined, me_officer):
    page = login(me_officer).get(url("review", examined)).content.decode()

    assert "How this figure is calculated" in page
    assert "80 ÷ 100 = 80%" in page


def test_take_then_accept(login, sent, me_officer):
    client = login(me_officer)

    client.post(url("take", sent), {"seen": sent.lock_version})
    sent.refresh_from_db()
    answer = client.post(url("accept", sent), {"seen": sent.lock_version})

    sent.refresh_from_db()
    assert answer.url == url("review", sent)
    assert (sent.status, Acceptance.objects.get().by) == (ReportStatus.ACCEPTED, me_officer)


def test_accept_happens_once_for_two_taps(login, examined, me_officer):
    client, data = login(me_officer), {"seen": examined.lock_version}

    answers = [client.post(url("accept", examined), data, once="c" * 32) for _tap in range(2)]

    assert [answer.url for answer in answers] == [url("review", examined)] * 2
    assert Acceptance.objects.count() == 1


def test_accept_of_a_stale_page_says_who_was_quicker(login, examined, me_officer):
    answer = login(me_officer).post(url("accept", examined), {"seen": examined.lock_version - 1})

    assert (answer.status_code, me_officer.name in answer.text) == (409, True)


def test_accept_by_another_role_is_refused_on_the_page(login, examined, reviewer):
    answer = login(reviewer).post(url("accept", examined), {"seen": examined.lock_version})

    assert answer.status_code == 403
    assert "Your role does not allow this step; another colleague has to take it." in answer.text


def test_accept_before_the_examination_is_stale(login, sent, me_officer):
    assert login(me_officer).post(url("accept", sent), {"seen": sent.lock_version}).status_code == 409


def test_a_correction_is_written_read_again_and_sent(login, examined, target, me_officer):
    client, key = login(me_officer), rules.value_key(target)

    client.post(url("request_field", examined, key), {"remark": "Combien sont nouveaux ?"})
    preview = client.get(url("request_send", examined)).text
    answer = client.post(url("request_send", examined), {"seen": examined.lock_version})

    examined.refresh_from_db()
    assert "Combien sont nouveaux ?" in preview
    assert (answer.url, examined.status) == (url("review", examined), ReportStatus.CHANGES_REQUESTED)


def test_a_correction_is_removed_before_it_leaves(login, examined, me_officer):
    factories.CorrectionRequestFactory(report=examined, version=examined.versions.get(), field_key="spending")

    login(me_officer).post(url("request_remove", examined, "spending"))

    assert not CorrectionRequest.objects.exists()


def test_a_correction_on_a_field_of_another_report_is_not_found(login, examined, me_officer):
    key = rules.value_key(factories.TargetFactory())

    assert login(me_officer).get(url("request_field", examined, key)).status_code == 404


def test_a_partner_never_reads_a_request_that_was_not_sent(login, examined, signatory):
    factories.CorrectionRequestFactory(report=examined, version=examined.versions.get(), remark="Note interne")

    pages = [
        login(signatory).get(reverse(f"impact_space:{name}", args=[examined.pk])).text
        for name in ("report", "check", "corrections")
    ]

    assert not any("Note interne" in page for page in pages)


def test_review_shows_the_old_value_beside_the_new(login, examined, target, me_officer, signatory):
    request = actions.request_field(examined, rules.value_key(target), by=me_officer, remark="Combien ?")
    report = actions.send_requests(examined, by=me_officer, seen=examined.lock_version)
    actions.save_value(report, target, by=signatory, seen=1, state="reported", value=Decimal(78))
    actions.save_reply(request, by=signatory, reply="Deux comptés deux fois.")
    actions.submit(report, by=signatory, seen=report.lock_version + 2)

    page = login(me_officer).get(url("review", report)).text

    assert ("<del>80</del>" in page, "<ins>78</ins>" in page, "Deux comptés deux fois." in page) == (True, True, True)


def test_a_waiver_is_proposed_by_one_and_approved_by_another(login, report, me_officer, approver):
    login(me_officer).post(url("waive_propose", report), {"reason": "Site fermé", "seen": report.lock_version})
    report.refresh_from_db()

    answer = login(approver).post(url("waive_approve", report), {"seen": report.lock_version})

    report.refresh_from_db()
    assert (answer.url, report.status) == (url("review", report), ReportStatus.WAIVED)
    assert "Site fermé" in login(me_officer).get(url("review", report)).text


def test_a_waiver_by_one_person_with_both_roles_is_refused(login, report, me_officer):
    me_officer.ace_roles.create(role=Role.APPROVER)
    client = login(me_officer)
    client.post(url("waive_propose", report), {"reason": "Site fermé", "seen": report.lock_version})
    report.refresh_from_db()

    answer = client.post(url("waive_approve", report), {"seen": report.lock_version})

    assert answer.status_code == 403
    assert "You proposed this waiver: another person has to approve it." in answer.text


# --- list ---------------------------------------------------------------------------------------------------------------


def test_report_list_narrows_by_state_and_words(login, sent, me_officer):
    sent.partner.name = "Maison Kwétu"
    sent.partner.save()
    other = factories.ReportFactory()
    client = login(me_officer)

    def listed(query):
        return [report.pk for report in client.get(reverse("impact:report_list"), query).context["page_obj"]]

    assert listed({"statut": "submitted"}) == [sent.pk]
    assert listed({"q": "kwetu"}) == [sent.pk]
    assert set(listed({})) == {sent.pk, other.pk}


def test_report_list_of_a_member_leaves_the_own_organisation_out(login, report, me_officer):
    MembershipFactory(user=me_officer, partner=report.partner)

    assert list(login(me_officer).get(reverse("impact:report_list")).context["page_obj"]) == []


# --- query counts ---------------------------------------------------------------------------------------------------------


def counter(client, address, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count


def test_report_list_asks_as_often_for_three_rows_as_for_one(login, report, me_officer, django_assert_max_num_queries):
    count = counter(login(me_officer), reverse("impact:report_list"), django_assert_max_num_queries)
    count()
    one = count()
    factories.ReportFactory.create_batch(2)

    assert count() == one


def test_review_asks_as_often_for_three_rows_as_for_one(
    login, report, target, me_officer, django_assert_max_num_queries
):
    version = factories.ReportVersionFactory(report=put(report, "in_review"))

    def add(each):
        factories.IndicatorValueFactory(version=version, target=each)
        factories.SpendingLineFactory(version=version, budget_line=factories.BudgetLineFactory(project=report.project))
        factories.CorrectionRequestFactory(report=report, version=version, field_key=rules.value_key(each))

    add(target)
    count = counter(login(me_officer), url("review", report), django_assert_max_num_queries)
    count()
    one = count()
    for each in factories.TargetFactory.create_batch(2, project=report.project):
        add(each)

    assert count() == one
