"""Which findings rely on a document, and on which page of it: one paper may carry several items."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from vetting.models import Dossier, DossierStatus, EvidenceRenewal, FindingEvidence


def citations(documents, user):
    """Document id → sentences such as "C1.1 (p. 3)", in checklist order; one query, and none without documents.

    Withdrawn rounds do not count; papers accepted after a decision do. Whoever may not read findings gets {}.
    """
    ids = [document.pk for document in documents]
    if not ids:
        return {}
    cited = {}
    for pk, position, code, page in _relied_on(ids, user):
        words = _("%(item)s (p. %(page)s)") % {"item": code, "page": page} if page else code
        cited.setdefault(pk, {})[position, code, page] = words
    return {pk: [found[key] for key in sorted(found)] for pk, found in cited.items()}


def _relied_on(ids, user):
    """(document, position, item code, page) of findings and of later acceptances, in one query."""
    readable = Dossier.objects.examined_by(user).exclude(status=DossierStatus.WITHDRAWN)
    columns = ("document_id", "finding__item__position", "finding__item__code", "page")
    rows = [
        model.objects.filter(Exists(readable.filter(pk=OuterRef("finding__dossier"))), document__in=ids)
        for model in (FindingEvidence, EvidenceRenewal)
    ]
    return rows[0].values_list(*columns).union(rows[1].values_list(*columns))
