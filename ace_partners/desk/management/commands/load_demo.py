from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.desk.demo import accounts, agreements, dossiers, following, organisations, projects, trainings
from partners.models import Grant, Partner


class Command(BaseCommand):
    help = "Load a fictitious network, labelled as such, that shows every state. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="load it although DEBUG is off")

    def handle(self, *args, force, **options):
        if not (settings.DEBUG or force):
            raise CommandError(
                "This is not a demonstration (DEBUG is off): use --force to load fictitious data anyway."
            )
        if not Partner.objects.filter(slug="afa").exists():
            raise CommandError("Load the real network first: manage.py load_reference, then manage.py load_network.")
        accounts.load_staff()
        accounts.load_members()
        plans = {plan.slug: plan for plan in projects.PLANS}
        made = [one.slug for one in organisations.ORGANISATIONS if self.load(one, plans.get(one.slug))]
        trainings.load(timezone.localdate())
        following.load(timezone.localdate())
        self.stdout.write(
            f"demonstration: {len(made)} organisations loaded." if made else "demonstration: nothing new."
        )

    @transaction.atomic
    def load(self, organisation, plan):
        """One organisation with its whole story, or nothing; False when it is there already."""
        if Partner.objects.filter(slug=organisation.slug).exists():
            return False
        today = timezone.localdate()
        partner = organisations.create(organisation)
        address = f"{organisation.slug}@example.org"
        signatory = accounts.join(address, f"Signataire {partner}", partner, Role.SIGNATORY)
        partner.memberships.update(starts_on=today.replace(year=today.year - 3, day=1))
        dossiers.drive(partner, organisation.story, signatory, today)
        partner.refresh_from_db()
        if plan:
            projects.run(plan, partner, signatory, today)
            agreements.run(plan.code, today)
            self.grant(partner, today)
        return True

    @staticmethod
    def grant(partner, today):
        """The auditor of the demonstration reads the organisations that have a project."""
        Grant.objects.create(
            user=dossiers.user("auditeur"),
            partner=partner,
            purpose="Audit annuel (démonstration)",
            starts_on=today,
            ends_on=today.replace(year=today.year + 1, day=1),
            granted_by=dossiers.user("direction"),
        )
