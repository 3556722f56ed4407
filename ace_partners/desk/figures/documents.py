"""The documents of one page of a file, each with its older versions and, for who may know, the findings that rely on it."""

from dataclasses import dataclass

from partners.models import Document
from vetting.citations import citations


@dataclass(frozen=True)
class DocumentLine:
    """One version; `cited` are items and pages, such as "C1.1 (p. 3)"; `earlier` its older versions, newest first."""

    row: Document
    cited: tuple[str, ...] = ()
    earlier: tuple["DocumentLine", ...] = ()


def document_lines(documents, partner, user):
    """A DocumentLine for each of these current documents of one organisation; two queries, however many they are."""
    documents = list(documents)
    replaced = Document.objects.visible_to(user).filter(partner=partner, replaced_by__isnull=False)
    older = {each.pk: each for each in replaced.select_related("type", "file")}
    cited = citations([*documents, *older.values()], user)

    def line(document, *earlier):
        return DocumentLine(document, tuple(cited.get(document.pk, ())), tuple(line(each) for each in earlier))

    return [line(document, *_before(document, older)) for document in documents]


def _before(document, older):
    """The versions that this one replaced, newest first."""
    while document := older.get(document.replaces_id):
        yield document
