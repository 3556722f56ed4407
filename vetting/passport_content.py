"""What a passport says: results per criterion, kinds of evidence seen, and what was not checked. Never a file or a name.

It is read once from the decision in force and kept as it was; the check page repeats the hash of exactly this content.
"""

from django.utils import timezone

from vetting.models import ChecklistItem, Finding, Screening
from vetting.scoring import Answer

FORMAT = "ace-passport/1"


def passport_content(decision, *, code, issued_on):
    """The content as plain JSON values. Dates are ISO, texts French and English, scores percent as strings or null."""
    partner, dossier = decision.partner, decision.dossier
    return {
        "format": FORMAT,
        "code": code,
        "issued_on": issued_on.isoformat(),
        "valid_until": decision.valid_until.isoformat(),
        "organisation": {
            "name": partner.name,
            "acronym": partner.acronym,
            "type": dossier.organisation_type,
            "areas": list(dossier.areas),
        },
        "decision": {
            "reference": decision.reference,
            "decided_on": timezone.localdate(decision.decided_at).isoformat(),
            "outcome": decision.outcome,
            "checklist_version": dossier.checklist.version,
            "conditions": decision.conditions.count(),
        },
        "criteria": _criteria(decision),
        "screening": _screening(partner),
    }


def _criteria(decision):
    findings = (
        Finding.objects.filter(dossier=decision.dossier)
        .select_related("item__criterion")
        .prefetch_related("evidence__document__type")
    )
    by_criterion = {}
    for finding in findings:
        by_criterion.setdefault(finding.item.criterion_id, []).append(finding)
    changed = decision.proposal.changed_findings  # a decision that replaced another may read some findings differently
    asked = {item.pk for item in decision.dossier.items}
    others = ChecklistItem.objects.filter(criterion__checklist=decision.dossier.checklist).exclude(pk__in=asked)
    not_asked = {}
    for item in others:
        not_asked.setdefault(item.criterion_id, []).append(item)
    return [
        _criterion(row, by_criterion.get(row.criterion_id, []), not_asked.get(row.criterion_id, []), changed)
        for row in decision.criteria.select_related("criterion")
    ]


def _criterion(row, findings, not_asked, changed):
    kinds = {
        evidence.document.type.code: evidence.document.type
        for finding in findings
        for evidence in finding.evidence.all()
    }
    left_out = [
        finding.item for finding in findings if changed.get(finding.item.code, finding.answer) == Answer.NOT_APPLICABLE
    ]
    return {
        "code": row.criterion.code,
        "title": {"fr": row.criterion.title_fr, "en": row.criterion.title_en},
        "result": row.result,
        "score": str(row.score) if row.score is not None else None,
        "evidence_seen": [
            {"code": code, "fr": kind.name_fr, "en": kind.name_en} for code, kind in sorted(kinds.items())
        ],
        "not_checked": [
            *({"item": item.code, "subject": item.section, "why": "not_asked"} for item in not_asked),
            *({"item": item.code, "subject": item.section, "why": "not_applicable"} for item in left_out),
        ],
    }


def _screening(partner):
    """The last screening: its day, its result and which lists; never a name. None when there was none."""
    last = Screening.objects.filter(partner=partner).first()
    if last is None:
        return None
    return {
        "screened_on": timezone.localdate(last.screened_at).isoformat(),
        "result": last.result,
        "lists": [{"list": row["list"], "edition_on": row["edition_on"]} for row in last.editions],
    }
