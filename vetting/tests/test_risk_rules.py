"""What the machine suggests from the file of a dossier, factor by factor, and what the officer may hold against it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from partners.models import Area
from partners.tests.factories import DocumentFactory, DocumentTypeFactory, PlaceFactory
from vetting import risk
from vetting.models import Flag, RenewalSnapshot
from vetting.renewal import RenewalFacts
from vetting.rules import risk as rules
from vetting.rules.risk import Disagreement
from vetting.scoring import CRITERIA
from vetting.tests.factories import ChecklistFactory, DossierFactory, FindingFactory
from vetting.tests.factories_screening import hit_on

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
LINKED = [item for items in rules.LINKS.values() for item in items]
EVERY = {code: {"plan_months": 6} for code in [*LINKED, *(f"{criterion}.9" for criterion in CRITERIA)]}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def dossier():
    """In review, asked every linked item, nothing assessed yet; an old organisation off the mine sites."""
    return a_dossier()


def a_dossier(*, without=("C2.5", "C2.6", "C2.7"), kind="ngo", founded="2004"):
    items = {code: facts for code, facts in EVERY.items() if code not in without}
    checklist = ChecklistFactory(version=len(items) + 100, items=items)
    facts = {"partner__organisation_type": kind, "partner__founded": founded}
    return DossierFactory(status="in_review", checklist=checklist, **facts)


def find(dossier, **answers):
    """Findings: met everywhere, save the given ones (C1_2="partial")."""
    given = {code.replace("_", "."): answer for code, answer in answers.items()}
    for item in dossier.items:
        FindingFactory(dossier=dossier, item=item, answer=given.get(item.code, "met"))
    return dossier


def suggested(dossier):
    return rules.suggest(dossier, TODAY).suggested


def flag(dossier, reviewer, **facts):
    now = timezone.now()
    usual = {"tone": "concern", "severity": "serious", "status": "substantiated", "text": "Vu.", "notified_at": now}
    return Flag.objects.create(partner=dossier.partner, raised_by=reviewer, **{**usual, **facts})


def test_everything_met_off_site(dossier):
    suggestion = rules.suggest(find(dossier), TODAY)

    assert suggestion.suggested == {"R1": 0, "R2": 0, "R3": 0, "R4": 0, "R5": 0, "R6": None, "R7": 0}
    assert suggestion.scores["R6"] == 1
    assert suggestion.rating == risk.Rating(2, risk.Band.LOW, (), False)
    why = {factor.code: factor.why for factor in suggestion.factors}
    assert why["R1"] == ("C1.1\u00a0: met", "C1.2\u00a0: met")
    assert why["R3"][-1] == "The share of the grant in the yearly budget is not in the file."
    assert (why["R5"], why["R6"]) == (("No work on a mine site.",), ("The file does not tell: it counts as 1.",))


def test_nothing_assessed_is_not_known_rather_than_low(dossier):
    assert suggested(dossier) == {"R1": None, "R2": None, "R3": None, "R4": None, "R5": 0, "R6": None, "R7": None}


@pytest.mark.parametrize("factor", ["R1", "R2", "R3", "R7"])
@pytest.mark.parametrize(("answer", "place"), [("partial", 0), ("not_met", 1)])
def test_each_linked_finding_counts_as_the_table_says(factor, answer, place):
    for code, worth in rules.LINKS[factor].items():
        dossier = find(a_dossier(), **{code.replace(".", "_"): answer})
        assert (code, suggested(dossier)[factor]) == (code, worth[place])
        dossier.partner.dossiers.update(status="decided")


def test_the_worst_finding_decides(dossier):
    found = find(dossier, C1_1="partial", C1_2="not_met")

    factor = rules.suggest(found, TODAY).factors[0]

    assert (factor.score, factor.why) == (3, ("C1.1\u00a0: partly met", "C1.2\u00a0: not met"))
    assert factor.anchor == "no act, or mandates that lapsed"


def test_not_applicable_says_nothing(dossier):
    assert suggested(find(dossier, C1_8="not_applicable", C2_8="not_applicable"))["R4"] is None


@pytest.mark.parametrize(
    ("home", "answer", "score"),
    [
        (False, "met", 0),
        (False, "partial", 1),
        (False, "not_met", 2),
        (True, "met", 0),
        (True, "partial", 2),
        (True, "not_met", 3),
    ],
)
def test_protection_weighs_more_where_children_live(dossier, home, answer, score):
    if home:
        dossier.partner.places.create(place=PlaceFactory(), kind="home")

    assert suggested(find(dossier, C1_8=answer))["R4"] == score


@pytest.mark.parametrize(("answer", "score"), [("met", 1), ("partial", 2), ("not_met", 3), ("not_applicable", 1)])
def test_on_site_is_never_0(answer, score):
    assert suggested(find(a_dossier(without=()), C2_5=answer))["R5"] == score


def test_a_mine_site_that_nobody_asked_about_is_not_known(dossier):
    dossier.partner.places.create(place=PlaceFactory(), kind="mine_site")

    assert suggested(find(dossier))["R5"] is None


@pytest.mark.parametrize(
    ("category", "factor"),
    [
        ("governance", "R1"), ("reputation", "R2"), ("operations", "R2"), ("other", "R2"), ("finance", "R3"),
        ("safeguarding", "R4"), ("accident", "R5"), ("reporting", "R7"),
    ],
)  # fmt: skip
def test_a_substantiated_concern_counts_for_its_factor(dossier, reviewer, category, factor):
    before = suggested(find(dossier))

    flag(dossier, reviewer, category=category)

    assert suggested(dossier) == {**before, factor: 3}


@pytest.mark.parametrize(
    "facts",
    [{"status": "raised"}, {"status": "answered"}, {"status": "resolved"}, {"tone": "positive"}, {"severity": "info"}],
)
def test_an_observation_that_is_not_a_substantiated_concern_counts_nothing(dossier, reviewer, facts):
    before = suggested(find(dossier))

    flag(dossier, reviewer, category="finance", **facts)

    assert suggested(dossier) == before


def test_an_open_match_is_a_serious_matter_and_blocks(dossier):
    find(dossier)
    hit_on(dossier.partner)

    suggestion = rules.suggest(dossier, TODAY)

    assert (suggestion.suggested["R2"], suggestion.rating.blocked) == (3, True)
    assert suggestion.rating.band == "low"  # a hold, not a band


def reports(dossier, reviewer, **counts):
    facts = RenewalFacts(as_of=TODAY, since=date(2025, 11, 24), **counts).as_json()
    RenewalSnapshot.objects.create(dossier=dossier, facts=facts, taken_by=reviewer)


@pytest.mark.parametrize(
    ("counts", "score", "band"),
    [
        ({"reports_due": 4, "reports_on_time": 4}, 0, "low"),
        ({"reports_due": 4, "reports_on_time": 3, "reports_late": (12,)}, 1, "low"),
        ({"reports_due": 4, "reports_on_time": 2, "reports_late": (12,), "reports_missing": 1}, 3, "medium"),
        ({}, 0, "low"),  # nothing was due: the finding alone speaks
    ],
)
def test_reports_late_count_and_two_raise_the_band(dossier, reviewer, counts, score, band):
    reports(find(dossier), reviewer, **counts)

    suggestion = rules.suggest(dossier, TODAY)

    assert (suggestion.suggested["R7"], suggestion.rating.band) == (score, band)


def test_no_snapshot_and_no_finding_on_reports_is_not_known():
    dossier = find(a_dossier(without=("C3.7", "C2.5", "C2.6", "C2.7")))

    assert suggested(dossier)["R7"] is None
    assert rules.suggest(dossier, TODAY).facts.late_reports is None


# --- what overrides -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("founded", "months"),
    [
        ("", None),
        ("2004", 262),
        ("~2004", 262),
        ("2024-11-24", 24),
        ("2024-11-25", 23),
        ("2025", 10),
        ("2026", 0),
        ("2026-05", 5),
    ],
)
def test_age_by_the_latest_day_that_the_date_can_mean(founded, months):
    facts = rules.suggest(a_dossier(founded=founded), TODAY).facts

    assert facts.months_old == months


def test_an_unknown_date_of_foundation_is_said(dossier):
    young = rules.suggest(find(a_dossier(founded="2025")), TODAY)
    unknown = rules.suggest(find(a_dossier(founded="", kind="cso")), TODAY)

    assert (young.rating.band, young.rating.overrides, young.unknown) == ("medium", ("young",), ())
    assert (unknown.rating.band, len(unknown.unknown)) == ("low", 1)


def relied_on(dossier, item, kind, **dates):
    paper = DocumentFactory(partner=dossier.partner, type=DocumentTypeFactory(code=kind), **dates)
    dossier.findings.get(item__code=item).evidence.create(document=paper, page="1")


def test_a_home_needs_a_policy_that_somebody_read(dossier):
    dossier.partner.places.create(place=PlaceFactory(), kind="home")
    find(dossier, C1_8="partial")
    paper = DocumentTypeFactory(code="POL_PE")
    DocumentFactory(partner=dossier.partner, type=paper)  # uploaded, and no finding relies on it
    unread = rules.suggest(dossier, TODAY).rating
    relied_on(dossier, "C1.8", "POL_PE", expires_on=TODAY - timedelta(days=1))
    expired = rules.suggest(dossier, TODAY).rating
    relied_on(dossier, "C1.8", "POL_PE", expires_on=TODAY)
    valid = rules.suggest(dossier, TODAY).rating

    assert [rating.band for rating in (unread, expired, valid)] == ["high", "high", "low"]
    assert unread.overrides == ("home_without_policy",)


@pytest.mark.parametrize(
    ("answer", "paper", "raised"),
    [("met", None, ()), ("partial", None, ("site_without_right",)), ("partial", "ZEA_ACTE", ()), ("partial", "AUT_TITULAIRE", ()), ("partial", "AGR_MIN", ("site_without_right",))],
)  # fmt: skip
def test_a_cooperative_needs_a_right_to_its_site(answer, paper, raised):
    dossier = find(a_dossier(without=(), kind="cooperative"), C2_5=answer)
    if paper:
        relied_on(dossier, "C2.5", paper)

    assert rules.suggest(dossier, TODAY).rating.overrides == raised


def test_an_ngo_on_site_is_no_cooperative():
    dossier = find(a_dossier(without=()), C2_5="partial")
    dossier.partner.areas.create(area=Area.MINE_SITES)

    assert rules.suggest(dossier, TODAY).rating.overrides == ()


# --- the officer's own view -------------------------------------------------------------------------------------------


@pytest.fixture
def suggestion(dossier):
    return rules.suggest(find(dossier), TODAY)


def own(**more):
    """A disagreement that holds: one score changed, the unknown one given, all with reasons."""
    facts = {
        "scores": {"R3": 3, "R6": 2},
        "reasons": {"R3": "Caisse vide.", "R6": "Un seul bailleur."},
        "comment": "Vu sur place.",
    }
    return Disagreement(**{**facts, **more})


def test_own_scores_make_the_rating_and_the_rest_stays(suggestion):
    assert rules.against_disagreement(suggestion, own()) == []
    assert rules.rate(suggestion, own()) == risk.rate({**suggestion.scores, "R3": 3, "R6": 2}, suggestion.facts)
    assert rules.rate(suggestion) == suggestion.rating
    assert rules.against_disagreement(suggestion, None) == []


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        ({"comment": " "}, [("comment", "Say why you do not agree with the rating.")]),
        ({"reasons": {"R6": "x"}}, [("why_R3", "Finances and what it can absorb: say why, in one sentence.")]),
        ({"scores": {"R3": 3}}, [("R6", "Access, security, funders: the file does not tell; choose a score yourself."),
                                 ("R6", "Access, security, funders: you give a reason; choose another score too.")]),
        ({"scores": {"R3": 0, "R6": 2}}, [("R3", "Finances and what it can absorb: you give a reason; choose another score too.")]),
    ],
)  # fmt: skip
def test_a_disagreement_is_whole_or_refused(suggestion, facts, faults):
    assert rules.faults(suggestion, own(**facts)) == faults


def test_a_comment_alone_changes_nothing_and_is_refused(suggestion):
    alone = Disagreement(comment="Je ne suis pas d'accord.")

    assert [where for where, _sentence in rules.faults(suggestion, alone)] == ["R6", "comment"]


def test_own_scores_never_lift_an_overriding_rule(dossier):
    dossier.partner.places.create(place=PlaceFactory(), kind="home")
    suggestion = rules.suggest(find(dossier, C1_8="not_met"), TODAY)
    calm = Disagreement(dict.fromkeys(risk.WEIGHTS, 0), {}, "Tout va bien.")

    assert rules.rate(suggestion, calm) == risk.Rating(0, risk.Band.HIGH, ("home_without_policy",), False)


def test_reading_costs_the_same_for_one_row_as_for_three(dossier, reviewer, django_assert_num_queries):
    find(dossier)
    relied_on(dossier, "C1.8", "POL_PE")
    flag(dossier, reviewer, category="finance")
    with django_assert_num_queries(7):
        rules.suggest(dossier, TODAY)
    for kind in ("ZEA_ACTE", "AGR_MIN"):
        relied_on(dossier, "C1.1", kind)
        flag(dossier, reviewer, category="governance")
    with django_assert_num_queries(7):
        rules.suggest(dossier, TODAY)
