"""The reason that a proposal begins with where a criterion is met: what was seen. The examiner may write another one."""

from django.utils.translation import gettext as _
from django.utils.translation import override


def reasons_where_met(facts):
    """Criterion code → the sentence for the letter, in its language; only criteria that are met, from an Examination.

    Papers are named by their type: a title may name a person.
    """
    with override("fr"):
        return {card.criterion.code: _reason(card) for card in facts.criteria if card.result == "met"}


def _reason(card):
    relied_on = (row.document for item in card.items if item.finding for row in item.finding.evidence.all())
    papers = list(dict.fromkeys(str(document.type) for document in relied_on))
    met = _("Every mandatory item of this criterion is met.")
    return " ".join([met, _("Papers seen: %(papers)s.") % {"papers": ", ".join(papers)}] if papers else [met])
