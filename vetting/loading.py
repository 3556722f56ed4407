"""Load the published checklist from its file: once. A published version is frozen; a new wording is a new version."""

import hashlib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from partners.models import DocumentType
from vetting.checklist_file import ChecklistError, read_checklist
from vetting.models import Checklist, ChecklistItem, ChecklistStatus, Criterion

REFERENCE = Path(__file__).resolve().parent / "reference" / "checklist.yaml"
VERSION = 1


@transaction.atomic
def load_checklist(path=REFERENCE, *, version=VERSION):
    """Publish the checklist of `path` as `version`; return one line per change, [] when the same file is there already.

    Raises ChecklistError with one sentence when the file is wrong, or when `version` was published from another file:
    dossiers were assessed against its words.
    """
    path = Path(path)
    wanted = read_checklist(path, document_codes=set(DocumentType.objects.values_list("code", flat=True)))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    present = Checklist.objects.filter(version=version).first()
    if present and present.sha256 != sha256:
        raise ChecklistError(
            f"version {version} is published and frozen, and {path.name} is not the file it came from:"
            " publish a changed wording as a new version."
        )
    if present:
        return []
    checklist = Checklist.objects.create(version=version, sha256=sha256)
    criteria = {
        row.code: Criterion.objects.create(
            checklist=checklist, code=row.code, title_fr=row.name.fr, title_en=row.name.en
        )
        for row in wanted.criteria
    }
    ChecklistItem.objects.bulk_create(_item(row, criteria[row.criterion]) for row in wanted.items)
    checklist.status, checklist.published_on = ChecklistStatus.PUBLISHED, timezone.localdate()
    checklist.save()
    return [f"checklist v{version}: {len(criteria)} criteria, {len(wanted.items)} items"]


def _item(row, criterion):
    return ChecklistItem(
        criterion=criterion,
        code=row.code,
        position=row.position,
        section=row.section,
        question_fr=row.question.fr,
        question_en=row.question.en,
        guidance_fr=row.guidance.fr,
        guidance_en=row.guidance.en,
        mandatory=row.obligation == "mandatory",
        knock_out=list(row.knock_out),
        plan_months=row.plan_months,
        weight=row.weight,
        organisation_types=list(row.organisation_types),
        areas=list(row.areas),
        rounds=list(row.rounds),
        documents=list(row.documents),
        blocks_payment=row.blocks_payment,
        suggested_step=row.step.fr if row.step else "",
        suggested_months=row.step.months if row.step else None,
        suggested_document=row.step.document if row.step else "",
    )
