"""What speaks against a workbook as a whole; what speaks against a part of it, the rules of the draft say. [] means yes."""

from impact.rules.drafts import CLOSED, against_period, against_writing, value_key


def against_making_workbook(report):
    """A workbook is made of a report that is with the organisation."""
    return [str(CLOSED[report.status])] if report.status in CLOSED else []


def against_taking_in(report, by, *, targets, spending, texts):
    """Reasons against `by` changing all of that at once; `targets` are those with a new value."""
    keys = [*(value_key(target) for target in targets), *(["spending"] if spending else []), *texts]
    for key in keys:
        if reasons := against_writing(report, by, key):
            return reasons
    return against_period(report.period) if targets else []
