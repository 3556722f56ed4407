"""The two ways an action refuses. Both are expected, both end in a page that says what to do next."""


class NotAllowed(Exception):
    """Rules speak against the action. `reasons` is a non-empty list of sentences for the person who tried."""

    def __init__(self, reasons):
        self.reasons = list(reasons)
        super().__init__("; ".join(str(reason) for reason in self.reasons))


def refuse(reasons):
    """Raise NotAllowed when there are reasons against an action."""
    if reasons:
        raise NotAllowed(reasons)


class Stale(Exception):
    """The row moved on since the page was loaded.

    `event` is the AuditEvent that says who did what, or None. `texts` names the fields of the row that the form edits:
    their text of now may be shown to whoever typed into that form, and nothing else of the row.
    """

    def __init__(self, row, event=None, *, texts=()):
        self.row, self.event, self.texts = row, event, texts
        super().__init__(f"{row._meta.label} {row.pk} has changed")
