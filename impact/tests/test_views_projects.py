import pytest
from django.urls import reverse

from impact.models import (
    BudgetLine,
    Indicator,
    Period,
    Project,
    Report,
    Target,
)
from impact.tests import factories
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db


PROJECT = {
    "code": "afa-2026",
    "title": "Épargner",
    "summary": "Vingt AVEC.",
    "areas": ["savings"],
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
}


def test_a_project_is_created_and_changed(login, me_officer):
    partner, client = PartnerFactory(), login(me_officer)

    answer = client.post(reverse("impact:project_create", args=[partner.slug]), PROJECT)
    project = Project.objects.get()
    client.post(reverse("impact:project_edit", args=[project.code]), {**PROJECT, "title": "Épargner mieux", "seen": 0})

    project.refresh_from_db()
    assert answer.url == reverse("impact:project", args=["afa-2026"])
    assert (project.title, project.lock_version) == ("Épargner mieux", 1)


@pytest.mark.parametrize("who", ["reviewer", "approver"])
def test_project_forms_explain_to_other_roles(login, report, who, request):
    client = login(request.getfixturevalue(who))
    addresses = [
        reverse("impact:project_create", args=[report.partner.slug]),
        *(
            reverse(f"impact:{name}", args=[report.project.code])
            for name in ("project_edit", "budget_line_add", "period_add", "target_add")
        ),
    ]

    answers = [client.get(address) for address in addresses]

    sentence = "Only a monitoring officer can change a project, its periods, its targets or its budget."
    assert [(answer.status_code, sentence in answer.text) for answer in answers] == [(200, True)] * 5


@pytest.mark.parametrize("name", ["project", "project_edit", "budget_line_add", "period_add", "target_add"])
def test_project_pages_do_not_exist_for_others(login, report, signatory, stranger, name):
    address = reverse(f"impact:{name}", args=[report.project.code])

    assert [login(user).get(address).status_code for user in (signatory, stranger)] == [404, 404]


def test_period_budget_line_and_target_are_added(login, me_officer):
    project, client = factories.ProjectFactory(), login(me_officer)
    factories.ProjectAreaFactory(project=project)
    indicator = factories.IndicatorFactory()
    assert Indicator.objects.count() == 1

    def post(name, data):
        return client.post(reverse(f"impact:{name}", args=[project.code]), data)

    post("budget_line_add", {"code": "A1", "label": "Formation", "amount": "45 000", "currency": "USD"})
    dates = {"starts_on": "2026-01-01", "ends_on": "2026-03-31", "due_on": "2026-04-15", "grace_days": "5"}
    post("period_add", {"label": "T1 2026", **dates})
    period = Period.objects.get()
    answer = post(
        "target_add",
        {
            "indicator": indicator.pk,
            "baseline_state": "unknown",
            "baseline_on": "2026-02-01",
            "final_target": "400",
            f"period_{period.pk}": "100",
            "rationale": "Deux par mois.",
        },
    )

    target = Target.objects.get()
    assert answer.url == reverse("impact:target", args=[project.code, target.pk])
    assert target.agreed_on is None
    assert BudgetLine.objects.get().amount == 45000
    assert Report.objects.get().period == period
    assert (target.baseline, target.final_target, target.period_targets.get().value) == (None, 400, 100)


def test_an_overlapping_period_is_refused_on_the_page_with_the_typed_text(login, report, me_officer):
    data = {"label": "Encore T1", "starts_on": "2025-03-01", "ends_on": "2025-05-31", "due_on": "2025-06-30"}

    answer = login(me_officer).post(
        reverse("impact:period_add", args=[report.project.code]), {**data, "grace_days": "0"}
    )

    assert answer.status_code == 403
    assert "These dates overlap the period" in answer.text
    assert "Encore T1" in answer.text


def test_a_target_of_another_project_is_not_found(login, report, me_officer):
    other = factories.TargetFactory()

    address = reverse("impact:target_edit", args=[report.project.code, other.pk])

    assert login(me_officer).get(address).status_code == 404


def counter(client, address, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count


@pytest.mark.parametrize("name", ["project", "target_add"])
def test_project_pages_ask_as_often_for_three_rows_as_for_one(
    login, report, target, me_officer, name, django_assert_max_num_queries
):
    address = reverse(f"impact:{name}", args=[report.project.code])
    count = counter(login(me_officer), address, django_assert_max_num_queries)
    count()
    one = count()
    for each in factories.TargetFactory.create_batch(2, project=report.project):
        period = factories.PeriodFactory(project=report.project)
        factories.PeriodTargetFactory(target=each, period=period)
        factories.ReportFactory(period=period)
        factories.BudgetLineFactory(project=report.project)

    assert count() == one


@pytest.mark.parametrize("model", ["indicator", "project", "report"])
def test_admin_is_read_only_with_a_link_to_the_work_page(login, report, target, me_officer, model):
    row = {"indicator": target.indicator, "project": report.project, "report": report}[model]
    client = login(me_officer)

    listed = client.get(reverse(f"admin:impact_{model}_changelist"))
    shown = client.get(reverse(f"admin:impact_{model}_change", args=[row.pk]))
    added = client.get(reverse(f"admin:impact_{model}_add"))

    assert (listed.status_code, shown.status_code, added.status_code) == (200, 200, 403)
    assert 'name="_save"' not in shown.text
    if model != "indicator":
        assert "/equipe/" in shown.text


def test_admin_never_shows_a_draft(login, complete_report, me_officer):
    shown = login(me_officer).get(reverse("admin:impact_report_change", args=[complete_report.pk]))

    assert "Huit groupes" not in shown.text
