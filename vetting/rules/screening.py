"""When a screening still counts, what an open match stops, and who may settle it (design §6: two people)."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ace_partners.core.dates import add_months
from ace_partners.core.machine import Machine, Move, against_role
from ace_partners.core.rights import Role
from partners.rules import roles_on
from vetting.matching import tokens_of
from vetting.models import (
    ConflictDeclaration,
    HitStatus,
    HitVerdict,
    SanctionsEdition,
    SanctionsList,
    Screening,
    SubjectKind,
)
from vetting.rules.lists import is_stale
from vetting.scoring import Answer
from vetting.subjects import subjects_of, unscreenable_people

SCREENERS = frozenset({Role.REVIEWER, Role.APPROVER})
OCCASIONS = SCREENERS | {Role.ME_OFFICER}  # whose decisions and payments make the machine screen first
SANCTIONS_ITEM, IDENTITIES_ITEM = "C1.4", "C1.3"
UNSETTLED = (HitStatus.OPEN, HitStatus.PROPOSED)

# Nobody presses the steps without actors: the import of an edition takes them.
HIT = Machine(
    noun="hit",
    states=HitStatus,
    initial=HitStatus.OPEN,
    moves=(
        Move(
            "propose",
            (HitStatus.OPEN,),
            HitStatus.PROPOSED,
            frozenset({Role.REVIEWER}),
            gettext_lazy("Propose a verdict"),
        ),
        Move(
            "send_back",
            (HitStatus.PROPOSED,),
            HitStatus.OPEN,
            SCREENERS,
            gettext_lazy("Send back"),
            needs_reason=True,
        ),
        Move("clear", (HitStatus.PROPOSED,), HitStatus.CLEARED, SCREENERS, gettext_lazy("Agree: not the same")),
        Move("confirm", (HitStatus.PROPOSED,), HitStatus.CONFIRMED, SCREENERS, gettext_lazy("Agree: the same")),
        Move("close", UNSETTLED, HitStatus.CLOSED, frozenset(), gettext_lazy("Close: no longer listed")),
        Move("relist", (HitStatus.CLOSED,), HitStatus.OPEN, frozenset(), gettext_lazy("Open again: listed again")),
        Move(
            "reopen",
            (HitStatus.CLEARED, HitStatus.CONFIRMED),
            HitStatus.OPEN,
            frozenset({Role.APPROVER}),
            gettext_lazy("Look at it again"),
            needs_reason=True,
        ),
    ),
)

# Why the newest screening does not count any more.
NEVER, NEW_PERSON, CHANGED_NAME, NEWER_EDITION, TOO_OLD, OTHER_THRESHOLD = (
    "never",
    "new_person",
    "changed_name",
    "newer_edition",
    "too_old",
    "other_threshold",
)


@dataclass(frozen=True)
class ScreeningState:
    """The newest screening of an organisation, and why it does not count any more (codes; none: it counts)."""

    last: Screening | None
    editions: tuple[SanctionsEdition, ...]
    stale: tuple[str, ...]
    unsettled: int
    confirmed: int

    @property
    def has_lists(self):
        return bool(self.editions)

    @property
    def is_fresh(self):
        return self.has_lists and not self.stale

    @property
    def stale_sentences(self):
        return stale_sentences(self.stale)

    @property
    def missing(self):
        """The lists of which no edition was imported."""
        return missing_lists({edition.publisher for edition in self.editions})

    @property
    def old(self):
        """Editions that were published long ago: a newer one is probably out."""
        return tuple(edition for edition in self.editions if is_stale(edition))


def missing_lists(publishers):
    return [label for code, label in SanctionsList.choices if code not in publishers]


def screening_state(partner, editions=None):
    """What the newest screening of one organisation is worth today; six queries at most."""
    editions = tuple(SanctionsEdition.objects.active() if editions is None else editions)
    last = partner.screenings.first()
    statuses = list(partner.hits.filter(status__in=[*UNSETTLED, HitStatus.CONFIRMED]).values_list("status", flat=True))
    confirmed = statuses.count(HitStatus.CONFIRMED)
    return ScreeningState(last, editions, stale_codes(partner, last, editions), len(statuses) - confirmed, confirmed)


def stale_codes(partner, last, editions):
    """Why the screening `last` does not count for this organisation against these editions."""
    if last is None:
        return (NEVER,)
    codes = _unscreened_names(partner, last)
    if {row["id"] for row in last.editions} != {edition.pk for edition in editions}:
        codes.append(NEWER_EDITION)
    if add_months(timezone.localdate(last.screened_at), settings.ACE_SCREEN_MONTHS) <= timezone.localdate():
        codes.append(TOO_OLD)
    if (last.strong_from, last.review_from) != thresholds():
        codes.append(OTHER_THRESHOLD)
    return tuple(codes)


def _unscreened_names(partner, last):
    """A person or a name that the screening did not see. Nothing was compared when there was no list."""
    if not last.editions:
        return []
    seen = {(row.kind, row.person_id, tokens_of(row.text)) for row in last.subjects.all()}
    people = {person_id for _kind, person_id, _tokens in seen if person_id}
    codes = set()
    for subject in subjects_of(partner):
        if (subject.kind, subject.person_id, subject.tokens) not in seen:
            is_new = subject.kind == SubjectKind.PERSON and subject.person_id not in people
            codes.add(NEW_PERSON if is_new else CHANGED_NAME)
    return sorted(codes, reverse=True)


def thresholds():
    """(strong, review) as they are stored with each screening."""
    return as_score(settings.ACE_SCREEN_STRONG), as_score(settings.ACE_SCREEN_REVIEW)


def as_score(value):
    """A score or a threshold with the three decimals that are stored."""
    return Decimal(str(value)).quantize(Decimal("0.001"))


def stale_sentences(codes):
    words = {
        NEVER: _("This organisation has never been screened."),
        NEW_PERSON: _("A person in office was added since the last screening."),
        CHANGED_NAME: _("A name changed since the last screening."),
        NEWER_EDITION: _("An edition of a list was imported since the last screening."),
        TOO_OLD: _("The last screening is more than %(months)s months old.") % {"months": settings.ACE_SCREEN_MONTHS},
        OTHER_THRESHOLD: _("The thresholds changed since the last screening."),
    }
    return [words[code] for code in codes]


# --- what screening stops ---------------------------------------------------------------------------------------


def against_screening(partner, user):
    """Officers and the direction screen; others read what was found."""
    if roles_on(user, partner) & SCREENERS:
        return []
    return [_("Only a due-diligence officer or the direction can screen an organisation.")]


def against_screening_all(user):
    """The same for the whole network."""
    if user.roles & SCREENERS:
        return []
    return [_("Only a due-diligence officer or the direction can screen organisations.")]


def against_unsettled(partner):
    """Reasons while a match waits for its verdict, or is confirmed against a finding that says otherwise."""
    return _against_unsettled(partner.hits.filter(status__in=UNSETTLED).count())


def _against_unsettled(count):
    if not count:
        return []
    sentence = ngettext(
        "One match with a sanctions list waits for its verdict.",
        "%(count)s matches with a sanctions list wait for their verdict.",
        count,
    )
    return [sentence % {"count": count}]


def against_deciding_on(dossier):
    """Before a decision: no match without a verdict, and no “met” on C1.4 or C1.3 that screening contradicts.

    That the screening is recent is no reason here: the actions that propose and approve screen first when it is not.
    """
    met = dossier.findings.filter(answer=Answer.MET).values_list("item__code", flat=True)
    return [
        *against_unsettled(dossier.partner),
        *(reason for code in met for reason in against_met(dossier.partner, code)),
    ]


def against_met(partner, code):
    """Why item C1.4 or C1.3 cannot be “met” for this organisation: what screening knows."""
    if code == SANCTIONS_ITEM and partner.hits.filter(status=HitStatus.CONFIRMED).exists():
        return [_("%(item)s: a match with a sanctions list is confirmed, it cannot be “met”.") % {"item": code}]
    if code == IDENTITIES_ITEM and (people := unscreenable_people(partner)):
        names = ", ".join(str(person) for person in people)
        return [
            _("%(item)s: one name alone cannot be screened (%(names)s), it cannot be “met”.")
            % {"item": code, "names": names}
        ]
    return []


# --- settling a match -------------------------------------------------------------------------------------------


def against_moving_hit(hit, move, by):
    """The role first; who declared a link, or proposed, does not settle."""
    reasons = [*against_role(move, roles_on(by, hit.partner)), *_against_linked(hit, by)]
    if move.name in ("send_back", "clear", "confirm"):
        reasons += _against_second_person(hit, move, by)
    return reasons


def against_move(hit, name, by):
    """`against_moving_hit` for a page: a closed source state is a reason too."""
    move = HIT[name]
    if hit.status not in move.sources:
        return [_("This step is not open: the match is “%(state)s”.") % {"state": hit.get_status_display()}]
    return against_moving_hit(hit, move, by)


def against_verdict(verdict, reason):
    """A verdict is one of two, with its reason: what was compared, and where it was found."""
    reasons = []
    if verdict not in HitVerdict.values:
        reasons.append(_("Say whether it is the same or not."))
    if not reason.strip():
        reasons.append(_("Say why: what you compared, and where you found it."))
    return reasons


def _against_linked(hit, by):
    linked = ConflictDeclaration.objects.filter(
        user=by, has_link=True, dossier__in=hit.partner.dossiers.open()
    ).exists()
    return [_("You declared a link with this organisation: a colleague has to take over.")] if linked else []


def _against_second_person(hit, move, by):
    reasons = []
    if hit.proposed_by_id == by.pk:
        reasons.append(_("You proposed this verdict: another person has to agree or send it back."))
    agreed = {"clear": HitVerdict.CLEAR, "confirm": HitVerdict.CONFIRM}.get(move.name, hit.verdict)
    if hit.verdict != agreed:
        reasons.append(_("Another verdict is proposed: send it back with your reason."))
    return reasons
