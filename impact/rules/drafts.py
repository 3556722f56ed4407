"""Who may write a report's draft, what may be written, and what keeps it from being sent. [] means yes (design §6)."""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ace_partners.core.dates import format_date
from ace_partners.core.rights import EDITING_ROLES
from impact.models import DraftValue, ReportStatus, SpendingLine, Target
from impact.pairing import pairs_of
from partners.rules import roles_on

LINE = "line-"  # a field key of one expense, before the number of the line in the version
TEXT_KEYS = ("narrative", "difficulties", "lessons")
CLOSED = {
    ReportStatus.SUBMITTED: gettext_lazy(
        "This report is with ACE. It can be changed again only if ACE asks for a correction."
    ),
    ReportStatus.IN_REVIEW: gettext_lazy(
        "ACE is examining this report. It can be changed again only if ACE asks for a correction."
    ),
    ReportStatus.ACCEPTED: gettext_lazy(
        "This report is accepted and public. It is changed only if ACE reopens it: write to ACE if a figure is wrong."
    ),
    ReportStatus.WAIVED: gettext_lazy("ACE does not ask for this report any more."),
}


def against_writing(report, by, *keys):
    """Reasons against `by` changing one of these fields of the draft (see `CorrectionRequest.field_key`)."""
    if not roles_on(by, report.partner) & EDITING_ROLES:
        return [_("Only an editor or a signatory of the organisation writes its report.")]
    if report.status in CLOSED:
        return [str(CLOSED[report.status])]
    if report.status == ReportStatus.CHANGES_REQUESTED and not set(keys) & asked_keys(report):
        return [_("ACE did not ask about this part: only the fields it asks about can be changed now.")]
    return []


def against_writing_value(report, target, by):
    """As `against_writing`; no value for a period that is not over (impact.md §c.1), nor before both sides agreed."""
    reasons = against_writing(report, by, value_key(target)) or against_period(report.period)
    if not reasons and target.agreed_on is None:
        return [_("This target is not agreed yet: nothing is reported on it.")]
    return reasons


def against_commenting(report, by):
    """A warning is commented as long as the report is with the organisation, whatever ACE asked about."""
    return against_writing(report, by, *asked_keys(report))


def against_changing_expense(line, by):
    """As `against_writing` on the expenses, and on the one of them that ACE asks about."""
    report = line.report
    if report.status != ReportStatus.CHANGES_REQUESTED:
        return against_writing(report, by, "spending")
    return against_writing(report, by, "spending", *(key for key, row in asked_expenses(report).items() if row == line))


def asked_expenses(report):
    """{field key: expense of the draft} for each request on one expense; None where it is not found in the draft.

    The request is bound to a line of a version; `impact.pairing` recognises it among the draft's.
    """
    asked = {key: int(key.removeprefix(LINE)) for key in asked_keys(report) if key.startswith(LINE)}
    if not asked:
        return {}
    sent = list(SpendingLine.objects.filter(version__report=report, version__number=report.versions.count()))
    drafts = {was.pk: now for was, now in pairs_of(sent, list(report.draft_spending.select_related("budget_line")))}
    return {key: drafts.get(pk) for key, pk in asked.items()}


def against_spending_nothing(report, by):
    """Saying that nothing was spent while expenses are listed would give two answers."""
    if reasons := against_writing(report, by, "spending"):
        return reasons
    if report.draft_spending.exists():
        return [_("Expenses are listed: remove them first if nothing was spent in this period.")]
    return []


def against_removing_evidence(evidence, by):
    """What was sent stays: the version that ACE read must keep its files."""
    report = evidence.report
    keys = ("evidence", *([value_key(evidence.target)] if evidence.target else []))
    if reasons := against_writing(report, by, *keys):
        return reasons
    if report.last_submitted_at and evidence.added_at <= report.last_submitted_at:
        return [_("This file was sent with the report: it stays. You can add a better one beside it.")]
    return []


def against_period(period):
    """A period that is not over has no values and no report yet."""
    if period.is_over():
        return []
    until = format_date(period.ends_on, get_language() or "fr")
    return [
        _("This period runs until %(date)s: its values can be given and its report sent from the day after.")
        % {"date": until}
    ]


def value_key(target):
    """The field key of a target's value."""
    return f"value-{target.pk}"


def line_key(line):
    """The field key of one expense of a version (a SpendingLine)."""
    return f"{LINE}{line.pk}"


def asked_keys(report):
    """The fields that ACE has asked about and that are not answered in a new version yet."""
    return set(
        report.requests.filter(sent_at__isnull=False, answered_at__isnull=True).values_list("field_key", flat=True)
    )


def field_keys(report):
    """Every field of a report that a correction can be asked on, and of its expenses those that one is asked on."""
    targets = Target.objects.agreed().filter(project=report.project_id)
    lines = (key for key in asked_keys(report) if key.startswith(LINE))
    return [*TEXT_KEYS, "spending", "evidence", *(value_key(target) for target in targets), *lines]


@dataclass(frozen=True)
class Gap:
    """Something a draft lacks: its section (values, spending, narrative, evidence, comments, corrections), the sentence,
    the target if any."""

    section: str
    words: str
    target_id: int | None = None


def gaps_in(report):
    """Everything that keeps the saved draft from being sent, in the order of its sections."""
    return [*_missing_values(report), *_missing_spending(report), *_missing_texts(report), *_missing_replies(report)]


def gaps_in_checks(checks):
    """What the checks (`figures.checks.checks_of`) keep from being sent: each error, and warnings without a comment."""
    errors = [Gap(_section(check), check.words, check.target_id) for check in checks if check.is_error]
    silent = sum(not check.is_error and not check.comment for check in checks)
    if not silent:
        return errors
    words = ngettext(
        "%(n)s remark of the checks has no word of explanation from you yet.",
        "%(n)s remarks of the checks have no word of explanation from you yet.",
        silent,
    )
    return [*errors, Gap("comments", words % {"n": silent})]


def _section(check):
    return "values" if check.target_id is not None else check.field_key or "values"


def _missing_values(report):
    done = DraftValue.objects.filter(report=report).values("target")
    targets = list(Target.objects.agreed().filter(project=report.project_id).select_related("indicator"))
    if not targets:
        return [Gap("values", _("No target has been agreed for this project yet: write to ACE."))]
    answered = set(done.values_list("target", flat=True))
    words = _("%(indicator)s: give a value (zero is a value), or say why there is none.")
    return [
        Gap("values", words % {"indicator": target.indicator.name}, target.pk)
        for target in targets
        if target.pk not in answered
    ]


def _missing_spending(report):
    if report.no_spending or report.draft_spending.exists():
        return []
    return [Gap("spending", _("List the expenses of the period, or say that nothing was spent."))]


def _missing_texts(report):
    return (
        []
        if report.narrative.strip()
        else [Gap("narrative", _("Tell in a few sentences what happened in this period."))]
    )


def _missing_replies(report):
    if report.status != ReportStatus.CHANGES_REQUESTED:
        return []
    silent = report.requests.filter(sent_at__isnull=False, answered_at__isnull=True, reply="").count()
    if not silent:
        return []
    words = ngettext(
        "%(n)s correction request has no reply yet.", "%(n)s correction requests have no reply yet.", silent
    )
    return [Gap("corrections", words % {"n": silent})]
