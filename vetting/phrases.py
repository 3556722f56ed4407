"""The codes of `scoring` as sentences for people: what blocks, why this outcome, what is wrong with a plan."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ace_partners.core import dates
from vetting.scoring import BecauseCode, BlockCode, PlanProblemCode


def day(value):
    """A date in words, in the reader's language."""
    return dates.format_date(value, "en" if (get_language() or "fr").startswith("en") else "fr")


def percent(score):
    """A score from 0 to 1 (a Fraction) as a Decimal percentage with one place, half-up; None stays None."""
    if score is None:
        return None
    return (Decimal(floor(score * 1000 + Fraction(1, 2))) / 10).quantize(Decimal("0.1"))


def number_of(criterion_code):
    """ "C3" → "3": people say criterion 3."""
    return criterion_code.removeprefix("C")


def block_sentences(blocks):
    """What stands in the way of a decision; the items still to assess share one sentence."""
    waiting = [block.item_code for block in blocks if block.code is BlockCode.NOT_ASSESSED]
    sentences = [_block_sentence(block) for block in blocks if block.code is not BlockCode.NOT_ASSESSED]
    if waiting:
        sentences.insert(0, _not_assessed(waiting))
    return sentences


def _not_assessed(codes):
    sentence = ngettext(
        "One item is not assessed yet: %(codes)s.", "%(count)s items are not assessed yet: %(codes)s.", len(codes)
    )
    return sentence % {"count": len(codes), "codes": ", ".join(codes)}


def _block_sentence(block):
    template = {
        BlockCode.ASKED_AGAIN: _("%(item)s must be met before any decision: ask the organisation again."),
        BlockCode.NOT_APPLICABLE_WITHOUT_REASON: _("%(item)s is marked not applicable: say why."),
        BlockCode.NOT_APPLICABLE_KNOCK_OUT: _(
            "%(item)s is a knock-out for this type of organisation: it cannot be marked not applicable."
        ),
        BlockCode.NOTHING_SCORED: _("Criterion %(criterion)s has no scored item: assess at least one."),
        BlockCode.EXCLUSION_UNFOUNDED: _(
            "An exclusion needs a finding “not met” on sanctions (C1.4), safeguarding (C1.8) or severe risks (C2.6)."
        ),
    }[block.code]
    return template % {"item": block.item_code, "criterion": number_of(block.criterion)}


def because_sentences(because):
    """Why this outcome and not a better one."""
    return [_because_sentence(reason) for reason in because]


def _because_sentence(reason):
    template = {
        BecauseCode.EXCLUSION_RECORDED: _("an exclusion is recorded, founded on %(items)s"),
        BecauseCode.NO_PLAN_POSSIBLE: _("no plan is possible on %(items)s: only “met” passes"),
        BecauseCode.MANDATORY_NOT_MET: _("mandatory and not met: %(items)s"),
        BecauseCode.CRITERION_BELOW_HALF: _("below 50 %% on criterion %(criteria)s"),
        BecauseCode.MANDATORY_PARTIAL: _("mandatory and partly met: %(items)s"),
        BecauseCode.CRITERION_BELOW_SEVEN_TENTHS: _("below 70 %% on criterion %(criteria)s"),
        BecauseCode.ALL_MET: _("every mandatory item is met and each criterion reaches 70 %%"),
    }[reason.code]
    return template % {
        "items": ", ".join(reason.items),
        "criteria": ", ".join(number_of(code) for code in reason.criteria),
    }


def plan_sentences(problems):
    """What is wrong with the dated steps of a plan."""
    templates = {
        PlanProblemCode.NO_STEP: _("%(item)s: write a step and its date, %(latest)s at the latest."),
        PlanProblemCode.NOT_AFTER_DECISION: _("%(item)s: the date must be after today, %(latest)s at the latest."),
        PlanProblemCode.TOO_LATE: _("%(item)s: the date is too late, the plan may run until %(latest)s."),
    }
    return [
        templates[problem.code] % {"item": problem.item_code, "latest": day(problem.latest)} for problem in problems
    ]
