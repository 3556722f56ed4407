from django.core.management.base import BaseCommand
from django.utils import timezone

from impact.reminders import remind_reports
from vetting import plan_reminders, reminders

# What is reminded of, each by a function of the day that returns how many mails it wrote. The command lies up here
# because it is the one place that may know every room.
REMINDERS = {
    "papers": reminders.remind_documents,
    # plans
    "steps of plans": plan_reminders.remind_steps,
    "reports": remind_reports,
}


class Command(BaseCommand):
    help = "Queue the reminders that are due and were not sent yet. Once a night is enough; twice says nothing twice."

    def handle(self, *args, **options):
        today = timezone.localdate()
        for what, remind in REMINDERS.items():
            self.stdout.write(f"{what}: {remind(today)} mails queued.")
