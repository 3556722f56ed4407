from django.db import migrations

from ace_partners.core.triggers import ImmutableRows, NoOverlap


class Migration(migrations.Migration):
    dependencies = [("impact", "0001_initial")]

    operations = [
        ImmutableRows("ReportVersion"),
        ImmutableRows("IndicatorValue"),
        ImmutableRows("SpendingLine"),
        ImmutableRows("Acceptance"),
        NoOverlap("Period", group="project_id", start="starts_on", end="ends_on"),
    ]
