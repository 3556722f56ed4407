"""What was agreed, closed and kept, in the admin: to look up, by the roles of design §6, and never to change."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ace_partners.core import uploads
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from impact.models import AxisCategory, Paper, PaperKind, QuarterClose
from impact.tests import factories
from impact.tests.factories_agreements import AgreementFactory, ConsultationFactory, DisbursementFactory
from impact.tests.factories_checks import AxisCategoryFactory
from impact.tests.factories_closing import QuarterCloseFactory, ReopeningFactory, accepted
from impact.tests.factories_targets import TargetRevisionFactory
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db

NAMES = ["agreement", "disbursement", "consultation", "targetrevision", "reopening", "quarterclose", "paper"]
# What stands beside each record: the page where it moves, or is read whole.
WORK_PAGES = {
    "agreement": lambda row: reverse("impact:agreement", args=[row.project.code]),
    "disbursement": lambda row: reverse("impact:disbursement", args=[row.pk]),
    "consultation": lambda row: reverse("impact:project", args=[row.project.code]),
    "targetrevision": lambda row: reverse("impact:target", args=[row.target.project.code, row.target_id]),
    "reopening": lambda row: reverse("impact:reopening", args=[row.pk]),
    "quarterclose": lambda row: reverse("impact:closing", args=[row.year, row.quarter, row.number]),
    "paper": lambda row: reverse("impact:review", args=[row.version.report_id]),
}


def add(name):
    """One record of each kind, of an organisation of its own."""
    make = {
        "agreement": AgreementFactory,
        "disbursement": DisbursementFactory,
        "consultation": ConsultationFactory,
        "targetrevision": TargetRevisionFactory,
        "reopening": ReopeningFactory,
        "quarterclose": add_closing,
        "paper": add_paper,
        "axiscategory": add_category,
    }
    return make[name]()


def add_closing():
    return QuarterCloseFactory(year=2020 + QuarterClose.objects.count())


def add_category():
    return AxisCategoryFactory(code=f"C{AxisCategory.objects.count()}")


def add_paper(**of):
    file = uploads.store((PDF_BYTES, uploads.PDF, "rapport.pdf"), by=UserFactory())
    of = of or {"version": accepted().accepted_version}
    return Paper.objects.create(
        kind=of.pop("kind", PaperKind.REPORT), file=file, facts_sha256="a" * 64, built_at=timezone.now(), **of
    )


def lists(name):
    return reverse(f"admin:impact_{name}_changelist")


def page(name, row):
    return reverse(f"admin:impact_{name}_change", args=[row.pk])


@pytest.mark.parametrize("role", ["reviewer", "me_officer", "approver", "ace_admin"])
@pytest.mark.parametrize("name", NAMES)
def test_case_roles_read_and_the_admin_role_does_not(login, request, role, name):
    row = add(name)
    client = login(request.getfixturevalue(role))

    answers = [client.get(lists(name)).status_code, client.get(page(name, row)).status_code]

    assert answers == ([404, 404] if role == "ace_admin" else [200, 200])


@pytest.mark.parametrize("role", ["reviewer", "me_officer", "approver", "ace_admin"])
def test_axes_are_reference_data_for_all_staff_and_come_from_a_file(login, request, role):
    row = add("axiscategory")
    client = login(request.getfixturevalue(role))

    shown = client.get(page("axiscategory", row))

    assert (client.get(lists("axiscategory")).status_code, shown.status_code) == (200, 200)
    assert client.post(page("axiscategory", row), {"name_fr": "Autre"}).status_code == 403
    assert client.get(reverse("admin:impact_axiscategory_add")).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_a_record_leads_to_its_work_page_and_is_not_saved(login, approver, name):
    row = add(name)
    client = login(approver)

    shown = client.get(page(name, row))

    assert f'href="{WORK_PAGES[name](row)}"' in shown.text
    assert 'name="_save"' not in shown.text
    assert client.post(page(name, row), {"status": "paid", "note": "x"}).status_code == 403
    assert client.get(reverse(f"admin:impact_{name}_add")).status_code == 403


@pytest.mark.parametrize("name", [*NAMES, "axiscategory"])
def test_every_column_sorts_and_a_search_answers(login, approver, name):
    row = add(name)
    client = login(approver)
    columns = range(1, len(admin.site.get_model_admin(type(row)).list_display) + 1)

    sorted_lists = [client.get(lists(name), {"o": str(number)}).status_code for number in columns]

    assert set(sorted_lists) == {200}
    assert client.get(lists(name), {"q": "zzz"}).status_code == 200
    assert client.get(reverse(f"admin:impact_{name}_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("name", [*NAMES, "axiscategory"])
def test_the_query_count_does_not_grow_with_the_rows(login, approver, name):
    client = login(approver)
    add(name)
    one = queries(client, lists(name))
    add(name)
    add(name)

    assert queries(client, lists(name)) == one


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_paper_names_its_hashes_and_never_where_its_file_lies(login, approver):
    paper = add_paper()

    shown = login(approver).get(page("paper", paper)).text

    assert "a" * 64 in shown
    assert paper.file.sha256 in shown
    assert paper.file.path not in shown


def test_papers_of_a_quarter_and_a_year_lead_to_their_own_pages(login, approver):
    closing = QuarterCloseFactory()
    of_quarter = add_paper(kind=PaperKind.QUARTER, closing=closing)
    of_year = add_paper(kind=PaperKind.YEAR, year=2025)
    client = login(approver)

    assert WORK_PAGES["quarterclose"](closing) in client.get(page("paper", of_quarter)).text
    assert reverse("impact:annual_reports") in client.get(page("paper", of_year)).text


def test_a_search_finds_an_organisation_without_its_accent(login, reviewer):
    wanted = AgreementFactory(project=factories.ProjectFactory(partner=PartnerFactory(name="Épargne du Lac")))
    other = AgreementFactory()

    found = login(reviewer).get(lists("agreement"), {"q": "epargne"}).text

    assert wanted.reference in found
    assert other.reference not in found
