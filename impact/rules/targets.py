"""Who may propose, agree and revise a target. The reasons against; [] means yes (design §6; impact rules §c, "Targets").

ACE proposes, a signatory of the organisation agrees. What both agreed changes only the same way, by a revision.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from impact.models import IndicatorStatus, RevisionStatus
from impact.rules.projects import against_managing
from partners.rules import roles_on

TARGET_REVISION = Machine(
    noun="target_revision",
    states=RevisionStatus,
    initial=RevisionStatus.PROPOSED,
    moves=(
        Move(
            "agree",
            (RevisionStatus.PROPOSED,),
            RevisionStatus.AGREED,
            frozenset({Role.SIGNATORY}),
            gettext_lazy("Agree to the revision"),
        ),
        Move(
            "withdraw",
            (RevisionStatus.PROPOSED,),
            RevisionStatus.WITHDRAWN,
            frozenset({Role.ME_OFFICER}),
            gettext_lazy("Withdraw the revision"),
        ),
    ),
)


def against_proposing_target(project, indicator, by):
    """One target per indicator of a project, whichever version of the indicator; drafts of the framework bind nobody."""
    reasons = against_managing(project.partner, by)
    if indicator.status != IndicatorStatus.PUBLISHED:
        reasons.append(_("This version of the indicator is not published: a target needs a published one."))
    if project.targets.filter(indicator__code=indicator.code).exists():
        reasons.append(_("This project already has a target on %(code)s.") % {"code": indicator.code})
    return reasons


def against_editing_target(target, by):
    """A proposal is edited freely; what both sides agreed is not."""
    reasons = against_managing(target.project.partner, by)
    if target.agreed_on is not None:
        reasons.append(_("Both sides agreed on this target: to change it, propose a revision."))
    return reasons


def against_agreeing(target, by):
    """A signatory of the organisation agrees, and is never the person who proposed."""
    reasons = against_answering(target, by)
    if target.set_by_id == by.pk:
        reasons.append(_("You proposed this target: the other side has to agree."))
    if target.agreed_on is not None:
        reasons.append(_("This target is agreed already."))
    return reasons


def against_questioning(target, by):
    """A signatory sends a remark while a proposal, or a revision, waits for an answer."""
    reasons = against_answering(target, by)
    if target.agreed_on is not None and not target.revisions.filter(status=RevisionStatus.PROPOSED).exists():
        reasons.append(_("Nothing waits for your answer: this target is agreed."))
    return reasons


def against_answering(target, by):
    """The organisation answers through those who may bind it."""
    if Role.SIGNATORY in roles_on(by, target.project.partner):
        return []
    return [_("Only a signatory of the organisation can answer: agreeing to a target commits it.")]


def against_revising(target, by):
    """An agreed target is revised, one revision at a time."""
    reasons = against_managing(target.project.partner, by)
    if target.agreed_on is None:
        reasons.append(_("This target is not agreed yet: change the proposal itself."))
    if target.revisions.filter(status=RevisionStatus.PROPOSED).exists():
        reasons.append(_("A revision already waits for the organisation: withdraw it first."))
    return reasons


def against_revision(before, after, target):
    """What is wrong with the new values; `before` and `after` are facts of a target (`figures.revisions.facts_of`)."""
    if before == after:
        return [_("Nothing changes: write at least one new value.")]
    return against_touching_accepted(before, after, target)


def against_touching_accepted(before, after, target):
    """What an accepted report was read against stays as it was."""
    accepted = target.project.reports.filter(accepted_version__isnull=False).select_related("period")
    return [
        _("The report “%(period)s” is accepted: the target of this period stays as it was.")
        % {"period": report.period.label}
        for report in accepted.order_by("period__number")
        if before["periods"].get(str(report.period.number)) != after["periods"].get(str(report.period.number))
    ]


def against_moving_revision(revision, move, by):
    """Reasons against `by` taking `move`. A report may have been accepted since the revision was proposed."""
    if reasons := against_role(move, roles_on(by, revision.target.project.partner)):
        return reasons
    if move.name != "agree":
        return []
    own = [_("You proposed this revision: the other side has to agree.")] if revision.proposed_by_id == by.pk else []
    return [*own, *against_touching_accepted(revision.before, revision.after, revision.target)]
