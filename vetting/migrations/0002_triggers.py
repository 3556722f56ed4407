from django.db import migrations

from ace_partners.core.triggers import ImmutableRows


class Migration(migrations.Migration):
    dependencies = [("vetting", "0001_initial")]

    operations = [
        ImmutableRows("Criterion"),
        ImmutableRows("ChecklistItem"),
        ImmutableRows("DossierVersion"),
        ImmutableRows("ConflictDeclaration"),
        ImmutableRows("Decision"),
        ImmutableRows("DecisionCriterion"),
        ImmutableRows("DecisionCondition"),
    ]
