"""What the organisation changed in an answer since the version that was looked at before: words, and documents."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from partners.models import Document
from vetting import phrases
from vetting.carrying import decided_before
from vetting.difference import Piece, word_difference


@dataclass(frozen=True)
class AnswerChange:
    """`since`: which version it is compared with, in words. `pieces` is empty where the text is the same."""

    since: str
    pieces: tuple[Piece, ...]
    added: tuple[Document, ...]
    removed: tuple[Document, ...]


class AnswerChanges:
    """The changes of one dossier, item by item; three queries, two more at a renewal.

    A finding is compared with the version it examined, everything else with the version sent before, and the first
    version of a renewal with the answers of the round that was decided.
    """

    def __init__(self, dossier, latest):
        self.latest = latest
        self.before, self.since = _version_before(dossier, latest)
        self.documents = {row.pk: row for row in _documents(dossier)} if self.before else {}

    def of(self, code, finding=None):
        """The AnswerChange on one item, None without one."""
        before, since = self.before, self.since
        if finding is not None and finding.version_id != getattr(self.latest, "pk", None):
            before, since = finding.version, _version_words(finding.version)
        if before is None:
            return None
        was, now = before.answer_to(code), self.latest.answer_to(code)
        if was == now:
            return None
        old, new = _words(was), _words(now)
        return AnswerChange(
            since=since,
            pieces=word_difference(old, new) if old != new else (),
            added=self._only_in(now, was),
            removed=self._only_in(was, now),
        )

    def _only_in(self, one, other):
        there = {row["id"] for row in other["documents"]}
        ids = [row["id"] for row in one["documents"] if row["id"] not in there]
        return tuple(self.documents[pk] for pk in ids if pk in self.documents)


def _version_before(dossier, latest):
    """(the version to compare with, its name in words); (None, "") for the first that ACE ever saw."""
    if latest is None:
        return None, ""
    if latest.number > 1:
        before = dossier.versions.get(number=latest.number - 1)
        return before, _version_words(before)
    decided = decided_before(dossier) if dossier.previous_id else None
    decision = decided.decisions.first() if decided else None
    if decision is None:
        return None, ""
    return decided.latest_version, _("the decision of %(day)s") % {"day": phrases.day(decision.decided_at)}


def _version_words(version):
    return _("version %(number)s") % {"number": version.number}


def _words(answer):
    return "\n\n".join(text for text in (answer["text"], answer["absence"]) if text)


def _documents(dossier):
    return Document.objects.filter(partner=dossier.partner_id).select_related("type", "file")
