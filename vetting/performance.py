"""The performance kept with a renewal, as the examiner reads it: counts, suggestion, and the day they were read."""

from dataclasses import dataclass
from datetime import date, datetime

from vetting import phrases_renewal
from vetting.renewal import RenewalFacts, performance, suggested_findings

SPENDING_CRITERION, TARGETS_CRITERION = "C3", "C4"


@dataclass(frozen=True)
class Line:
    """One matter: what was counted, and what the stated rule makes of it (a code and its words)."""

    counts: str
    answer: str
    suggestion: str


@dataclass(frozen=True)
class ShownPerformance:
    """`lines`: criterion code → lines. `items`: item code → Line without counts, for the items that ask exactly this."""

    since: date
    as_of: date
    taken_at: datetime
    lines: dict[str, tuple[Line, ...]]
    items: dict[str, Line]


def performance_of(dossier):
    """The ShownPerformance of the newest snapshot, None when none was taken; one query."""
    snapshot = dossier.snapshots.first()
    if snapshot is None:
        return None
    facts = RenewalFacts.from_json(snapshot.facts)
    found = performance(facts)
    return ShownPerformance(
        since=facts.since,
        as_of=facts.as_of,
        taken_at=snapshot.taken_at,
        lines={
            SPENDING_CRITERION: (_line(phrases_renewal.spending_counts(facts), found.spending.answer),),
            TARGETS_CRITERION: (
                _line(phrases_renewal.report_counts(facts), found.reports.answer),
                _line(phrases_renewal.target_counts(facts), found.targets.answer),
            ),
        },
        items={code: _line("", answer) for code, (answer, _because) in suggested_findings(facts).items()},
    )


def _line(counts, answer):
    return Line(counts, answer.value, phrases_renewal.suggestion(answer))
