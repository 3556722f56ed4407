"""The four criteria in full: ACE's words, what each means, and every question of the checklist in force."""

from dataclasses import dataclass
from string import ascii_lowercase

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import Area, DocumentType, OrganisationType
from partners.models.documents import Validity
from vetting.models import Checklist, Round
from vetting.scoring import Outcome
from vetting.standing import EXPIRED, LABELS

# What people say; the full names stand at the top of the page.
SHORT_TYPES = {
    OrganisationType.CBO: pgettext_lazy("organisation type", "CBO"),
    OrganisationType.CSO: pgettext_lazy("organisation type", "CSO"),
    OrganisationType.NGO: pgettext_lazy("organisation type", "national NGO"),
    OrganisationType.INGO: pgettext_lazy("organisation type", "international NGO"),
    OrganisationType.COOPERATIVE: pgettext_lazy("organisation type", "mining cooperative"),
}

MEANINGS = {
    "C1": _(
        "We look at how the organisation is run: its legal existence, who leads it, its accounts, its integrity, and how"
        " it keeps children and adults safe. A small organisation needs simple papers, not many papers."
    ),
    "C2": _(
        "The purpose and the real work of the organisation go the way of ACE's vision, and it brings a clear"
        " contribution to at least one of the four areas. On a mine site we also look at the right to be there and at"
        " severe risks."
    ),
    "C3": _(
        "Money from ACE is public. The organisation keeps it apart, keeps a voucher for each expense, and accepts that"
        " its spending is published here, line by line."
    ),
    "C4": _(
        "Together we agree where things stand today and where they should be, with indicators of ACE's impact"
        " framework. The organisation reports on them, also when a target is missed: an honest gap is a lesson."
    ),
}

TYPE_WORDS = {
    OrganisationType.CBO: _("people of one neighbourhood, village or mine site who organise themselves"),
    OrganisationType.CSO: _("associations, networks and groups of civil society"),
    OrganisationType.NGO: _("Congolese non-governmental organisations"),
    OrganisationType.INGO: _("well-established international organisations that work here"),
    OrganisationType.COOPERATIVE: _("cooperatives of artisanal miners"),
}

OUTCOME_WORDS = {
    Outcome.APPROVED: _(
        "Every mandatory question is met and every criterion reaches 70 percent. The approval holds until the date given."
    ),
    Outcome.CONDITIONAL: _(
        "The organisation is approved with a plan: each open gap has a step and a date. A date that is missed suspends"
        " the approval."
    ),
    Outcome.TO_STRENGTHEN: _(
        "Not yet: no grant for now, but training and help, and a new assessment within 12 months."
    ),
    Outcome.DECLINED: _(
        "A knock-out is not met and no plan can close it. The organisation can apply again from 6 months on."
    ),
    Outcome.EXCLUDED: _(
        "A confirmed match with a sanctions list, a proven link to armed groups, or abuse that was covered up."
    ),
    EXPIRED: _("The approval has passed its date: a new assessment is due. Until then nothing is said for or against."),
}


@dataclass(frozen=True)
class OutcomeFacts:
    """What an answer of ACE means."""

    code: str
    label: str
    meaning: str


@dataclass(frozen=True)
class ItemFacts:
    """One question. Empty `only_types`, `only_areas` and `knock_out` mean: everyone, everywhere, nobody."""

    code: str
    section: str
    question: str
    is_mandatory: bool
    only_types: tuple[str, ...]
    only_areas: tuple[str, ...]
    at_renewal: bool
    knock_out: tuple[str, ...]
    is_knock_out_for_all: bool
    plan_months: int
    blocks_payment: bool
    documents: tuple[str, ...]


@dataclass(frozen=True)
class CriterionFacts:
    """One criterion; `areas` are a) to d) of the second."""

    code: str
    number: int
    title: str
    meaning: str
    areas: tuple[str, ...]
    items: tuple[ItemFacts, ...]


def criteria(*, with_items=True):
    """The criteria of the checklist in force, () before one is published. Two queries, four with the items."""
    checklist = Checklist.objects.current()
    if checklist is None:
        return ()
    rows = checklist.criteria.order_by("code")
    names = {}
    if with_items:
        rows = rows.prefetch_related("items")
        names = {row.code: str(row) for row in _papers_to_bring()}
    return tuple(_criterion(row, names, with_items) for row in rows)


def _papers_to_bring():
    """Not what ACE writes itself, nor what is no longer accepted."""
    return DocumentType.objects.exclude(issuer="ACE").exclude(validity=Validity.NOT_ACCEPTED)


def lettered_areas():
    """« a) Amélioration des sites miniers », as criterion 2 names them."""
    return tuple(f"{letter}) {label}" for letter, label in zip(ascii_lowercase, Area.labels, strict=False))


def _criterion(row, names, with_items):
    return CriterionFacts(
        code=row.code,
        number=row.number,
        title=row.title,
        meaning=str(MEANINGS.get(row.code, "")),
        areas=lettered_areas() if row.code == "C2" else (),
        items=tuple(_item(item, names) for item in row.items.all()) if with_items else (),
    )


def _item(item, names):
    for_all = "all" in item.knock_out or bool(item.knock_out) and set(item.knock_out) >= set(item.organisation_types)
    asked_of_all = set(item.organisation_types) == set(OrganisationType.values)
    return ItemFacts(
        code=item.code,
        section=item.section,
        question=item.question,
        is_mandatory=item.mandatory,
        only_types=() if asked_of_all else _types(item.organisation_types),
        only_areas=tuple(str(Area(code).label) for code in item.areas),
        at_renewal=item.rounds == [Round.RENEWAL],
        knock_out=() if for_all else _types(item.knock_out),
        is_knock_out_for_all=for_all,
        plan_months=item.plan_months if item.mandatory else 0,
        blocks_payment=item.blocks_payment,
        documents=tuple(names[code] for code in item.documents if code in names),
    )


def _types(codes):
    return tuple(str(SHORT_TYPES[code]) for code in OrganisationType.values if code in codes)


def organisation_types():
    """(full name, what it covers) of each type that can apply."""
    return tuple((str(kind.label), str(TYPE_WORDS[kind])) for kind in OrganisationType)


def outcomes():
    """The answers of a due diligence and what each means."""
    return tuple(OutcomeFacts(str(code), str(LABELS[code]), str(words)) for code, words in OUTCOME_WORDS.items())
