from datetime import date
from decimal import Decimal

import pytest

from impact.forms import BudgetLineForm, ExpenseForm, PeriodForm, ProjectForm, TargetForm, ValueForm
from impact.forms.fields import DayField, NumberField
from impact.models import Indicator
from impact.tests import factories

pytestmark = pytest.mark.django_db


def errors_of(form):
    assert not form.is_valid()
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def value_form(target, row=None, **data):
    prefix = f"v{target.pk}-"
    return ValueForm({prefix + name: text for name, text in {"seen": "0", **data}.items()}, target=target, row=row)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("1 234,5", "1234.5"), ("1\u202f234", 1234), ("12,50", "12.5"), ("", None)]
)
def test_number_field_reads_what_people_type(text, number):
    assert NumberField(required=False).clean(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("981.528", "981.528: do you mean 981 528 or 981.528? Write 981 528 or 981.5280."),
        (
            "54 %",
            "Write the number without the percent sign; where a numerator and a denominator are asked, give both.",
        ),
        ("-3", "This number cannot be below zero."),
        ("douze", "Write the number with digits only, without letters, unit or currency."),
        ("1 000 000 000 000", "This number is too large: 12 digits at most before the decimals."),
    ],
)
def test_number_field_asks_back_in_one_sentence(text, sentence):
    with pytest.raises(Exception) as refusal:  # noqa: PT011
        NumberField().clean(text)

    assert [message.replace("\u202f", " ") for message in refusal.value.messages] == [sentence]


def test_number_field_shows_a_stored_number_as_it_is_typed():
    assert NumberField().prepare_value(Decimal("1234.5000")).replace("\u202f", " ") == "1 234.5"
    assert NumberField().has_changed(Decimal("80.0000"), "80") is False


def test_day_field_reads_the_calendar_and_the_hand():
    assert DayField().clean("2026-03-12") == DayField().clean("12/03/2026") == date(2026, 3, 12)


def test_value_form_preselects_nothing(target):
    form = ValueForm(target=target)

    assert "checked" not in form.as_p()
    assert value_form(target).is_untouched


def test_value_form_takes_zero_as_a_value(target):
    form = value_form(target, state="reported", value="0")

    assert form.is_valid()
    joint = {"cells": {}, "shared": None, "shared_with": None}
    assert form.values == {"seen": 0, "state": "reported", "value": Decimal(0), "comment": "", **joint}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (
            {"state": "reported"},
            {"value": ["Write the number: zero is a value. If there is none, choose another answer."]},
        ),
        ({"value": "12"}, {"state": ["Choose one of the three answers."]}),
        ({"state": "no_data"}, {"comment": ["Say why, in one sentence."]}),
        ({"state": "not_applicable"}, {"comment": ["Say why, in one sentence."]}),
        (
            {"state": "no_data", "comment": "Vol.", "value": "3"},
            {"value": ["Either a number, or the answer that there is none: keep one of the two."]},
        ),
        ({"state": "reported", "value": "3,5"}, {"value": ["Give a whole number, without decimals."]}),
    ],
)
def test_value_form_keeps_value_no_data_and_not_applicable_apart(target, data, errors):
    assert errors_of(value_form(target, **data)) == errors


@pytest.mark.parametrize(
    ("numerator", "denominator", "errors"),
    [
        ("147", "270", {}),
        ("0", "0", {}),
        (
            "11",
            "10",
            {
                "numerator": [
                    "The numerator cannot be larger than the denominator: a part is never more than the whole."
                ]
            },
        ),
        ("3", "0", {"denominator": ["The denominator is zero but the numerator is not: correct one of them."]}),
        (
            "3",
            "",
            {"denominator": ["Write the number: zero is a value. If there is none, choose another answer."]},
        ),
    ],
)
def test_value_form_of_a_percentage_asks_for_both_numbers(report, numerator, denominator, errors):
    target = factories.TargetFactory(project=report.project, indicator=factories.PercentageFactory())
    form = value_form(target, state="reported", numerator=numerator, denominator=denominator)

    form.is_valid()

    assert "value" not in form.fields
    assert {name: list(found) for name, found in form.errors.items()} == errors


def test_value_form_of_a_ratio_allows_more_above_than_below(report):
    indicator = factories.IndicatorFactory(kind="ratio", unit="USD/person", calculation="latest")
    form = value_form(
        factories.TargetFactory(project=report.project, indicator=indicator),
        state="reported",
        numerator="5 700",
        denominator="190",
    )

    assert form.is_valid()


def test_value_form_of_a_milestone_stops_at_the_last_step(report):
    indicator = factories.IndicatorFactory(kind="milestone", unit="step 0–8", calculation="latest")
    target = factories.TargetFactory(project=report.project, indicator=indicator)

    assert errors_of(value_form(target, state="reported", value="9")) == {"value": ["The last step is number 8."]}


def expense(report, **data):
    day = report.period.starts_on.isoformat()
    return ExpenseForm(
        {"label": "Craies", "spent_on": day, "amount": "1 000", "currency": "CDF", "budget_line": "outside", **data},
        report=report,
    )


def test_expense_in_francs_needs_rate_date_and_source(report):
    assert errors_of(expense(report)) == {
        "rate": ["Give the rate: how many Congolese francs for one US dollar, above zero."],
        "rate_on": ["Give the day of the rate."],
        "rate_source": ["Say where the rate comes from."],
    }


def test_expense_in_francs_with_its_rate(report):
    form = expense(report, rate="2 277,5667", rate_on="2025-01-10", rate_source="BCC")

    assert form.is_valid()
    assert (form.cleaned_data["amount"], form.cleaned_data["rate"]) == (Decimal(1000), Decimal("2277.5667"))


def test_expense_in_dollars_has_no_rate(report):
    assert expense(report, currency="USD").is_valid()
    assert errors_of(expense(report, currency="USD", rate="2750")) == {
        "rate": ["An amount in dollars has no rate: empty this field, or choose CDF."]
    }


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"amount": "0"}, {"amount": ["An expense of zero is no expense: leave the line out."]}),
        ({"spent_on": "2025-06-01"}, {"spent_on": ["This date lies outside the period of the report."]}),
        ({"spent_on": "31/02/2025"}, {"spent_on": ["“31/02/2025”: this day does not exist in that month."]}),
    ],
)
def test_expense_refuses_what_cannot_be(report, data, errors):
    assert errors_of(expense(report, currency="USD", **data)) == errors


def test_expense_names_its_budget_line_or_says_that_it_has_none(report):
    line = report.project.budget_lines.get()
    chosen, outside, silent = (
        expense(report, currency="USD", budget_line=text) for text in (str(line.pk), "outside", "")
    )

    assert (chosen.is_valid(), outside.is_valid(), silent.is_valid()) == (True, True, False)
    assert (chosen.cleaned_data["budget_line"], outside.cleaned_data["budget_line"]) == (line, None)
    assert list(silent.errors) == ["budget_line"]


def test_expense_allows_a_refund(report):
    form = expense(report, currency="USD", amount="−500 000")

    assert form.is_valid()
    assert form.cleaned_data["amount"] == Decimal(-500000)


def test_period_form_keeps_the_order_of_dates():
    form = PeriodForm(
        {"label": "T1", "starts_on": "2026-04-01", "ends_on": "2026-01-31", "due_on": "2026-01-15", "grace_days": "0"}
    )

    assert errors_of(form) == {
        "ends_on": ["The end comes before the start."],
        "due_on": ["A report cannot be due before its period ends."],
    }


def test_project_form_refuses_a_code_that_is_taken():
    factories.ProjectFactory(code="afa-2026")
    form = ProjectForm({"code": "afa-2026"})

    assert errors_of(form)["code"] == ["This code is taken by another project."]


def test_budget_line_form_refuses_a_code_of_this_project():
    line = factories.BudgetLineFactory(code="A1")
    form = BudgetLineForm({"code": "A1", "label": "x", "amount": "1", "currency": "USD"}, project=line.project)

    assert errors_of(form) == {"code": ["This project already has a budget line with this code."]}


def test_target_form_offers_the_areas_indicators_without_a_target(report, target):
    factories.ProjectAreaFactory(project=report.project)
    free = factories.IndicatorFactory()
    factories.IndicatorFactory(area="children")
    newer = factories.IndicatorFactory(code=free.code, version=2)

    form = TargetForm(project=report.project, periods=[])

    assert list(form.fields["indicator"].queryset) == [newer]
    assert Indicator.objects.count() == 4


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (
            {"baseline_state": "known"},
            {"baseline": ["Write the starting value; zero is a value."], "baseline_on": ["Say when it was measured."]},
        ),
        ({"baseline_state": "unknown"}, {"baseline_on": ["Say by when it will be collected."]}),
        (
            {"baseline_state": "not_applicable", "baseline": "3"},
            {"baseline": ["Leave the value empty, or choose “known”."]},
        ),
        ({"baseline_state": "known", "baseline": "0", "baseline_on": "2025-01-01"}, {}),
        ({"baseline_state": "not_applicable"}, {}),
    ],
)
def test_target_form_keeps_zero_unknown_and_not_applicable_apart(report, target, data, errors):
    form = TargetForm(
        {"rationale": "Deux par mois.", f"period_{report.period.pk}": "30", **data, "seen": "0"},
        project=report.project,
        periods=[report.period],
        target=target,
        seen=0,
    )

    form.is_valid()

    assert {name: list(found) for name, found in form.errors.items()} == errors
    assert form.cleaned_data["period_targets"] == {report.period: Decimal(30)}
