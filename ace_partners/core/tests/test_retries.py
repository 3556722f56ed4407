"""A form with an error does not cost the file that came with it (workflow.md §8: files lost on a validation error)."""

import re
import time
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ace_partners.core import retries, uploads
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import PDF_BYTES
from impact.models import ReportEvidence
from impact.tests.factories import ReportFactory
from partners.tests.factories import MembershipFactory


@pytest.fixture
def report(db, settings, tmp_path):
    settings.ACE_FILES_ROOT = str(tmp_path)
    return ReportFactory()


@pytest.fixture
def editor(report, client):
    client.force_login(MembershipFactory(partner=report.partner, role=Role.EDITOR).user)
    return client


def waiting():
    return list((Path(settings.ACE_FILES_ROOT) / retries.FOLDER).glob("*"))


def send(client, report, **more):
    address = reverse("impact_space:evidence_add", args=[report.pk])
    return client.post(address, {"once": str(time.monotonic_ns()), **more})


def kept_token(response):
    return re.search(r'name="upload_kept" value="([^"]+)"', response.text)[1]


def test_a_file_that_came_with_an_error_is_there_when_the_form_is_sent_again(
    editor, report, django_capture_on_commit_callbacks
):
    wrong = send(editor, report, upload=SimpleUploadedFile("liste.pdf", PDF_BYTES), caption="")

    assert wrong.status_code == 422
    assert "liste.pdf" in wrong.text
    assert ReportEvidence.objects.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        right = send(editor, report, upload_kept=kept_token(wrong), caption="Liste de présence")
    assert right.status_code == 302
    piece = ReportEvidence.objects.get()
    assert uploads.path_of(piece.file).read_bytes() == PDF_BYTES
    assert piece.file.name == "liste.pdf"
    assert waiting() == []


def test_it_also_survives_a_second_error(editor, report):
    first = send(editor, report, upload=SimpleUploadedFile("liste.pdf", PDF_BYTES), caption="")
    second = send(editor, report, upload_kept=kept_token(first), caption="")

    assert send(editor, report, upload_kept=kept_token(second), caption="Liste").status_code == 302
    assert ReportEvidence.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "../../etc/passwd", "eyJmaWxlIjoiLi4ifQ:1abc:forged"])
def test_a_forged_name_opens_no_file(editor, report, token):
    assert send(editor, report, upload_kept=token, caption="Liste").status_code == 422
    assert ReportEvidence.objects.count() == 0


def test_a_newly_chosen_file_wins(editor, report):
    wrong = send(editor, report, upload=SimpleUploadedFile("liste.pdf", PDF_BYTES), caption="")
    newer = SimpleUploadedFile("autre.pdf", PDF_BYTES)

    send(editor, report, upload_kept=kept_token(wrong), upload=newer, caption="Liste")

    assert ReportEvidence.objects.get().file.name == "autre.pdf"


def test_nobody_came_back_and_the_file_goes_after_a_day(editor, report):
    send(editor, report, upload=SimpleUploadedFile("liste.pdf", PDF_BYTES), caption="")
    (path,) = waiting()

    assert retries.purge() == 0
    assert path.exists()
    assert retries.purge(now=time.time() + retries.KEPT_FOR + 60) == 1
    assert not path.exists()


def test_the_name_of_a_file_opens_nothing_after_a_day(editor, report):
    wrong = send(editor, report, upload=SimpleUploadedFile("liste.pdf", PDF_BYTES), caption="")

    with time_machine.travel(time.time() + retries.KEPT_FOR + 60, tick=False):
        late = retries.arrived(kept_token(wrong))

    assert retries.arrived(kept_token(wrong)) is not None
    assert late is None
