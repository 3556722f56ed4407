"""How far an organisation's work is, asked of the database in one query per kind: drafts are counted, never opened."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from impact.models import CorrectionRequest as ReportRequest
from impact.models import DraftSpending
from vetting.carrying import UNCONFIRMED
from vetting.models import Answer, AnswerEvidence, AnswerReference, CorrectionRequest


def counted(rows):
    """A scalar subquery that counts `rows` (which refer to the outer row), 0 when there are none."""
    numbers = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def with_progress(dossiers):
    """Annotate dossiers with answers_total, answers_missing, asked and asked_missing.

    Missing is what `vetting.rules.unanswered` lists: no text, document, assessment nor reason of absence, or taken over
    and not confirmed; of what ACE asked back, what was not touched since.
    """
    answers = Answer.objects.filter(dossier=OuterRef("pk"))
    documents = AnswerEvidence.objects.filter(answer=OuterRef("pk"))
    references = AnswerReference.objects.filter(answer=OuterRef("pk"))
    asked = CorrectionRequest.objects.filter(dossier=OuterRef("pk"), sent_at__isnull=False, answered_at__isnull=True)
    touched = Answer.objects.filter(
        dossier=OuterRef("dossier"), item=OuterRef("item"), updated_at__gt=OuterRef("sent_at")
    )
    empty = Q(~Exists(documents), ~Exists(references), text="", absence="")
    return dossiers.annotate(
        answers_total=counted(answers),
        answers_missing=counted(answers.filter(empty | UNCONFIRMED)),
        asked=counted(asked),
        asked_missing=counted(asked.filter(~Exists(touched))),
    )


def with_draft(reports):
    """Annotate reports with what is written of them: values, expenses, and replies to what ACE asked."""
    asked = ReportRequest.objects.filter(report=OuterRef("pk"), sent_at__isnull=False, answered_at__isnull=True)
    return reports.with_started().annotate(
        expenses=counted(DraftSpending.objects.filter(report=OuterRef("pk"))),
        asked=counted(asked),
        asked_missing=counted(asked.filter(reply="")),
    )


def newest(rows, *, partner, by, limit):
    """The `limit` newest rows of each organisation, with `total`, how many there are; one query for all of them."""
    window = {"partition_by": [F(partner)]}
    return (
        rows.annotate(
            place=Window(RowNumber(), order_by=[F(by).desc(), F("pk").desc()], **window),
            total=Window(Count("pk"), **window),
        )
        .filter(place__lte=limit)
        .order_by("place")
    )
