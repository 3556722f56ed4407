"""A whole draft at once, from a workbook that was filled offline."""

from django.db import transaction

from ace_partners.core import audit
from ace_partners.core.errors import Stale, refuse
from impact.actions.drafts import EMPTY_VALUE, priced
from impact.models import DraftSpending, DraftValue, Report
from impact.rules import value_key
from impact.rules.workbook import against_taking_in


@transaction.atomic
def take_in(report, *, by, seen, values, expenses=None, texts=None):
    """Save what a workbook says, all of it or nothing. Returns the Report as it now is.

    `values` maps Targets to the fields of a value; `expenses` replaces the whole list (None leaves it); `texts` maps names
    to texts. `seen` is the `lock_version` of the page: whatever was saved meanwhile stops it. The audit says how much of
    which part was taken, never what: a draft is the partner's own. Raises NotAllowed, Stale.
    """
    texts = texts or {}
    report = Report.objects.select_for_update().select_related("partner", "project", "period").get(pk=report.pk)
    refuse(against_taking_in(report, by, targets=values, spending=expenses is not None, texts=texts))
    if report.lock_version != seen:
        raise Stale(report, audit.latest(report))
    for target, fields in values.items():
        _save_value(report, target, fields)
    if expenses is not None:
        report.draft_spending.all().delete()
        DraftSpending.objects.bulk_create(DraftSpending(report=report, **priced(fields)) for fields in expenses)
        report.no_spending = False
    for name, text in texts.items():
        setattr(report, name, text)
    report.texts_version += bool(texts)
    report.lock_version += 1
    report.save(update_fields=["lock_version", "texts_version", "no_spending", *texts])
    after = {
        "values": sorted(value_key(target) for target in values),
        "expenses": None if expenses is None else len(expenses),
        "texts": sorted(texts),
    }
    audit.record("report.workbook_taken", report, by=by, after=after)
    return report


def _save_value(report, target, fields):
    """As a whole: what the answer leaves out is emptied, for a value has one shape."""
    answer = {name: value for name, value in fields.items() if name != "seen"}
    DraftValue.objects.update_or_create(
        report=report, target=target, defaults={**EMPTY_VALUE, **answer, "lock_version": fields["seen"] + 1}
    )
