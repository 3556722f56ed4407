"""The codes of `vetting.risk` as words for people: factors with their anchors, what raises a band, what it decides."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vetting.models import RiskBand
from vetting.risk import Assurance, Override

NAMES = {
    "R1": gettext_lazy("Legal status and governance"),
    "R2": gettext_lazy("Integrity"),
    "R3": gettext_lazy("Finances and what it can absorb"),
    "R4": gettext_lazy("Protection of children and adults"),
    "R5": gettext_lazy("Minerals and mine site"),
    "R6": gettext_lazy("Access, security, funders"),
    "R7": gettext_lazy("Track record and reporting"),
}

# Score 0, 1, 2, 3. Domain.md §3 gives the two ends; the steps between them are ours.
ANCHORS = {
    "R1": (
        gettext_lazy("final act, bodies that meet"),
        gettext_lazy("act in order, a body to bring up to date"),
        gettext_lazy("act still pending"),
        gettext_lazy("no act, or mandates that lapsed"),
    ),
    "R2": (
        gettext_lazy("nothing found"),
        gettext_lazy("something declared and under control"),
        gettext_lazy("something still being looked into"),
        gettext_lazy("a serious matter is open"),
    ),
    "R3": (
        gettext_lazy("audited accounts, grant below a quarter of the budget"),
        gettext_lazy("accounts kept, grant up to half of the budget"),
        gettext_lazy("books with gaps, or grant up to the whole budget"),
        gettext_lazy("no books, or grant above the last yearly budget"),
    ),
    "R4": (
        gettext_lazy("no contact with children, or protection complete"),
        gettext_lazy("contact, protection almost complete"),
        gettext_lazy("contact, protection weak"),
        gettext_lazy("residential care, protection weak"),
    ),
    "R5": (
        gettext_lazy("off site"),
        gettext_lazy("on site, right and safety documented"),
        gettext_lazy("on site, right or safety documented in part"),
        gettext_lazy("on site, right undocumented, or fatal accidents"),
    ),
    "R6": (
        gettext_lazy("easy to reach, several funders"),
        gettext_lazy("easy to reach, two or three funders"),
        gettext_lazy("hard to reach at times, or one main funder"),
        gettext_lazy("hard to reach, or one funder above 80 %"),
    ),
    "R7": (
        gettext_lazy("reports on time"),
        gettext_lazy("one report late"),
        gettext_lazy("little experience, or reports to complete"),
        gettext_lazy("new, or late twice"),
    ),
}

OVERRIDES = {
    Override.HOME_WITHOUT_POLICY: gettext_lazy(
        "Residential care without an adopted child-protection policy: high, whatever the score."
    ),
    Override.SITE_WITHOUT_RIGHT: gettext_lazy(
        "A cooperative on a site without a zone (ZEA) or the title holder's authorisation: medium at least."
    ),
    Override.YOUNG: gettext_lazy("Founded less than two years ago: medium at least."),
    Override.LATE_TWICE: gettext_lazy("Two reports late: one band up."),
}

ASSURANCE = {
    Assurance.DESK: gettext_lazy("reports read at the desk"),
    Assurance.VISIT_EVERY_TWO_YEARS: gettext_lazy("one visit every two years"),
    Assurance.VISIT_EVERY_YEAR: gettext_lazy("one visit a year"),
    Assurance.VISIT_BEFORE_PAYMENT: gettext_lazy("a visit before the first payment"),
    Assurance.VISIT_EVERY_HALF_YEAR: gettext_lazy("one visit each half-year"),
    Assurance.TWO_TRANCHES: gettext_lazy("payments in two tranches"),
    Assurance.THREE_TRANCHES: gettext_lazy("payments in three tranches"),
    Assurance.SMALL_TRANCHES: gettext_lazy("payments in small tranches"),
    Assurance.VOUCHERS: gettext_lazy("vouchers checked"),
}


def band_label(band):
    """The band inside a sentence: "medium"."""
    return str(RiskBand(band).label).lower()


def unknown():
    """Why a factor has no suggestion, and what it counts meanwhile."""
    return _("The file does not tell: it counts as 1.")
