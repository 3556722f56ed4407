"""The money of one project, read once: its agreement, each planned payment with what stops it, and the sums per currency."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from ace_partners.core.money import CURRENCIES, Money, total
from impact.models import Agreement, Disbursement, DisbursementStatus, Installment
from impact.rules.agreements import installment_blocks, organisation_blocks
from vetting.rules.paying import PaymentBlock

TONES = {
    DisbursementStatus.PROPOSED: "watch",
    DisbursementStatus.APPROVED: "progress",
    DisbursementStatus.PAID: "good",
    DisbursementStatus.CANCELLED: "neutral",
}


@dataclass(frozen=True)
class PaymentLine:
    """One planned payment. `live` is its disbursement that counts, if any; `cancelled` those that were given up.

    `blocks`: what stops it today, or stops the live one from going on; empty once it is paid.
    """

    row: Installment
    live: Disbursement | None
    cancelled: tuple[Disbursement, ...]
    code: str
    label: str
    tone: str
    blocks: tuple[PaymentBlock, ...]

    @property
    def is_paid(self):
        return self.live is not None and self.live.status == DisbursementStatus.PAID

    @property
    def is_free(self):
        """Nothing was ever proposed for it."""
        return self.live is None and not self.cancelled

    @property
    def is_open(self):
        """A proposal can be made: what a screening ends is left to the act, which screens first."""
        return self.live is None and all(block.ends_by_screening for block in self.blocks)

    @property
    def is_screened_first(self):
        return any(block.ends_by_screening for block in self.blocks)


@dataclass(frozen=True)
class CurrencyTotals:
    """Sums of one currency; the other is never added. `left` is what the calendar plans and nobody has paid yet."""

    currency: str
    budget: Money
    planned: Money
    paid: Money
    left: Money

    @property
    def is_over_budget(self):
        return self.planned.amount > self.budget.amount


@dataclass(frozen=True)
class MoneyRoom:
    """`next` is the first planned payment that is not paid, None when there is none."""

    agreement: Agreement | None
    lines: tuple[PaymentLine, ...]
    totals: tuple[CurrencyTotals, ...]
    next: PaymentLine | None


def read_money(project, today=None):
    """MoneyRoom of a project with its partner loaded; as many queries for one planned payment as for many."""
    today = today or timezone.localdate()
    agreement = Agreement.objects.filter(project=project).select_related("written_by", "approved_by").first()
    if agreement:
        agreement.project = project
    lines = _lines(agreement, project, today) if agreement else ()
    return MoneyRoom(
        agreement=agreement,
        lines=lines,
        totals=_totals(list(project.budget_lines.all()), lines),
        next=next((line for line in lines if not line.is_paid), None),
    )


def _lines(agreement, project, today):
    rows = list(agreement.installments.select_related("after_period").prefetch_related("disbursements"))
    reports = {report.period_id: report for report in project.reports.all()}
    common = organisation_blocks(project.partner, today)
    return tuple(_line(row, agreement, reports, common, today) for row in rows)


def _line(row, agreement, reports, common, today):
    row.agreement = agreement
    given = list(row.disbursements.all())
    live = next((each for each in given if each.status != DisbursementStatus.CANCELLED), None)
    cancelled = tuple(each for each in given if each.status == DisbursementStatus.CANCELLED)
    paid = live is not None and live.status == DisbursementStatus.PAID
    # Its own disbursement does not stop a payment; it is what the line shows.
    blocks = () if paid else (*common, *installment_blocks(row, reports, [], today))
    code, label, tone = _state(live, blocks)
    return PaymentLine(row, live, cancelled, code, label, tone, blocks)


def _state(live, blocks):
    if live is not None:
        return live.status, live.get_status_display(), TONES[live.status]
    if all(block.ends_by_screening for block in blocks):
        return "ready", _("Nothing stops it"), "neutral"
    return "blocked", _("Stopped for now"), "bad"


def _totals(budget_lines, lines):
    """One row for each currency that appears at all."""
    found = []
    for currency in CURRENCIES:
        budget = [line.money for line in budget_lines if line.currency == currency]
        planned = [line.row.money for line in lines if line.row.currency == currency]
        paid = [line.live.money for line in lines if line.is_paid and line.row.currency == currency]
        if budget or planned:
            sums = [total(amounts, currency) for amounts in (budget, planned, paid)]
            found.append(CurrencyTotals(currency, *sums, left=sums[1] - sums[2]))
    return tuple(found)


def still_needed(line):
    """What the organisation may know of why its next payment waits: plain sentences, [] when nothing does.

    Of a match with a list, or of a screening to be made, it reads that ACE is still checking, and nothing else.
    """
    sentences = [block.sentence for block in line.blocks if block.is_told]
    if any(not block.is_told for block in line.blocks):
        sentences.append(_("ACE is still checking some points; nothing is asked of you for that."))
    return sentences
