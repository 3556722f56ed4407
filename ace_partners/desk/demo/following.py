"""After the decisions: a visit, observations with their right of reply, a hold, a renewal under way."""

from datetime import timedelta

from ace_partners.desk.demo.clock import on
from ace_partners.desk.demo.dossiers import user
from ace_partners.desk.figures.renewal import read_renewal
from partners.models import Partner
from vetting import actions
from vetting.actions import flags, holds, visits
from vetting.models import Decision, Flag, FlagCategory, FlagSeverity, FlagTone, HoldKind, Round
from vetting.scoring import Outcome


def load(today):
    """Write it down once; a second run changes nothing."""
    if Flag.objects.exists():
        return
    approved = _organisations(Outcome.APPROVED)
    conditional = _organisations(Outcome.CONDITIONAL)
    if approved:
        _visit(approved[0], today)
        _observations(approved[0], today)
        actions.open_dossier(
            approved[-1],
            by=user("diligence"),
            round=Round.RENEWAL,
            due_on=today + timedelta(days=45),
            facts=read_renewal(approved[-1]),
        )
    if conditional:
        _hold(conditional[0], today)


def _organisations(outcome):
    """The fictitious organisations whose decision in force has this outcome."""
    rows = Decision.objects.in_force().filter(outcome=outcome, partner__is_fictitious=True)
    return list(Partner.objects.filter(pk__in=rows.values("partner")).order_by("pk"))


def _visit(partner, today):
    with on(today - timedelta(days=30)):
        visit = visits.plan_visit(
            partner,
            by=user("diligence"),
            planned_on=today - timedelta(days=20),
            purpose="Voir les groupes à l’œuvre et les registres",
            visitors="Chargée de diligence et suivi-évaluation",
        )
    visits.record_visit(
        visit,
        by=user("diligence"),
        seen=visit.lock_version,
        held_on=today - timedelta(days=20),
        account="Trois groupes rencontrés. Les registres sont à jour ; la caisse est comptée devant tous.",
        points=[
            ("Les membres connaissent la règle de partage.", "", None),
            (
                "Mettre la seconde clé de la caisse chez une autre personne.",
                "La présidente",
                today + timedelta(days=20),
            ),
        ],
    )
    visits.plan_visit(
        partner,
        by=user("diligence"),
        planned_on=today + timedelta(days=60),
        purpose="Suivi de la visite précédente",
        visitors="Chargée de diligence",
    )


def _observations(partner, today):
    with on(today - timedelta(days=12)):
        good = _flag(partner, FlagCategory.OPERATIONS, FlagTone.POSITIVE, "Deux voisines ont copié votre registre.")
        flags.notify_flag(good, by=user("diligence"), seen=good.lock_version)
    asked = _flag(partner, FlagCategory.FINANCE, FlagTone.CONCERN, "Deux factures du trimestre portent le même numéro.")
    flags.notify_flag(asked, by=user("diligence"), seen=asked.lock_version)


def _flag(partner, category, tone, text):
    severity = FlagSeverity.WATCH if tone == FlagTone.CONCERN else FlagSeverity.INFO
    return flags.raise_flag(partner, by=user("diligence"), category=category, tone=tone, severity=severity, text=text)


def _hold(partner, today):
    holds.set_hold(
        partner,
        by=user("diligence"),
        kind=HoldKind.FINANCE,
        reason="Le relevé bancaire du dernier trimestre manque ; le blocage est levé dès qu’il est reçu.",
        ends_on=today + timedelta(days=60),
    )
