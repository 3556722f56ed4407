"""Content as bytes that are the same whoever writes them, and its SHA-256: what audit, dossiers and reports are proved by."""

import hashlib
import json


def canonical_json(content):
    """JSON with sorted keys, no spaces and letters as they are."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of(content):
    """SHA-256, in hexadecimal, of a text as it is, of other content as canonical JSON."""
    text = content if isinstance(content, str) else canonical_json(content)
    return hashlib.sha256(text.encode()).hexdigest()
