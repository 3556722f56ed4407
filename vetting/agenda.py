"""The calendar: what ends or falls due, of all organisations in one list, asked of the database a page at a time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ace_partners.core.rights import CASE_ROLES, Role
from partners.models import Document, Partner
from vetting.models import (
    EXAMINING_ROLES,
    UNFINISHED,
    Decision,
    DecisionCondition,
    Dossier,
    RiskRating,
    Visit,
    VisitPoint,
    VisitStatus,
)

DECISION, CONDITION, DOCUMENT, VISIT, VISIT_ACTION = "decision", "condition", "document", "visit", "visit_action"
KINDS = [
    (DECISION, gettext_lazy("A decision ends")),
    (CONDITION, gettext_lazy("A condition is due")),
    (DOCUMENT, gettext_lazy("A key document ends")),
    (VISIT, gettext_lazy("A visit is planned")),
    (VISIT_ACTION, gettext_lazy("An action after a visit is due")),
]
LABELS = dict(KINDS)
HORIZON = 180  # days
PERIODS = [
    ("passed", gettext_lazy("overdue")),
    ("30", gettext_lazy("the next 30 days")),
    ("90", gettext_lazy("the next 90 days")),
    ("180", gettext_lazy("the next 180 days")),
]


@dataclass(frozen=True)
class Entry:
    """One line: on `day` something ends or is due. `band` and `dossier` belong to a decision, "" and None otherwise."""

    kind: str
    day: date
    partner: Partner
    text: str
    url: str
    is_past: bool
    band: str
    band_label: str
    dossier: Dossier | None

    @property
    def label(self):
        return LABELS[self.kind]


def agenda(user, *, within="", kind="", today=None):
    """Rows (kind, day, pk, partner id) that `user` may see, by day: a queryset to count and to slice."""
    today = today or timezone.localdate()
    reach = Partner.objects.in_reach(user, *CASE_ROLES, Role.AUDITOR).values("pk")
    days = _days(within, today)
    first, *others = (
        rows.filter(days, partner_pk__in=reach).values_list("what", "day", "pk", "partner_pk")
        for code, rows in _sources().items()
        if kind in ("", code)
    )
    return first.union(*others, all=True).order_by("day", "what", "pk")


def _days(within, today):
    if within == "passed":
        return Q(day__lt=today)
    until = Q(day__lte=today + timedelta(days=int(within) if within else HORIZON))
    return until & Q(day__gte=today) if within else until


def _sources():
    """kind → its rows, each with `what`, `day` and `partner_pk`, in the same shape for one UNION."""
    conditions = DecisionCondition.objects.filter(
        Q(action_row__isnull=True) | Q(action_row__status__in=UNFINISHED), decision__replaced_by__isnull=True
    )
    papers = Document.objects.current().filter(
        type__is_key=True, partner__decisions__isnull=False, partner__decisions__replaced_by__isnull=True
    )
    actions = VisitPoint.objects.filter(due_on__isnull=False, done_on__isnull=True)
    return {
        DECISION: _shaped(Decision.objects.in_force(), DECISION, F("valid_until"), F("partner_id")),
        CONDITION: _shaped(conditions, CONDITION, Coalesce("action_row__due_on", "due_on"), F("decision__partner_id")),
        DOCUMENT: _shaped(papers, DOCUMENT, F("valid_until"), F("partner_id")),
        VISIT: _shaped(Visit.objects.filter(status=VisitStatus.PLANNED), VISIT, F("planned_on"), F("partner_id")),
        VISIT_ACTION: _shaped(actions, VISIT_ACTION, F("due_on"), F("visit__partner_id")),
    }


def _shaped(rows, kind, day, partner):
    return rows.order_by().annotate(what=Value(kind, output_field=CharField()), day=day, partner_pk=partner)


def entries(rows, user, today=None):
    """Entries for the rows of one page; the number of queries does not depend on how many they are."""
    today = today or timezone.localdate()
    rows = list(rows)
    found = {kind: _read(kind, [pk for what, _day, pk, _partner in rows if what == kind]) for kind in LABELS}
    ids = {partner for _what, _day, _pk, partner in rows}
    partners = Partner.objects.in_bulk(ids)
    bands, dossiers = _bands(ids, user), _open_dossiers(ids)
    examines = bool(user.roles & EXAMINING_ROLES)
    shown = []
    for what, day, pk, partner in rows:
        text, url = _words(what, found[what][pk], partners[partner])
        ends = what == DECISION
        band = bands.get(partner) if ends and examines else None
        shown.append(
            Entry(
                kind=what,
                day=day,
                partner=partners[partner],
                text=text,
                url=url,
                is_past=day < today,
                band=band.band if band else "",
                band_label=band.get_band_display() if band else "",
                dossier=dossiers.get(partner) if ends else None,
            )
        )
    return shown


def _read(kind, ids):
    if not ids:
        return {}
    rows = {
        DECISION: Decision.objects,
        CONDITION: DecisionCondition.objects.select_related("item"),
        DOCUMENT: Document.objects.select_related("type"),
        VISIT: Visit.objects.select_related("place"),
        VISIT_ACTION: VisitPoint.objects,
    }[kind]
    return rows.in_bulk(ids)


def _words(kind, row, partner):
    """(what it is, in words; where to go)."""
    if kind == DECISION:
        return row.get_outcome_display(), reverse("vetting:decision", args=[row.pk])
    if kind == CONDITION:
        return f"{row.item.code} · {row.action}", reverse("vetting:decision", args=[row.decision_id])
    if kind == DOCUMENT:
        return str(row), reverse("desk:partner", args=[partner.slug]) + "#documents"
    if kind == VISIT:
        words = f"{row.purpose} ({row.place})" if row.place else row.purpose
        return words, reverse("vetting:visit", args=[row.pk])
    words = _("%(text)s, by %(who)s") % {"text": row.text, "who": row.responsible}
    return words, reverse("vetting:visit", args=[row.visit_id])


def _bands(ids, user):
    """partner id → its newest risk rating, for those who may read one."""
    found = {}
    for rating in RiskRating.objects.visible_to(user).filter(partner__in=ids).order_by("-rated_at", "-pk"):
        found.setdefault(rating.partner_id, rating)
    return found


def _open_dossiers(ids):
    return {row.partner_id: row for row in Dossier.objects.open().filter(partner__in=ids)}
