"""One training, and the organisations that took part in it: those that have a plan."""

from datetime import timedelta

from ace_partners.desk.demo.dossiers import user
from vetting.actions import trainings
from vetting.models import CapacityPlan, TrainingSession

PEOPLE = ((6, 3), (4, 0), (2, 5))  # women, men


def load(today):
    """Write it down once; a second run changes nothing."""
    plans = CapacityPlan.objects.filter(partner__is_fictitious=True).select_related("partner").order_by("pk")
    if TrainingSession.objects.exists() or not plans:
        return
    session = trainings.add_session(
        by=user("diligence"),
        title="Tenir un livre de caisse et un registre (fictif)",
        held_on=today - timedelta(days=20),
        place="Kolwezi",
        trainer="ACE, appui aux organisations",
        hours=6,
    )
    for plan, (women, men) in zip(plans, PEOPLE, strict=False):
        trainings.save_attendance(session, plan.partner, by=user("diligence"), women=women, men=men)
