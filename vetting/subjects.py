"""The names of an organisation that are screened: its own, its former ones, its acronym, and its people in office."""

import re
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone

from vetting.matching import is_screenable, tokens_of
from vetting.models import SubjectKind


@dataclass(frozen=True)
class Subject:
    """One name to screen. `key` tells whose it is, so that a new person with the name of another is somebody else."""

    kind: str
    key: str
    text: str
    person_id: int | None = None

    @property
    def tokens(self):
        return tokens_of(self.text)

    @property
    def fingerprint(self):
        """Changes when the name does; not with an accent, a title or the order of the words."""
        return fingerprint_of(self.tokens)

    @property
    def is_person(self):
        return self.kind == SubjectKind.PERSON

    @property
    def is_by_letters(self):
        """Acronyms and organisations of one word meet only exactly the same word of a listed organisation."""
        return not self.is_person and not is_screenable(self.tokens)

    @property
    def is_screenable(self):
        return self.is_by_letters or is_screenable(self.tokens)


def fingerprint_of(tokens):
    return sha256(" ".join(tokens).encode()).hexdigest()


def in_office(partner, today=None):
    """The people whose term has not ended."""
    today = today or timezone.localdate()
    return partner.people.filter(Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=today)).order_by("pk")


def subjects_of(partner):
    """Every name to screen, each once, in the order in which people read them. One query."""
    found = [Subject(SubjectKind.NAME, "name", partner.name)]
    if tokens_of(partner.acronym):
        found.append(Subject(SubjectKind.ACRONYM, "acronym", partner.acronym))
    for text in re.split(r"[;\n]", partner.former_names):
        if tokens := tokens_of(text):
            # Named by what it says, not by its place in the line: adding one must not make the others new.
            found.append(Subject(SubjectKind.FORMER_NAME, f"former-{fingerprint_of(tokens)[:12]}", text.strip()))
    people = [
        Subject(SubjectKind.PERSON, f"person-{person.pk}", person.full_name, person.pk) for person in in_office(partner)
    ]
    return list({subject.key: subject for subject in [*found, *people]}.values())


def unscreenable_people(partner):
    """The people in office of whom one name alone is known (checklist C1.3)."""
    return [person for person in in_office(partner) if not is_screenable(tokens_of(person.full_name))]
