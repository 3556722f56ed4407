"""What the verbs share: the dossier under its lock."""

from vetting.models import Dossier


def locked(dossier):
    """Read the dossier again under a lock: everything that writes beneath it waits in one line."""
    return Dossier.objects.select_for_update().get(pk=dossier.pk)
