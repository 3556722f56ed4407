"""A file that arrived is not sent twice over a bad link: it waits when the rest of its form has an error (workflow.md §8).

The cleaned bytes lie in private storage for a day at most, under a name nobody can guess; the page carries that name,
signed. They become evidence only when the form is sent again and is right.
"""

import secrets
import time
from pathlib import Path

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

FOLDER = "retries"
SALT = "ace_partners.core.retries"
KEPT_FOR = 24 * 3600  # seconds
SUFFIX = "_kept"


class RetryInput(forms.FileInput):
    """The chosen file, or else the signed name of the one that already arrived."""

    def value_from_datadict(self, data, files, name):
        return super().value_from_datadict(data, files, name) or arrived(data.get(name + SUFFIX, ""))


class Arrived(tuple):
    """(bytes, media type, name) of a file that was cleaned when it first came, and `path`, where it waits."""

    path: Path

    def forget(self):
        """It is evidence now: nothing waits any more."""
        self.path.unlink(missing_ok=True)


def arrived(token):
    """The file behind a token; None for no token, a forged or an old one."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
        path = _folder() / kept["file"]
        found = Arrived((path.read_bytes(), kept["kind"], kept["name"]))
    except (signing.BadSignature, FileNotFoundError):
        return None
    found.path = path
    return found


def keep_uploads(form):
    """For a form that goes back to the person: let its files wait, and say so beside the field."""
    for name, field in list(form.fields.items()):
        cleaned = getattr(form, "cleaned_data", {}).get(name)
        if not cleaned or not isinstance(field.widget, RetryInput):
            continue
        content, kind, title = cleaned
        field.required = field.widget.is_required = False
        # The bound field has its words from when the form was read.
        form[name].help_text = _("“%(name)s” has arrived: it need not be sent again.") % {"name": title}
        _carry(form, name + SUFFIX, _wait(content, kind, title))


def _carry(form, name, token):
    form.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
    form.data = form.data.copy()
    form.data[form.add_prefix(name)] = token


def _wait(content, kind, title):
    name = secrets.token_hex(24)
    _folder().mkdir(parents=True, exist_ok=True)
    (_folder() / name).write_bytes(content)
    return signing.dumps({"file": name, "kind": kind, "name": title}, salt=SALT)


def _folder():
    return Path(settings.ACE_FILES_ROOT) / FOLDER


def purge(now=None):
    """Remove the files that nobody came back for; return how many."""
    oldest = (now or time.time()) - KEPT_FOR
    old = [path for path in _folder().glob("*") if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
