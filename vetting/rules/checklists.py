"""Who may draft and publish a version of the checklist, and what a version must hold. [] means yes (design §6)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from partners.models import Area, DocumentType, OrganisationType
from vetting.checklist_content import (
    HEAVIEST_WEIGHT,
    LONGEST_PLAN_MONTHS,
    LONGEST_SECTION,
    LONGEST_STEP,
    RULE_ITEMS,
    FaultCode,
    criterion_of,
    knock_out_fault,
    missing_items,
    step_fault,
    unasked,
)
from vetting.checklist_diff import TEXTS, TITLE_FIELDS, compare, content_of, facts_of, with_items
from vetting.checklist_words import LABELS
from vetting.models import DRAFTING_ROLES, Checklist, ChecklistStatus, Round

CHECKLIST = Machine(
    noun="checklist",
    states=ChecklistStatus,
    initial=ChecklistStatus.DRAFT,
    moves=(
        Move(
            "propose",
            (ChecklistStatus.DRAFT,),
            ChecklistStatus.PROPOSED,
            frozenset({Role.REVIEWER, Role.ADMIN}),
            gettext_lazy("Propose to a second person"),
        ),
        Move(
            "return",
            (ChecklistStatus.PROPOSED,),
            ChecklistStatus.DRAFT,
            frozenset({Role.APPROVER}),
            gettext_lazy("Send back for more work"),
            needs_reason=True,
        ),
        Move(
            "publish",
            (ChecklistStatus.PROPOSED,),
            ChecklistStatus.PUBLISHED,
            frozenset({Role.APPROVER}),
            gettext_lazy("Publish this version"),
        ),
    ),
)


# --- who, and when -----------------------------------------------------------------------------------------------


def against_starting(user):
    """A new version starts from the published one; one is worked on at a time."""
    reasons = _against_drafter(user)
    if Checklist.objects.current() is None:
        reasons.append(_("No checklist is published yet: ask the administrator to run load_reference."))
    if open_version := Checklist.objects.exclude(status=ChecklistStatus.PUBLISHED).first():
        reasons.append(
            _("Version %(version)s is being worked on: finish that one first.") % {"version": open_version.version}
        )
    return reasons


def against_editing(checklist, user):
    """Drafts alone are edited: a proposed version is being read, a published one is what dossiers were assessed by."""
    reasons = _against_drafter(user)
    if checklist.status == ChecklistStatus.PROPOSED:
        reasons.append(_("This version waits for a second person: to change it, have it sent back first."))
    if checklist.status == ChecklistStatus.PUBLISHED:
        reasons.append(_("This version is published and frozen: a new wording is a new version."))
    return reasons


def _against_drafter(user):
    if user.roles & DRAFTING_ROLES:
        return []
    return [_("Only due-diligence officers, the direction and the administrator work on the checklist.")]


def against_step(checklist, move, by):
    """Every step begins with the role; a version is proposed and published whole, explained, and by two people."""
    reasons = against_role(move, by.roles)
    if move.name == "propose":
        reasons += [*_against_silence(checklist), *_against_content(checklist)]
    if move.name == "publish":
        reasons += [*_against_own_proposal(checklist, by), *_against_content(checklist)]
    return reasons


def against_moving(checklist, name, by):
    """`against_step` for a page that wants to show a button: a closed source state is a reason too."""
    return _against_state(checklist, name) or against_step(checklist, CHECKLIST[name], by)


def against_proposing(checklist, by):
    """`against_moving` for the form in which the explanation is being written."""
    move = CHECKLIST["propose"]
    return _against_state(checklist, "propose") or [*against_role(move, by.roles), *_against_content(checklist)]


def _against_state(checklist, name):
    if checklist.status in CHECKLIST[name].sources:
        return []
    return [_("This step is not open: the version is “%(state)s”.") % {"state": checklist.get_status_display()}]


def _against_silence(checklist):
    return [] if checklist.what_changes.strip() else [_("Say what changes, and why.")]


def _against_own_proposal(checklist, by):
    if checklist.proposed_by_id == by.pk:
        return [_("You proposed this version: another person has to publish it.")]
    return []


def _against_content(checklist):
    return [*_against_sameness(checklist), *against_content(checklist)]


def _against_sameness(checklist):
    base = checklist.based_on
    if base is None or compare(content_of(base), content_of(checklist)):
        return []
    return [_("Nothing differs from version %(version)s.") % {"version": base.version}]


# --- what a version must hold ------------------------------------------------------------------------------------


def against_content(checklist):
    """What is wrong with a version as a whole: every item, and that it can lead to a decision for everyone.

    The same checks as those of a checklist file (`checklist_content`); a wrong item is named with its code.
    """
    criteria, documents = with_items(checklist), known_documents()
    items = [(row.code, item) for row in criteria for item in row.items.all()]
    return [
        *(reason for row in criteria for reason in against_titles(row.code, _titles(row))),
        *(
            reason
            for code, item in items
            for reason in against_item(item.code, facts_of(item), documents=documents, criterion=code)
        ),
        *_against_doubles([item.code for _code, item in items]),
        *_against_missing({item.code for _code, item in items}),
        *_against_gaps(items),
    ]


def known_documents():
    """The codes of the document types that exist."""
    return frozenset(DocumentType.objects.values_list("code", flat=True))


def _titles(criterion):
    return {name: getattr(criterion, name) for name in TITLE_FIELDS}


def against_titles(code, titles):
    """A criterion has its title in both languages."""
    return [
        _("Criterion %(criterion)s: “%(field)s” is empty.") % {"criterion": code, "field": LABELS[name]}
        for name in TITLE_FIELDS
        if not titles[name].strip()
    ]


def against_item(code, facts, *, documents, criterion):
    """What is wrong with one item. `facts`: as `checklist_diff.facts_of` gives them; `documents`: `known_documents()`."""
    return [
        *_against_code(code, criterion),
        *_against_texts(code, facts),
        *_against_numbers(code, facts),
        *_against_codes(code, facts, documents),
        *_against_knock_out(code, facts),
        *_against_suggestion(code, facts),
    ]


def against_new_code(code, checklist):
    """A code stands for one item of a version."""
    codes = checklist.criteria.filter(items__isnull=False).values_list("items__code", flat=True)
    return _against_doubles([*codes, code])


def against_removing(code):
    """Some items are named by a rule of the decision."""
    if code in RULE_ITEMS:
        return [_("%(item)s cannot be removed: a rule of the decision rests on it.") % {"item": code}]
    return []


def _against_code(code, criterion):
    if criterion_of(code) == criterion:
        return []
    return [
        _("%(item)s: the code of an item of criterion %(criterion)s reads %(criterion)s.1, %(criterion)s.2 and so on.")
        % {"item": code, "criterion": criterion}
    ]


def _against_texts(code, facts):
    reasons = [
        _("%(item)s: “%(field)s” is empty.") % {"item": code, "field": LABELS[name]}
        for name in TEXTS
        if not facts[name].strip()
    ]
    for name, longest in (("section", LONGEST_SECTION), ("suggested_step", LONGEST_STEP)):
        if len(facts[name]) > longest:
            reasons.append(
                _("%(item)s: “%(field)s” is longer than %(longest)s characters.")
                % {"item": code, "field": LABELS[name], "longest": longest}
            )
    return reasons


def _against_numbers(code, facts):
    reasons = []
    if not 1 <= facts["weight"] <= HEAVIEST_WEIGHT:
        reasons.append(
            _("%(item)s: the weight is a whole number from 1 to %(heaviest)s.")
            % {"item": code, "heaviest": HEAVIEST_WEIGHT}
        )
    if not 0 <= facts["plan_months"] <= LONGEST_PLAN_MONTHS:
        reasons.append(
            _("%(item)s: a plan runs for 0 to %(longest)s months.") % {"item": code, "longest": LONGEST_PLAN_MONTHS}
        )
    return reasons


def _against_codes(code, facts, documents):
    known = {
        "organisation_types": OrganisationType.values,
        "areas": Area.values,
        "rounds": Round.values,
        "documents": documents,
    }
    reasons = []
    if not facts["organisation_types"]:
        reasons.append(_("%(item)s: choose at least one type of organisation.") % {"item": code})
    asked = [(name, value) for name in known for value in facts[name]]
    if facts["suggested_document"]:
        asked.append(("documents", facts["suggested_document"]))
    for name, value in asked:
        if value not in known[name]:
            reasons.append(_("%(item)s: the code %(code)s is unknown.") % {"item": code, "code": value})
    return reasons


def _against_knock_out(code, facts):
    fault = knock_out_fault(facts["knock_out"], mandatory=facts["mandatory"], types=facts["organisation_types"])
    if fault is None:
        return []
    sentence = {
        FaultCode.RECOMMENDED_KNOCK_OUT: _("%(item)s is recommended, so it cannot be a knock-out."),
        FaultCode.ALL_AND_MORE: _("%(item)s: a knock-out for all stands alone."),
        FaultCode.KNOCK_OUT_NOT_ASKED: _("%(item)s is a knock-out for a type that is not asked: %(type)s."),
    }[fault.code]
    return [sentence % {"item": code, "type": dict(OrganisationType.choices).get(fault.value, fault.value)}]


def _against_suggestion(code, facts):
    fault = step_fault(
        words=facts["suggested_step"], months=facts["suggested_months"], plan_months=facts["plan_months"]
    )
    if fault is None:
        return []
    sentence = {
        FaultCode.HALF_A_STEP: _("%(item)s: a suggested step needs both words and months."),
        FaultCode.STEP_MONTHS: _("%(item)s: a suggested step takes 1 to %(longest)s months."),
        FaultCode.STEP_AFTER_PLAN: _("%(item)s: the suggested step ends after the longest plan (months: %(plan)s)."),
    }[fault.code]
    return [sentence % {"item": code, "longest": LONGEST_PLAN_MONTHS, "plan": fault.value}]


def _against_doubles(codes):
    return [
        _("%(item)s is there already: choose another number.") % {"item": code}
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]


def _against_missing(codes):
    return [
        _("%(item)s is missing, and a rule of the decision rests on it.") % {"item": code}
        for code in missing_items(codes)
    ]


def _against_gaps(items):
    return [
        _("Criterion %(criterion)s asks nothing of this type without areas: %(type)s (%(round)s).")
        % {"criterion": criterion, "type": OrganisationType(kind).label, "round": Round(round).label}
        for criterion, kind, round in unasked(items)
    ]
