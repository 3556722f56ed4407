"""The pages of the framework, as each role."""

import pytest
from django.urls import reverse

from impact.loading import load_indicators
from impact.models import Indicator, IndicatorStatus
from impact.models.framework import CONTENT_FIELDS
from impact.tests import factories
from impact.tests.factories_framework import DraftIndicatorFactory, ProposedIndicatorFactory

pytestmark = pytest.mark.django_db


def url(name, code="EPA-50"):
    return reverse(f"impact:{name}", args=[] if name in ("indicator_list", "indicator_create") else [code])


def typed(indicator, **more):
    """The form as a browser sends it back, with `more` typed differently; False: a box without its tick."""
    fields = {name: getattr(indicator, name) for name in CONTENT_FIELDS}
    fields |= {"is_sensitive": "on" if indicator.is_sensitive else None, "threshold": ""}
    fields |= {"seen": indicator.lock_version, **more}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
def published():
    return factories.IndicatorFactory(code="EPA-50", name_en="Active groups")


@pytest.fixture
def draft(published):
    return DraftIndicatorFactory(code="EPA-50", version=2)


PAGES = "indicator_list indicator_create indicator indicator_edit indicator_propose indicator_publish indicator_return"


@pytest.mark.parametrize("who", ["signatory", "stranger", "me_officer"])
def test_the_pages_are_for_those_who_keep_the_framework(login, draft, who, request):
    client = login(request.getfixturevalue(who))

    codes = {client.get(url(name)).status_code for name in PAGES.split()}

    assert codes == ({200} if who == "me_officer" else {404})


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["EPA-50", "MIN-50"]),
        ({"domaine": "mine_sites"}, ["MIN-50"]),
        ({"impact": "livelihood"}, ["EPA-50"]),
        ({"portee": "mine"}, ["MIN-50"]),
        ({"nature": "progress"}, ["EPA-50"]),
        ({"q": "active"}, ["EPA-50"]),
        ({"domaine": "nothing"}, ["EPA-50", "MIN-50"]),
    ],
)
def test_the_list_shows_the_version_in_force_and_is_filtered(login, published, approver, query, codes):
    factories.IndicatorFactory(code="EPA-50", version=2, name_en="Active groups, newer")
    factories.IndicatorFactory(
        code="MIN-50",
        area="mine_sites",
        impact_area="working_conditions",
        scope="mine",
        nature="impact",
    )

    shown = login(approver).get(url("indicator_list"), query)

    assert [row.code for row in shown.context["page_obj"]] == codes
    assert "EPA-50 Active groups</a>" not in shown.text


def test_a_version_is_begun_edited_proposed_and_published(login, published, me_officer, approver):
    writer, second = login(me_officer), login(approver)

    writer.post(url("indicator_start"))
    draft = Indicator.objects.get(version=2)
    writer.post(url("indicator_edit"), typed(draft, name_en="Groups that save"))
    writer.post(url("indicator_propose"), {"seen": 1, "what_changes": "Clearer words.", "propose": "1"})
    shown = second.get(url("indicator_publish")).text
    answer = second.post(url("indicator_publish"), {"seen": 3})

    draft.refresh_from_db()
    assert "Clearer words." in shown
    assert "Active groups" in shown
    assert "Groups that save" in shown
    assert answer.url == url("indicator")
    assert draft.status == IndicatorStatus.PUBLISHED


def test_the_explanation_can_be_kept_without_proposing(login, draft, me_officer):
    login(me_officer).post(url("indicator_propose"), {"seen": 0, "what_changes": "Pas fini."})

    draft.refresh_from_db()
    assert (draft.what_changes, draft.status) == ("Pas fini.", IndicatorStatus.DRAFT)


def test_what_does_not_fit_together_is_said_at_its_field(login, draft, me_officer):
    answer = login(me_officer).post(
        url("indicator_edit"), typed(draft, kind="percentage", threshold="80", name_fr="Ce que j’ai écrit")
    )

    assert answer.status_code == 422
    assert {"calculation", "threshold", "across_partners", "unit"} == set(answer.context["form"].errors)
    assert "Ce que j’ai écrit" in answer.text


def test_ticking_the_same_axes_anew_changes_nothing(login, published, me_officer):
    load_indicators()
    row = Indicator.objects.get(code="MIN-01")
    client = login(me_officer)
    client.post(url("indicator_start", "MIN-01"))
    draft = Indicator.objects.get(code="MIN-01", version=2)

    client.post(url("indicator_edit", "MIN-01"), typed(draft, disaggregation=sorted(row.disaggregation)))

    draft.refresh_from_db()
    assert draft.disaggregation == row.disaggregation


def test_a_new_indicator_is_begun(login, published, reviewer):
    data = typed(published, code="EPA-51")
    del data["seen"]

    answer = login(reviewer).post(url("indicator_create"), data)

    assert answer.url == url("indicator", "EPA-51")
    assert Indicator.objects.get(code="EPA-51").status == IndicatorStatus.DRAFT


def test_a_code_that_is_taken_is_refused_with_the_typed_text(login, published, reviewer):
    data = typed(published, code="EPA-50", name_fr="Ce que j’ai écrit")
    del data["seen"]

    answer = login(reviewer).post(url("indicator_create"), data)

    assert answer.status_code == 403
    assert "Ce que j’ai écrit" in answer.text


def test_a_draft_is_discarded(login, draft, published, me_officer):
    login(me_officer).post(url("indicator_discard"), {"seen": 0})

    assert list(Indicator.objects.all()) == [published]


def test_a_version_that_was_sent_back_shows_its_reason(login, published, me_officer, approver):
    ProposedIndicatorFactory(code="EPA-50", version=2, proposed_by=me_officer)

    login(approver).post(url("indicator_return"), {"seen": 0, "reason": "La source manque."})

    assert "La source manque." in login(me_officer).get(url("indicator")).text


def test_a_writer_reads_why_publishing_is_not_theirs(login, published, me_officer, reviewer):
    ProposedIndicatorFactory(code="EPA-50", version=2, proposed_by=reviewer)
    client = login(me_officer)

    shown, posted = client.get(url("indicator_publish")), client.post(url("indicator_publish"), {"seen": 0})

    assert "Publish this version" not in shown.text
    assert posted.status_code == 403


def test_publishing_a_page_that_moved_on_answers_409(login, published, me_officer, approver):
    ProposedIndicatorFactory(code="EPA-50", version=2, proposed_by=me_officer, lock_version=3)

    assert login(approver).post(url("indicator_publish"), {"seen": 2}).status_code == 409


def test_a_proposed_version_waits_on_the_work_list_of_the_direction(login, published, me_officer, approver):
    ProposedIndicatorFactory(code="EPA-50", version=2, proposed_by=me_officer)

    assert url("indicator_publish") in login(approver).get(reverse("desk:team")).text
    assert url("indicator_publish") not in login(me_officer).get(reverse("desk:team")).text


def test_the_partner_reads_how_to_measure(login, report, target, editor):
    indicator = factories.IndicatorFactory(method_source="Registres des AVEC", minimum_evidence="Photo de la page")
    factories.TargetFactory(project=report.project, indicator=indicator)

    shown = login(editor).get(reverse("impact_space:values", args=[report.pk, 1])).text

    assert shown.count("How to measure") == 1
    assert "Registres des AVEC" in shown
    assert "Photo de la page" in shown


@pytest.mark.parametrize("name", ["indicator_list", "indicator", "indicator_publish"])
def test_pages_ask_as_often_for_three_rows_as_for_one(
    login, published, me_officer, name, django_assert_max_num_queries
):
    client = login(me_officer)
    ProposedIndicatorFactory(code="EPA-50", version=9, proposed_by=me_officer)

    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url(name)).status_code == 200
        return len(captured)

    factories.TargetFactory(indicator=published)
    count()
    one = count()
    for version in (2, 3):
        factories.TargetFactory(indicator=factories.IndicatorFactory(code="EPA-50", version=version))
        factories.IndicatorFactory()
        DraftIndicatorFactory()

    assert count() == one
