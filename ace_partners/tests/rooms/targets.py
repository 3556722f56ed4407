"""The addresses of this room, for the role × URL × object matrix: targets between two sides, and the framework."""

from impact.tests.factories_framework import DraftIndicatorFactory
from impact.tests.factories_targets import ProposedTargetFactory

#             anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
TEAM, MEMBERS = "34444222424", "32224444444"
FRAMEWORK, POST_ONLY = "34444222244", "35555555555"

MATRIX: dict[str, str] = {
    **dict.fromkeys(["impact:target", "impact:target_revise"], TEAM),
    **dict.fromkeys(["impact:target_discard", "impact:revision_withdraw"], POST_ONLY),
    **dict.fromkeys(["impact_space:target", "impact_space:target_question"], MEMBERS),
    **dict.fromkeys(["impact_space:target_agree", "impact_space:revision_agree"], POST_ONLY),
    **dict.fromkeys(
        [f"impact:indicator{name}" for name in ("_list", "_create", "", "_edit", "_propose", "_publish", "_return")],
        FRAMEWORK,
    ),
    **dict.fromkeys(["impact:indicator_start", "impact:indicator_discard"], POST_ONLY),
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    target = ProposedTargetFactory(project=rows["project"], set_by=people["me_officer"])
    draft = DraftIndicatorFactory(code="ENT-90")
    one = [target.project.code, target.pk]
    return {
        **dict.fromkeys([f"impact:{n}" for n in "target target_revise target_discard revision_withdraw".split()], one),
        **dict.fromkeys(
            [f"impact_space:{n}" for n in "target target_question target_agree revision_agree".split()], one
        ),
        **dict.fromkeys(["impact:indicator_list", "impact:indicator_create"], []),
        **dict.fromkeys(
            [
                f"impact:indicator{name}"
                for name in ("", "_start", "_edit", "_discard", "_propose", "_publish", "_return")
            ],
            [draft.code],
        ),
    }
