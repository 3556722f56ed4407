"""The partner's draft, saved section by section. Each saved row has its own version, so two people may share the work."""

from django.db import transaction

from ace_partners.core import audit, uploads
from ace_partners.core.errors import Stale, refuse
from ace_partners.core.money import USD, FrozenRate, Money, line_usd
from impact import rules
from impact.models import DraftComment, DraftSpending, DraftValue, Report, ReportEvidence

EMPTY_VALUE: dict[str, object] = {
    **dict.fromkeys(("value", "numerator", "denominator", "shared", "shared_with")),
    "comment": "",
    "cells": {},
}
SPENDING_FIELDS = ("budget_line", "label", "spent_on", "amount", "currency", "rate", "rate_on", "rate_source", "note")


def _opened(report, against, section, *, by, seen=None, version_of=None):
    """Lock the report, ask the rules, raise its version (the check page must notice) and audit that a section was saved.

    `version_of(report)` is asked under the lock and must still be `seen`, so that nobody's text is overwritten.
    The audit says which section, never what was typed: a draft is the partner's own.
    Raises NotAllowed, Stale.
    """
    report = Report.objects.select_for_update().select_related("partner", "period").get(pk=report.pk)
    refuse(against(report))
    if version_of is not None and version_of(report) != seen:
        raise Stale(report, audit.latest(report))
    report.lock_version += 1
    report.save(update_fields=["lock_version"])
    audit.record("report.draft_saved", report, by=by, after={"section": section})
    return report


@transaction.atomic
def save_value(report, target, *, by, seen, state, **answer):
    """Save one indicator's value, as a whole: what `answer` (see EMPTY_VALUE) leaves out is emptied.

    `seen` is the version of the draft row, 0 for none. Raises NotAllowed, Stale.
    """
    _opened(
        report,
        lambda locked: rules.against_writing_value(locked, target, by),
        rules.value_key(target),
        by=by,
        seen=seen,
        version_of=lambda locked: _value_version(locked, target),
    )
    row, _created = DraftValue.objects.update_or_create(
        report=report,
        target=target,
        defaults={**EMPTY_VALUE, **answer, "state": state, "lock_version": seen + 1},
    )
    return row


def _value_version(report, target):
    return DraftValue.objects.filter(report=report, target=target).values_list("lock_version", flat=True).first() or 0


@transaction.atomic
def save_texts(report, *, by, seen, **texts):
    """Save some of the three texts (narrative, difficulties, lessons). `seen` is `texts_version`. Raises NotAllowed, Stale."""
    locked = _opened(
        report,
        lambda row: _against_each_text(row, by, texts),
        "narrative",
        by=by,
        seen=seen,
        version_of=lambda row: row.texts_version,
    )
    for name, text in texts.items():
        setattr(locked, name, text)
    locked.texts_version += 1
    locked.save(update_fields=[*texts, "texts_version"])
    return locked


def _against_each_text(report, by, texts):
    return next((reasons for name in texts if (reasons := rules.against_writing(report, by, name))), [])


def _against_spending(report, by):
    return rules.against_writing(report, by, "spending")


def _against_expense(report, line, by):
    line.report = report
    return rules.against_changing_expense(line, by)


@transaction.atomic
def add_spending(report, *, by, **fields):
    """Add an expense; its dollars are computed here, once, at the rate of the line. Raises NotAllowed."""
    report = _opened(report, lambda row: _against_spending(row, by), "spending", by=by)
    Report.objects.filter(pk=report.pk).update(no_spending=False)
    return DraftSpending.objects.create(report=report, **priced(fields))


@transaction.atomic
def edit_spending(line, *, by, seen, **fields):
    """Change an expense of the draft. Raises NotAllowed, Stale."""
    report = _opened(
        line.report,
        lambda row: _against_expense(row, line, by),
        "spending",
        by=by,
        seen=seen,
        version_of=lambda row: _line_version(row, line),
    )
    line = report.draft_spending.get(pk=line.pk)
    for name, value in priced(fields).items():
        setattr(line, name, value)
    line.lock_version += 1
    line.save()
    return line


def _line_version(report, line):
    """The version of an expense, None when it was removed meanwhile."""
    return report.draft_spending.filter(pk=line.pk).values_list("lock_version", flat=True).first()


def priced(fields):
    """The fields of a line with `amount_usd`: dollars as they are (rate 1, no source), francs at the line's frozen rate."""
    fields = {name: fields.get(name) for name in SPENDING_FIELDS} | {"note": fields.get("note") or ""}
    paid = Money(fields["amount"], fields["currency"])
    if paid.currency == USD:
        return {**fields, "rate": 1, "rate_on": None, "rate_source": "", "amount_usd": line_usd(paid, None)}
    rate = FrozenRate(fields["rate"], fields["rate_on"], fields["rate_source"])
    return {**fields, "amount_usd": line_usd(paid, rate)}


@transaction.atomic
def remove_spending(line, *, by):
    """Take an expense out of the draft. Raises NotAllowed."""
    _opened(line.report, lambda row: _against_expense(row, line, by), "spending", by=by)
    DraftSpending.objects.filter(pk=line.pk).delete()


@transaction.atomic
def save_no_spending(report, *, by, nothing_spent):
    """Say that nothing was spent in this period, or take that back. Raises NotAllowed."""
    against = rules.against_spending_nothing if nothing_spent else _against_spending
    report = _opened(report, lambda row: against(row, by), "spending", by=by)
    Report.objects.filter(pk=report.pk).update(no_spending=nothing_spent)


@transaction.atomic
def add_evidence(report, *, by, upload, caption, target=None, is_public=False):
    """Store a file behind the report or behind one value. `upload` is a cleaned EvidenceField. Raises NotAllowed."""
    keys = ("evidence", *([rules.value_key(target)] if target else []))
    report = _opened(report, lambda row: rules.against_writing(row, by, *keys), "evidence", by=by)
    return ReportEvidence.objects.create(
        report=report,
        target=target,
        file=uploads.store(upload, by=by),
        caption=caption,
        is_public=is_public,
        added_by=by,
    )


@transaction.atomic
def remove_evidence(evidence, *, by):
    """Take a file out of the draft; one that was sent with a version stays. Raises NotAllowed."""

    def against(locked):
        evidence.report = locked
        return rules.against_removing_evidence(evidence, by)

    _opened(evidence.report, against, "evidence", by=by)
    audit.record("evidence.removed", evidence, by=by, after={"sha256": evidence.file.sha256})
    evidence.delete()


@transaction.atomic
def save_reply(request, *, by, reply):
    """Keep the partner's reply to a correction request; it leaves with the next version. Raises NotAllowed."""
    report = _opened(
        request.report, lambda row: rules.against_writing(row, by, request.field_key), "corrections", by=by
    )
    report.requests.filter(pk=request.pk).update(reply=reply)


@transaction.atomic
def save_comments(report, *, by, seen, texts):
    """Keep what the partner says to the warnings of the checks: {key: text}, an empty text takes it back.

    `seen` is the report's version that the check page showed. Raises NotAllowed, Stale.
    """
    report = _opened(
        report,
        lambda row: rules.against_commenting(row, by),
        "comments",
        by=by,
        seen=seen,
        version_of=lambda row: row.lock_version,
    )
    for key, text in texts.items():
        if text.strip():
            DraftComment.objects.update_or_create(report=report, key=key, defaults={"text": text.strip()})
        else:
            report.draft_comments.filter(key=key).delete()
