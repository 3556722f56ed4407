"""The addresses of this room, for the role × URL × object matrix."""

from datetime import timedelta

from django.utils import timezone

from partners.tests.factories import PersonFactory
from vetting.tests.factories_following import FlagFactory, HoldFactory, VisitFactory, VisitPointFactory

TEAM, TEAM_LIST, POST_ONLY = "34444222424", "34444222422", "35555555555"
ACTING, ACTING_BACK = "34224444444", "34334444444"  # editor and signatory; a GET on the reply leads back to the flag

MATRIX: dict[str, str] = {
    **dict.fromkeys(
        [
            f"vetting:{name}"
            for name in (
                "flag flag_raise flag_notify flag_substantiate flag_not_substantiate flag_resolve hold_set hold_lift "
                "visit visit_plan visit_record visit_cancel regulatory_record"
            ).split()
        ],
        TEAM,
    ),
    **dict.fromkeys(["desk:following", "desk:trigger_dismiss"], TEAM),
    **dict.fromkeys(["vetting:flag_list", "vetting:calendar"], TEAM_LIST),
    **dict.fromkeys(["vetting:flag_lapse", "vetting:visit_point_done"], POST_ONLY),
    **dict.fromkeys(["vetting_space:following", "vetting_space:flag"], ACTING),
    "vetting_space:flag_answer": ACTING_BACK,
}


def addresses(people, rows):
    """Make the rows that the room's addresses need; return URL name → arguments."""
    partner = rows["partner"]
    flag = FlagFactory(partner=partner, status="notified", raised_by=people["reviewer"])
    hold = HoldFactory(partner=partner, set_by=people["reviewer"])
    visit = VisitFactory(partner=partner, added_by=people["reviewer"])
    point = VisitPointFactory(
        visit=VisitFactory(partner=partner, status="held", held_on=visit.planned_on, account="Vu.")
    )
    # The organisation has an open dossier, which takes up whatever was there when it was opened.
    person = PersonFactory(partner=partner, added_at=timezone.now() + timedelta(days=1))
    slug = [partner.slug]
    return {
        **dict.fromkeys([f"vetting:{n}" for n in "flag_raise hold_set visit_plan regulatory_record".split()], slug),
        **dict.fromkeys(["desk:following", "vetting_space:following"], slug),
        "desk:trigger_dismiss": [partner.slug, "new_leader", f"person-{person.pk}"],
        **dict.fromkeys(
            [
                f"vetting:{n}"
                for n in ("flag flag_notify flag_lapse flag_substantiate flag_not_substantiate flag_resolve").split()
            ],
            [flag.pk],
        ),
        **dict.fromkeys(["vetting_space:flag", "vetting_space:flag_answer"], [flag.pk]),
        "vetting:hold_lift": [hold.pk],
        **dict.fromkeys([f"vetting:{n}" for n in "visit visit_record visit_cancel".split()], [visit.pk]),
        "vetting:visit_point_done": [point.visit_id, point.pk],
    }
