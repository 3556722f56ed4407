from django.db import migrations

from ace_partners.core.triggers import ImmutableRows, NoOverlap


class Migration(migrations.Migration):
    dependencies = [("impact", "0003_believable_impact")]

    operations = [
        ImmutableRows("Indicator", once="OLD.published_on IS NOT NULL"),
        ImmutableRows("ReportVersion"),
        ImmutableRows("IndicatorValue"),
        ImmutableRows("SpendingLine"),
        ImmutableRows("CheckComment"),
        ImmutableRows("Acceptance"),
        ImmutableRows("TargetRevision", once="OLD.status <> 'proposed'"),
        ImmutableRows("Reopening", once="OLD.status <> 'proposed'"),
        ImmutableRows("QuarterClose"),
        ImmutableRows("Paper"),
        NoOverlap("Period", group="project_id", start="starts_on", end="ends_on"),
    ]
