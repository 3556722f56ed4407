"""Two questions a load balancer asks: does the process answer, and can it work."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState

OLDEST_MAIL = timedelta(hours=1)


@login_not_required
def healthz(request):
    """200 as soon as the process answers; asks nothing of anything."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request):
    """200 when database, migrations, file storage and mail queue are in order, else 503 naming what is not."""
    checks = {}
    try:
        checks["database"] = _database()
        checks["migrations"] = _migrations()
        checks["mail"] = _mail()
    except DatabaseError:
        checks["database"] = False
    checks["storage"] = _storage()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations():
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _mail():
    """False when a message that was due has waited for more than an hour: the sender is not running.

    The demonstration has no sender: there, people read the queue in a page.
    """
    if settings.ACE_DEMO:
        return True
    late = timezone.now() - OLDEST_MAIL
    return not OutgoingMail.objects.filter(state=MailState.QUEUED, send_after__lt=late).exists()


def _storage():
    root = Path(settings.ACE_FILES_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / ".ready"
        probe.write_text("ok")
        probe.unlink()
    except OSError:
        return False
    return True
