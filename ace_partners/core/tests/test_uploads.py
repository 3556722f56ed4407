import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from ace_partners.core import uploads
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory


def photograph(kind="JPEG", size=(40, 30), exif=None):
    out = io.BytesIO()
    Image.new("RGB", size, "#aa5522").save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def clean(content, name="piece.pdf"):
    return uploads.EvidenceField().clean(SimpleUploadedFile(name, content))


def test_a_pdf_is_kept_as_it_is():
    assert clean(PDF_BYTES) == (PDF_BYTES, "application/pdf", "piece.pdf")


def test_the_content_decides_not_the_name():
    _content, kind, name = clean(photograph("PNG"), "facture.pdf")

    assert (kind, name) == ("image/png", "facture.pdf")


def test_a_photograph_loses_where_it_was_taken():
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (10.0, 42.0, 0.0)}  # GPS
    exif[0x010E] = "Kapata"

    content, _kind, _name = clean(photograph(exif=exif), "photo.jpg")

    assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
    assert b"Kapata" not in content


@pytest.mark.parametrize(
    ("content", "name", "begins"),
    [
        (b"<html><script>alert(1)</script>", "page.pdf", "This file is neither"),
        (b"MZ\x90\x00", "rapport.pdf", "This file is neither"),
        (b"PK\x03\x04", "dossier.zip", "This file is neither"),
        (b"%PDF-1.7 cut", "coupe.pdf", "This PDF is cut off"),
        (b"\xff\xd8\xff\xe0 not a picture", "photo.jpg", "This photograph cannot be read"),
        (b"", "vide.pdf", "The submitted file is empty"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(content, name, begins):
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            clean(content, name)
        assert refused.value.messages[0].startswith(begins)


def test_too_large_is_refused(settings):
    settings.ACE_UPLOAD_MAX_BYTES = 10

    with pytest.raises(ValidationError):
        clean(PDF_BYTES)


def test_a_picture_bomb_is_refused(settings):
    settings.ACE_IMAGE_MAX_PIXELS = 100

    with pytest.raises(ValidationError):
        clean(photograph(), "photo.jpg")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\statuts.pdf", "statuts.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("...", "document"),
        ("é" * 300 + ".pdf", "é" * 96 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, safe):
    assert uploads.safe_name(name) == safe


def test_a_stored_file_comes_back_sandboxed(db):
    stored = uploads.store((PDF_BYTES, "application/pdf", "statuts.pdf"), by=UserFactory())

    response = uploads.response(stored)

    assert b"".join(response.streaming_content) == PDF_BYTES
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="statuts.pdf"'
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert list(Path(settings.ACE_FILES_ROOT).rglob("*.part")) == []


def test_a_write_that_fails_leaves_no_half_file(db, monkeypatch):
    before = set(Path(settings.ACE_FILES_ROOT).rglob("*.*"))

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        uploads.store((PDF_BYTES, "application/pdf", "x.pdf"), by=UserFactory())
    assert set(Path(settings.ACE_FILES_ROOT).rglob("*.*")) == before
