"""Files people send: what is accepted, how it is made harmless, where it is kept, how it is given back."""

import hashlib
import io
import os
import secrets
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from ace_partners.core.models import StoredFile
from ace_partners.core.retries import Arrived, RetryInput

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
EXTENSIONS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
LONGEST_SIDE = 2400  # pixels: enough to read a photographed page, small enough to send on


def sniff(head):
    """The accepted media type that these first bytes belong to, or None; the sender's claim is never asked."""
    return next((kind for signature, kind in SIGNATURES if head.startswith(signature)), None)


class EvidenceField(forms.FileField):
    """A PDF, JPEG or PNG within the size limits; photographs are re-encoded, which drops EXIF and GPS.

    Cleans to (bytes, media type, name). One that came with a form that had errors waits, and is not sent again
    (`core.retries`).
    """

    widget = RetryInput

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("PDF, or a photograph (JPEG, PNG); 10 MB at most."))
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"

    def clean(self, data, initial=None):
        if isinstance(data, Arrived):
            return data
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > settings.ACE_UPLOAD_MAX_BYTES:
            raise ValidationError(
                _("This file is larger than 10 MB. Photograph the page again in a lower quality, or send it in parts.")
            )
        content = upload.read()
        kind = sniff(content[:16])
        if kind is None:
            raise ValidationError(
                _("This file is neither a PDF nor a JPEG or PNG photograph. Save it as a PDF, or photograph it.")
            )
        if kind == PDF:
            if b"%%EOF" not in content[-2048:]:
                raise ValidationError(_("This PDF is cut off: it did not arrive whole. Send it again."))
            return content, kind, safe_name(upload.name)
        return reencoded(content, kind), kind, safe_name(upload.name)


def reencoded(content, kind):
    """The photograph drawn anew: upright, at most 2400 pixels long, without metadata. Raises ValidationError."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > settings.ACE_IMAGE_MAX_PIXELS:
                raise ValidationError(_("This photograph has more than 40 million pixels. Send it smaller."))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            out = io.BytesIO()
            if kind == JPEG:
                upright.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
            else:
                upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(out, "PNG", optimize=True)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise ValidationError(_("This photograph cannot be read: the file is damaged. Send it again.")) from broken


def safe_name(name):
    """The sender's file name without paths, control or direction characters, at most 100 characters."""
    base = str(name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(char for char in base if char.isprintable() and char not in '"<>|:*?')
    return printable.strip(". ")[-100:] or str(pgettext_lazy("file name", "document"))


def store(cleaned, *, by):
    """Write a cleaned upload to private storage (temporary name, fsync, rename), then its row; return the StoredFile."""
    content, kind, name = cleaned
    relative = f"{secrets.token_hex(1)}/{secrets.token_hex(16)}{EXTENSIONS[kind]}"
    target = Path(settings.ACE_FILES_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    try:
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    if isinstance(cleaned, Arrived):
        transaction.on_commit(cleaned.forget)
    return StoredFile.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=kind,
        size=len(content),
        name=name,
        path=relative,
        uploaded_by=by,
    )


def path_of(stored):
    """Where the bytes of a StoredFile are."""
    return Path(settings.ACE_FILES_ROOT) / stored.path


def response(stored, *, inline=False):
    """Give a stored file back: sandboxed, never sniffed, as a download unless `inline` (the examiner's evidence pane).

    The caller has fetched the parent row through `visible_to`; this function checks nothing.
    """
    answer = FileResponse(path_of(stored).open("rb"), as_attachment=not inline, filename=stored.name)
    answer["Content-Type"] = stored.media_type
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    return answer
