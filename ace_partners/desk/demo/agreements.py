"""What was agreed around each fictitious project: one talk, the agreement, its calendar, one payment made, one proposed."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from ace_partners.core.dates import local_day
from ace_partners.core.models import User
from ace_partners.desk.demo.clock import on
from impact.actions import agreements, disbursements
from impact.models import Agreement, Project
from partners.models import Partner, Place
from vetting.models import Decision


@dataclass(frozen=True)
class Accord:
    """A talk, the agreement, and its planned payments: (amount, currency, position of the period it waits for, condition).

    `proposed`: the second payment waits for a second person. `joint`: (slug, role) of another organisation, loaded before.
    """

    code: str
    place: str
    groups: str
    people: int
    women: int
    asked: str
    outcome: str
    signed_by: str
    conditions: str
    payments: tuple
    proposed: bool = False
    joint: tuple | None = None


ACCORDS = {
    accord.code: accord
    for accord in (
        Accord(
            "tujenge-epargne", "fungurume", "Habitantes de trois quartiers de Fungurume", 84, 71,
            "Une caisse sûre, des comptes lus à voix haute, et des réunions après le marché.",
            "Chaque groupe a une caisse à trois clés et lit ses comptes ; les réunions sont à 16 heures. "
            "Le prêt sans intérêt demandé par certaines n’est pas possible : l’épargne des membres le paierait.",
            "La présidente (fictive)", "Publier les comptes de chaque groupe ; prévenir l’ACE de tout vol dans les dix jours.",
            (("14000", "USD", None, "Compte bancaire du projet ouvert"), ("12000", "USD", 1, ""), ("8700", "USD", 4, "")),
            proposed=True,
        ),
        Accord(
            "amani-ecole", "kolwezi", "Parents et enseignants de deux écoles", 46, 29,
            "Des fournitures, un tuteur par classe, et moins de trajets à pied.",
            "Les fournitures et les tuteurs sont payés ; le transport dépasse le budget et reste à trouver.",
            "Le directeur (fictif)", "Aucune photographie d’enfant sans accord écrit des parents.",
            (("15000", "USD", None, ""), ("19700", "USD", 4, "")),
        ),
        Accord(
            "mwangaza-securite", "kolwezi", "Creuseurs et laveuses du site", 132, 38,
            "Des étais, des casques, et un registre des accidents tenu par eux.",
            "Étais et casques sont achetés ; le registre est tenu par le comité et relu chaque mois.",
            "Le président (fictif)", "Le registre des accidents reste ouvert aux creuseurs.",
            (("16000", "USD", None, ""), ("18700", "USD", 4, "Registre des accidents à jour")),
            joint=("mutuelle-tujenge", "Anime l’épargne des creuseurs"),
        ),
    )
}  # fmt: skip


def user(name):
    return User.objects.get(email=f"{name}@example.org")


def run(code, today):
    """Write down what was agreed around the project of this code, and pay the first planned payment."""
    accord, officer = ACCORDS[code], user("suivi")
    project = Project.objects.select_related("partner").get(code=code)
    with on(project.starts_on - timedelta(days=40)):
        consult(project, accord, officer)
    decided = local_day(Decision.objects.in_force().get(partner=project.partner).decided_at)
    signed = max(decided, project.starts_on) + timedelta(days=8)
    with on(signed):
        lines = plan(project, accord, officer, signed)
    with on(signed + timedelta(days=3)):
        agreement = Agreement.objects.get(project=project)
        agreements.approve_agreement(agreement, by=user("direction"), seen=agreement.lock_version)
    with on(signed + timedelta(days=6)):
        payment = disbursements.propose(lines[0], by=officer, amount=lines[0].amount)
    with on(signed + timedelta(days=8)):
        disbursements.approve(payment, by=user("direction"), seen=0)
    with on(signed + timedelta(days=11)):
        day = signed + timedelta(days=10)
        disbursements.pay(payment, by=officer, seen=1, paid_on=day, payment_reference=f"VIR-{project.pk:03d}-1")
    if accord.proposed:
        with on(today - timedelta(days=4)):
            disbursements.propose(lines[1], by=officer, amount=lines[1].amount, note="Rapport accepté, comptes relus.")


def consult(project, accord, officer):
    agreements.add_consultation(
        project,
        by=officer,
        held_on=project.starts_on - timedelta(days=45),
        place=Place.objects.get(slug=accord.place),
        groups=accord.groups,
        people=accord.people,
        women=accord.women,
        asked=accord.asked,
        outcome=accord.outcome,
    )
    if accord.joint:
        slug, role = accord.joint
        agreements.add_joint_partner(project, by=officer, partner=Partner.objects.get(slug=slug), role=role)


def plan(project, accord, officer, signed):
    """The agreement and its calendar; what waits for a report is planned forty days after the end of its period."""
    agreement = agreements.sign_agreement(
        project,
        by=officer,
        reference=f"ACE/CONV/{signed.year}/{project.pk:03d}",
        signed_on=signed,
        signed_for_partner=accord.signed_by,
        conditions=accord.conditions,
    )
    periods = list(project.periods.order_by("starts_on"))
    planned = [
        (amount, currency, None if at is None else periods[at], say) for amount, currency, at, say in accord.payments
    ]
    return [
        agreements.add_installment(
            agreement,
            by=officer,
            amount=Decimal(amount),
            currency=currency,
            planned_on=period.ends_on + timedelta(days=40) if period else signed + timedelta(days=10),
            condition=say,
            after_period=period,
        )
        for amount, currency, period, say in planned
    ]
