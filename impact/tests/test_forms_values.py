"""The form of a value: its crossed grid and the part of joint work, and what it says to bad input."""

from decimal import Decimal

import pytest

from impact.figures import categories_of
from impact.forms import ValueForm
from impact.models import AxisCategory, JointPartner
from impact.tests import factories
from impact.tests.factories_checks import AxisCategoryFactory, axes, split_indicator
from partners.models import PlaceLevel
from partners.tests.factories import PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db

GRID = {"F.u18": "12", "F.18+": "108", "M.u18": "5", "M.18+": "64"}  # §c.7: 189 in all
WHOLE = "Give a whole number, without decimals."


@pytest.fixture
def split(report):
    """A target whose value is split by sex and age."""
    return factories.TargetFactory(project=report.project, indicator=split_indicator())


@pytest.fixture
def share(report):
    """A target that is a percentage, split by sex."""
    axes()
    indicator = factories.PercentageFactory(disaggregation=["sex"])
    return factories.TargetFactory(project=report.project, indicator=indicator)


def form_of(target, row=None, cells=None, table="sex.age", **data):
    data |= {f"c.{table}.{codes}": text for codes, text in (cells or {}).items()}
    typed = {f"v{target.pk}-{name}": text for name, text in {"seen": "0", **data}.items()}
    return ValueForm(typed, target=target, row=row)


def errors_of(form):
    form.is_valid()
    return {name: [str(error).replace("\u202f", " ") for error in errors] for name, errors in form.errors.items()}


# --- the tables --------------------------------------------------------------------------------------------------------


def test_the_form_has_one_field_for_each_cell_of_the_crossed_table(split):
    (table,) = ValueForm(target=split).tables

    assert (table.axes, dict(table.row_categories)) == (("sex", "age"), {"F": "Women", "M": "Men"})
    assert table.names["F", "18+"] == "c.sex.age.F.18+"
    assert table.labels["F", "18+"] == "Women, 18 and over"


def test_a_fraction_has_two_fields_for_each_cell(share):
    (table,) = ValueForm(target=share).tables

    assert table.names["F",] == ("c.sex.F.n", "c.sex.F.d")


def test_the_categories_are_those_of_the_family_and_the_sites_those_of_the_project(report):
    for code, families in (("digger", ["MIN"]), ("seller", ["ENF"]), ("other", ["all"])):
        AxisCategoryFactory(axis="work", code=code, families=families)
    indicator = factories.IndicatorFactory(code="MIN-98", disaggregation=["work", "site"])
    target = factories.TargetFactory(project=report.project, indicator=indicator)
    site, town = PlaceFactory(level=PlaceLevel.MINE_SITE), PlaceFactory(level=PlaceLevel.CITY)
    for place in (site, town):
        report.project.places.create(place=place)

    assert categories_of(target) == {
        "work": [("digger", "digger"), ("other", "other")],
        "site": [(site.slug, site.name)],
    }


def test_an_axis_without_categories_has_no_table(report):
    indicator = factories.IndicatorFactory(disaggregation=["site"])
    target = factories.TargetFactory(project=report.project, indicator=indicator)

    assert ValueForm(target=target).tables == ()


def test_a_category_that_was_reported_and_is_gone_stays_in_the_form(report, split):
    row = factories.DraftValueFactory(report=report, target=split, cells={"sex.age": {"F.u18": "3"}})
    AxisCategory.objects.filter(code="u18").delete()

    form = ValueForm(target=split, row=row)

    assert form.tables[0].column_categories == (("18+", "18 and over"), ("u18", "u18"))
    assert form.initial["c.sex.age.F.u18"] == 3


# --- reading them ------------------------------------------------------------------------------------------------------


def test_a_total_that_is_not_typed_is_the_sum_of_the_cells(split):
    form = form_of(split, state="reported", cells=GRID)

    assert errors_of(form) == {}
    assert (form.values["value"], form.values["cells"]) == (Decimal(189), {"sex.age": GRID})


def test_a_total_of_fractions_is_pooled(share):
    form = form_of(share, table="sex", state="reported", cells={"F.n": "45", "F.d": "60", "M.n": "9", "M.d": "20"})

    assert errors_of(form) == {}
    assert (form.values["numerator"], form.values["denominator"]) == (54, 80)
    assert form.values["cells"] == {"sex": {"F": ["45", "60"], "M": ["9", "20"]}}


def test_empty_cells_are_not_kept_and_zero_is(split):
    form = form_of(split, state="reported", value="0", cells={"F.u18": "0", "M.u18": ""})

    assert errors_of(form) == {}
    assert form.values["cells"] == {"sex.age": {"F.u18": "0"}}


def test_cells_beyond_the_total_are_refused_with_both_numbers(split):
    """§c.7: F 130 and M 69 are 199, more than 189."""
    form = form_of(split, state="reported", value="189", cells={"F.18+": "130", "M.18+": "69"})

    assert errors_of(form) == {
        "value": ["By sex × age the cells add up to 199, more than the total 189."],
    }


def test_cells_of_a_fraction_beyond_its_total_are_refused(share):
    form = form_of(
        share, table="sex", state="reported", numerator="50", denominator="100", cells={"F.n": "51", "F.d": "60"}
    )

    assert errors_of(form) == {"numerator": ["By sex the cells add up to 51 / 60, more than the total 50 / 100."]}


def test_cells_of_a_median_are_no_parts_of_it(report):
    indicator = split_indicator(unit="USD", calculation="latest", across_partners="none")
    target = factories.TargetFactory(project=report.project, indicator=indicator)

    assert errors_of(form_of(target, state="reported", value="120", cells={"F.18+": "110", "M.18+": "135"})) == {}
    assert list(errors_of(form_of(target, state="reported", cells={"F.18+": "110"}))) == ["value"]


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"F.n": "3"}, {"c.sex.F.d": ["Give both numbers of this cell, n and d."]}),
        ({"F.d": "3"}, {"c.sex.F.n": ["Give both numbers of this cell, n and d."]}),
        (
            {"F.n": "11", "F.d": "10"},
            {
                "c.sex.F.n": [
                    "The numerator cannot be larger than the denominator: a part is never more than the whole."
                ]
            },
        ),
        (
            {"F.n": "3", "F.d": "0"},
            {"c.sex.F.d": ["The denominator is zero but the numerator is not: correct one of them."]},
        ),
        ({"F.n": "0", "F.d": "0"}, {}),
    ],
)
def test_a_cell_of_a_fraction_is_a_fraction(share, cells, errors):
    form = form_of(share, table="sex", state="reported", numerator="50", denominator="100", cells=cells)

    assert errors_of(form) == errors


def test_cells_do_not_go_with_the_answer_that_there_is_nothing(split):
    form = form_of(split, state="no_data", comment="Cahier perdu.", cells={"F.u18": "3"})

    assert errors_of(form) == {
        "c.sex.age.F.u18": ["Either a number, or the answer that there is none: keep one of the two."]
    }


def test_a_form_with_only_a_cell_is_not_untouched(split):
    assert form_of(split, cells={"F.u18": "", "M.u18": " "}).is_untouched
    assert not form_of(split, cells={"F.u18": "0"}).is_untouched
    assert errors_of(form_of(split, cells={"F.u18": "0"})) == {"state": ["Choose one of the three answers."]}


def test_a_saved_value_comes_back_unchanged(report, split):
    cells = {"sex.age": {"F.u18": "12", "M.18+": "1000"}}
    row = factories.DraftValueFactory(report=report, target=split, value=Decimal(1012), cells=cells)

    shown = ValueForm(target=split, row=row)
    sent_back = {shown.add_prefix(name): shown[name].value() or "" for name in shown.fields}
    form = ValueForm(sent_back, target=split, row=row)

    assert errors_of(form) == {}
    assert (form.has_changed(), form.values["cells"]) == (False, cells)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("981.528", "981.528: do you mean 981 528 or 981.528? Write 981 528 or 981.5280."),
        ("1,5", WHOLE),
        (
            "12 %",
            "Write the number without the percent sign; where a numerator and a denominator are asked, give both.",
        ),
        ("-4", "This number cannot be below zero."),
        ("douze", "Write the number with digits only, without letters, unit or currency."),
    ],
)
def test_bad_input_has_its_sentence_in_the_value_and_in_a_cell(split, typed, sentence):
    assert errors_of(form_of(split, state="reported", value=typed)) == {"value": [sentence]}
    assert errors_of(form_of(split, state="reported", value="9", cells={"F.u18": typed})) == {
        "c.sex.age.F.u18": [sentence]
    }


def test_a_million_and_a_half_is_read(split):
    form = form_of(split, state="reported", value="1 500 000", cells={"F.u18": "1\u202f500\u00a0000"})

    assert errors_of(form) == {}
    assert (form.values["value"], form.values["cells"]) == (1500000, {"sex.age": {"F.u18": "1500000"}})


# --- what the page shows -------------------------------------------------------------------------------------------------


def test_the_shown_table_has_the_sums_and_the_rest_of_the_saved_draft(report, split):
    cells = {"sex.age": {"F.u18": "12", "F.18+": "108", "M.u18": "5"}}
    row = factories.DraftValueFactory(report=report, target=split, value=Decimal(189), cells=cells)

    (table,) = ValueForm(target=split, row=row).shown_tables

    assert [each.sum for each in table.rows] == ["120", "5"]
    assert (table.column_sums, table.sum, table.rest, table.is_open) == (("17", "108"), "125", "64", True)


def test_an_empty_table_is_folded_and_one_with_an_error_is_not(split):
    (empty,) = ValueForm(target=split).shown_tables
    wrong = form_of(split, state="reported", value="9", cells={"F.u18": "1,5"})
    wrong.is_valid()

    assert (empty.is_open, wrong.shown_tables[0].is_open) == (False, True)
    assert "is-invalid" in wrong.shown_tables[0].rows[0].cells[0].inputs[0][2]


# --- joint work ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(db):
    return PartnerFactory(is_published=True)


def test_the_joint_partners_of_the_project_come_first(report, target, other):
    joint = PartnerFactory()
    JointPartner.objects.create(project=report.project, partner=joint, role="Anime les groupes.")
    PartnerFactory(is_published=False)

    choices = ValueForm(target=target).fields["shared_with"].choices

    assert choices[1:] == [
        ("In this project", [(str(joint.pk), joint.name)]),
        ("In the directory", [(str(other.pk), other.name)]),
    ]


@pytest.mark.parametrize(
    ("shared", "chosen", "errors"),
    [
        ("30", True, {}),
        ("80", True, {}),
        ("", False, {}),
        ("30", False, {"shared_with": ["Say which partner counts them too."]}),
        ("", True, {"shared": ["Write how many of them the other partner counts too; or choose no partner."]}),
        ("81", True, {"shared": ["The shared part cannot be larger than the value itself."]}),
    ],
)
def test_the_shared_part_is_a_part_and_names_its_partner(target, other, shared, chosen, errors):
    partner = str(other.pk) if chosen else ""
    form = form_of(target, state="reported", value="80", shared=shared, shared_with=partner)

    assert errors_of(form) == errors
    if not errors:
        assert (form.values["shared"], form.values["shared_with"]) == (
            (Decimal(shared), other) if shared else (None, None)
        )


def test_a_partner_outside_the_directory_cannot_be_named(target, other):
    hidden = PartnerFactory(is_published=False)
    form = form_of(target, state="reported", value="80", shared="3", shared_with=str(hidden.pk))

    assert list(errors_of(form)) == ["shared_with"]


def test_nothing_is_shared_without_a_value(target, other):
    form = form_of(target, state="no_data", comment="Cahier perdu.", shared="3", shared_with=str(other.pk))

    assert list(errors_of(form)) == ["shared"]


@pytest.mark.parametrize("across", ["pooled", "none"])
def test_only_numbers_that_are_added_across_partners_can_be_shared(report, other, across):
    indicator = (
        factories.PercentageFactory() if across == "pooled" else factories.IndicatorFactory(across_partners=across)
    )
    target = factories.TargetFactory(project=report.project, indicator=indicator)

    assert "shared" not in ValueForm(target=target).fields
