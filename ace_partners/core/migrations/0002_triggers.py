from django.db import migrations

from ace_partners.core.triggers import ImmutableRows


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        ImmutableRows("AuditEvent"),
    ]
