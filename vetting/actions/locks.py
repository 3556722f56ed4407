"""What the verbs share: the dossier under its lock, a refusal, a hash of content."""

import hashlib
import json

from ace_partners.core.errors import NotAllowed
from vetting.models import Dossier


def locked(dossier):
    """Read the dossier again under a lock: everything that writes beneath it waits in one line."""
    return Dossier.objects.select_for_update().get(pk=dossier.pk)


def refuse(reasons):
    """Raise NotAllowed when there are reasons."""
    if reasons:
        raise NotAllowed(reasons)


def sha256_of(content):
    """SHA-256 of text as it is, of other content as canonical JSON."""
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
