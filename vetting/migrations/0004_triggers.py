from django.db import migrations

from ace_partners.core.triggers import ImmutableRows, NoNewRows

PUBLISHED = "EXISTS (SELECT 1 FROM vetting_checklist l WHERE l.id = OLD.checklist_id AND l.published_on IS NOT NULL)"
ITEM_PUBLISHED = (
    "EXISTS (SELECT 1 FROM vetting_criterion c JOIN vetting_checklist l ON l.id = c.checklist_id "
    "WHERE c.id = OLD.criterion_id AND l.published_on IS NOT NULL)"
)


class Migration(migrations.Migration):
    dependencies = [("vetting", "0003_due_diligence_that_holds")]

    operations = [
        ImmutableRows("Checklist", once="OLD.published_on IS NOT NULL"),
        ImmutableRows("Criterion", once=PUBLISHED),
        ImmutableRows("ChecklistItem", once=ITEM_PUBLISHED),
        NoNewRows("Criterion", once=PUBLISHED.replace("OLD", "NEW")),
        NoNewRows("ChecklistItem", once=ITEM_PUBLISHED.replace("OLD", "NEW")),
        ImmutableRows("DossierVersion"),
        ImmutableRows("ConflictDeclaration"),
        ImmutableRows("Decision"),
        ImmutableRows("DecisionCriterion"),
        ImmutableRows("DecisionCondition"),
        ImmutableRows("RiskRating"),
        ImmutableRows("RiskFactorScore"),
        ImmutableRows("EvidenceRenewal"),
        ImmutableRows("RenewalSnapshot"),
        ImmutableRows("Stage"),
        ImmutableRows("ActionExtension"),
        ImmutableRows("TriggerDismissal"),
        ImmutableRows("RegulatoryStatus"),
        ImmutableRows("Passport"),
        ImmutableRows("PassportRevocation"),
        ImmutableRows("ShareReading"),
    ]
