"""The yardsticks in words: who reads what, from accepted versions alone."""

from datetime import timedelta
from decimal import Decimal

import pytest

from impact.figures import yardsticks_of
from impact.models import ReportStatus, TargetRevision
from impact.tests import factories
from impact.tests.factories_targets import ProposedTargetFactory, TargetRevisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(report):
    """150 in a quarter of three months, on an indicator whose new results add up."""
    row = ProposedTargetFactory(project=report.project, baseline=Decimal(0), final_target=Decimal(600))
    factories.PeriodTargetFactory(target=row, period=report.period, value=Decimal(150))
    return row


def result(indicator, value, *, accepted=True, project=None, **more):
    """A value of another partner, in an accepted version unless said otherwise."""
    project = project or factories.ProjectFactory()
    report = factories.ReportFactory(period=factories.PeriodFactory(project=project), status=ReportStatus.SUBMITTED)
    version = factories.ReportVersionFactory(report=report)
    target = project.targets.first() or factories.TargetFactory(project=project, indicator=indicator)
    factories.IndicatorValueFactory(version=version, target=target, value=value, **more)
    if accepted:
        factories.AcceptanceFactory(version=version)
    return project


def read(target, *, for_team=True):
    return yardsticks_of(target.project, target.indicator, target=target, for_team=for_team)


def test_ace_reads_how_many_partners_their_median_and_the_highest(proposed):
    for value in (100, 110, 130, 200):
        result(proposed.indicator, Decimal(value))

    found = read(proposed)

    assert found.comparison == "Comparable partners: 4; median 120 per quarter; highest 200."
    assert found.proposed == "Proposed target: 150 per quarter."
    assert found.rationale == proposed.rationale


def test_only_accepted_values_of_others_count(proposed):
    result(proposed.indicator, Decimal(900), accepted=False)
    result(factories.IndicatorFactory(), Decimal(900))
    own = factories.ProjectFactory(partner=proposed.project.partner)
    result(proposed.indicator, Decimal(900), project=own)

    assert read(proposed).comparison == "No other partner has an accepted result on this indicator yet."


def test_an_older_version_of_the_indicator_counts_if_it_is_counted_alike(proposed):
    code = proposed.indicator.code
    result(factories.IndicatorFactory(code=code, version=2), Decimal(100))
    result(factories.IndicatorFactory(code=code, version=3, unit="persons"), Decimal(900))

    assert read(proposed).comparison == "Comparable partners: 1; median 100 per quarter; highest 100."


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        (2, "Too few other partners have results on this indicator to compare."),
        (3, "Comparable partners: 3; median 100 per quarter; highest 100."),
    ],
)
def test_a_partner_reads_the_comparison_from_three_others_on(proposed, others, sentence):
    for _n in range(others):
        result(proposed.indicator, Decimal(100))

    assert read(proposed, for_team=False).comparison == sentence


def test_small_numbers_of_children_are_kept_from_a_partner(report):
    indicator = factories.IndicatorFactory(unit="children", is_sensitive=True)
    target = ProposedTargetFactory(project=report.project, indicator=indicator)
    for value in (4, 20, 30, 40):
        result(indicator, Decimal(value))

    assert read(target, for_team=False).comparison == "Comparable partners: 3; median 30 per quarter; highest 40."
    assert read(target).comparison == "Comparable partners: 4; median 25 per quarter; highest 40."


def test_a_fraction_with_few_children_is_kept_from_a_partner(report):
    indicator = factories.PercentageFactory(is_sensitive=True)
    target = ProposedTargetFactory(project=report.project, indicator=indicator, baseline=Decimal(50))
    for n in (10, 12, 14, 18):  # 18 of 20 leaves two children
        result(indicator, None, numerator=Decimal(n), denominator=Decimal(20))

    assert read(target, for_team=False).comparison == "Comparable partners: 3; median 60%; highest 70%."
    assert read(target).comparison == "Comparable partners: 4; median 65%; highest 90%."


def test_where_less_is_better_the_lowest_is_named(report):
    indicator = factories.IndicatorFactory(direction="decrease", unit="events")
    target = ProposedTargetFactory(project=report.project, indicator=indicator)
    for value in (2, 6):
        result(indicator, Decimal(value))

    assert read(target).comparison == "Comparable partners: 2; median 4 per quarter; lowest 2."


def test_the_trend_of_accepted_periods_and_its_doubt(report):
    indicator = factories.IndicatorFactory(calculation="latest")
    project = report.project
    project.ends_on = report.period.ends_on
    project.save()
    target = ProposedTargetFactory(project=project, indicator=indicator, baseline=Decimal(10), final_target=Decimal(25))
    version = factories.AcceptanceFactory(version__report=report).version
    assert read(target).trend == "If the starting value simply went on: 10 at the end of the project."

    factories.IndicatorValueFactory(version=version, target=target, value=Decimal(30))
    found = read(target)

    assert found.trend == "If things went on as in 1 accepted period: 30 at the end of the project."
    assert found.doubt == (
        "The final target asks for no more than the trend already gives: say why it is ambitious all the same."
    )


def test_a_trend_of_counted_things_is_a_whole_number_and_an_agreed_target_is_not_doubted(report):
    indicator = factories.IndicatorFactory(calculation="latest")
    project = report.project
    project.ends_on = report.period.ends_on + timedelta(days=30)
    project.save()
    target = factories.TargetFactory(project=project, indicator=indicator, final_target=Decimal(9))
    version = factories.AcceptanceFactory(version__report=report).version
    factories.IndicatorValueFactory(version=version, target=target, value=Decimal(10))

    found = read(target)

    # Ten more in the 117 days since the starting value, 30 days left: 12.56.
    assert found.trend == "If things went on as in 1 accepted period: 13 at the end of the project."
    assert found.doubt == ""


def test_without_a_target_the_indicator_alone_is_compared(report):
    indicator = factories.IndicatorFactory()
    result(indicator, Decimal(7))

    found = yardsticks_of(report.project, indicator, for_team=True)

    assert (found.trend, found.proposed, found.rationale) == ("", "", "")
    assert found.comparison == "Comparable partners: 1; median 7 per quarter; highest 7."


def test_a_revision_that_waits_is_what_is_compared(report, target):
    assert read(target).proposed == "Agreed target: 100 per quarter."

    revision = TargetRevisionFactory(target=target)
    TargetRevision.objects.filter(pk=revision.pk).update(after={**revision.after, "periods": {"1": "170"}})

    assert read(target).proposed == "Proposed revision: 170 per quarter."


@pytest.mark.parametrize("rows", [1, 3])
def test_yardsticks_query_count(proposed, rows, django_assert_num_queries):
    for _n in range(rows):
        result(proposed.indicator, Decimal(100))
    target = type(proposed).objects.select_related("indicator", "project__partner").get(pk=proposed.pk)

    # periods; accepted values; the revision that waits; period targets and their period, which the views prefetch
    with django_assert_num_queries(5):
        read(target)
