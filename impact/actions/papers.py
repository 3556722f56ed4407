"""Papers that are built once, kept with their hash, and given back byte for byte ever after.

The layout takes seconds, so it never happens inside a transaction: facts are read, the PDF is made, and only then is
the row written. Two who build at once both lay out; the database lets one of them keep it, and both give back that one.
"""

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from ace_partners.core import audit, uploads
from ace_partners.core.errors import Stale, refuse
from ace_partners.core.pdf import PdfError
from impact.canonical import sha256_of_facts
from impact.figures.annual import read_annual
from impact.figures.closing import read_closing
from impact.figures.network_rows import reported_years
from impact.figures.papers import accepted_versions_of_everybody, read_report
from impact.models import Paper, PaperKind, QuarterClose
from impact.pdf.annual import annual_paper
from impact.pdf.quarters import quarter_paper
from impact.pdf.reports import report_paper
from impact.rules.papers import against_annual_report

logger = logging.getLogger(__name__)


def keep(kind, *, pdf, facts_sha256, by, name="document.pdf", version=None, closing=None, year=None, number=1):
    """Store the bytes and their Paper row; return the Paper, which is another's when somebody was quicker.

    `by` is who accepted, closed or asked: the file is filed under that account. `name` is what a reader saves it as.
    """
    of = {"version": version, "closing": closing, "year": year, "number": number}
    stored = None
    try:
        with transaction.atomic():
            stored = uploads.store((pdf, uploads.PDF, name), by=by)
            paper = Paper.objects.create(
                kind=kind, file=stored, facts_sha256=facts_sha256, built_at=timezone.now(), **of
            )
            # Only an annual report is somebody's step; the others follow from an acceptance or a closing.
            actor = by if kind == PaperKind.YEAR else None
            audit.record("paper.kept", paper, by=actor, after={"kind": str(kind), "sha256": stored.sha256})
            return paper
    except IntegrityError:
        if stored is not None:
            uploads.path_of(stored).unlink(missing_ok=True)  # its row went with the transaction
        return Paper.objects.get(**of)


def build_report_paper(version):
    """The Paper of an accepted version, built now unless it was built before. Raises PdfError.

    `version` comes from `figures.papers`, with its acceptance and its report.
    """
    kept = Paper.objects.filter(version=version).select_related("file").first()
    if kept is not None:
        return kept
    with override("fr"):
        facts = read_report(version)
        facts_sha256 = sha256_of_facts(facts)
    pdf = report_paper(facts)
    return keep(
        PaperKind.REPORT,
        pdf=pdf,
        facts_sha256=facts_sha256,
        by=version.acceptance.by,
        name=f"rapport-{version.report.partner.slug}-{version.receipt_number}.pdf",
        version=version,
    )


def build_quarter_paper(closing):
    """The Paper of a closed quarter, built now unless it was built before. Raises PdfError."""
    kept = Paper.objects.filter(closing=closing).select_related("file").first()
    if kept is not None:
        return kept
    with override("fr"):
        facts = read_closing(closing)
        facts_sha256 = sha256_of_facts(facts)
    pdf = quarter_paper(facts)
    return keep(
        PaperKind.QUARTER,
        pdf=pdf,
        facts_sha256=facts_sha256,
        by=closing.closed_by,
        name=f"rapport-consolide-T{closing.quarter}-{closing.year}-{closing.number}.pdf",
        closing=closing,
        number=closing.number,
    )


def build_annual_paper(year, number, *, by):
    """The Paper of a year's edition, built now unless it was built before. Raises PdfError."""
    kept = Paper.objects.filter(year=year, number=number).select_related("file").first()
    if kept is not None:
        return kept
    with override("fr"):
        facts = read_annual(year, number)
        facts_sha256 = sha256_of_facts(facts)
    pdf = annual_paper(facts)
    name = f"rapport-annuel-{year}-{number}.pdf"
    return keep(PaperKind.YEAR, pdf=pdf, facts_sha256=facts_sha256, by=by, name=name, year=year, number=number)


@transaction.atomic
def establish_annual_report(year, *, by, seen):
    """Have the next edition of a year's report built as soon as this is committed. `seen`: the newest number shown, or 0.

    Two who ask at once ask for the same edition. Raises NotAllowed, Stale.
    """
    refuse(against_annual_report(year, by, reported_years()))
    newest = Paper.objects.filter(kind=PaperKind.YEAR, year=year).order_by("-number").first()
    if newest is not None and newest.number != seen:
        raise Stale(newest, audit.latest(newest))
    _after_commit(f"the annual report {year}", lambda: build_annual_paper(year, seen + 1, by=by))


def build_after_commit(version_pk):
    """Build the paper of a version once its acceptance is committed. Nothing here may undo or disturb the acceptance."""
    _after_commit(
        f"the paper of version {version_pk}",
        lambda: build_report_paper(accepted_versions_of_everybody().get(pk=version_pk)),
    )


def _after_commit(what, build):
    """`on_commit(robust=True)` would log too, but only functions with a name; this says what is missing."""

    def quietly():
        try:
            build()
        except Exception:  # whatever goes wrong: it can be built later, and what was committed stands
            logger.exception("%s was not built", what)

    transaction.on_commit(quietly)


def build_missing():
    """Build every paper of a report or a closed quarter that is missing; return (built, failed). Safe to repeat."""
    versions = accepted_versions_of_everybody().filter(paper__isnull=True).order_by("pk")
    closings = QuarterClose.objects.filter(paper__isnull=True).select_related("closed_by").order_by("pk")
    outcomes = [_tried(build_report_paper, version) for version in versions]
    outcomes += [_tried(build_quarter_paper, closing) for closing in closings]
    return sum(outcomes), len(outcomes) - sum(outcomes)


def _tried(build, row):
    """Whether it went well; what did not is in the log, and does not stop the others."""
    try:
        build(row)
    except PdfError as trouble:
        logger.error("the paper of %s was not built: %s", row, trouble)
        return False
    return True
