"""Why a list file was refused, in a sentence that names the file and the line and says what to do."""

from django.utils.translation import gettext as _

from vetting.lists import Problem
from vetting.models import SanctionsList

# The files that each publisher offers and that we read, and where; the same in every language.
FILES = {
    SanctionsList.UN: "consolidated.xml",
    SanctionsList.OFAC: "sdn.xml · sdn.csv + alt.csv (+ add.csv, sdn_comments.csv)",
    SanctionsList.EU: "xmlFullSanctionsList_1_1 · csvFullSanctionsList_1_1",
    SanctionsList.UK: "UK-Sanctions-List.csv",
}
ADDRESSES = {
    SanctionsList.UN: "scsanctions.un.org",
    SanctionsList.OFAC: "sanctionslist.ofac.treas.gov",
    SanctionsList.EU: "data.europa.eu",
    SanctionsList.UK: "sanctionslist.fcdo.gov.uk",
}


def files():
    """Rows for the page: the list, the files to take, the site they are on."""
    return [{"label": row.label, "files": FILES[row], "site": ADDRESSES[row]} for row in SanctionsList]


def sentence(error):
    """The sentence of a ListFileError."""
    facts = {"file": error.file, "line": error.line, **error.facts}
    for name in ("wanted_list", "found_list"):
        if name in facts:
            facts |= {name: SanctionsList(facts[name]).label, f"{name}_files": FILES[facts[name]]}
    text = _templates()[error.problem] % facts
    where = _("%(file)s, line %(line)s: %(text)s") if error.line else _("%(file)s: %(text)s")
    return where % {**facts, "text": text}


def done(edition, *, is_new):
    """What an import did, for the page and for the command."""
    if not is_new:
        return _("These files are already imported: %(edition)s. Nothing has changed.") % {"edition": edition}
    return _(
        "Imported: %(edition)s, %(entries)s entries (%(added)s new, %(changed)s changed, %(removed)s delisted)."
    ) % {
        "edition": edition,
        "entries": edition.entries,
        "added": edition.added,
        "changed": edition.changed,
        "removed": edition.removed,
    }


def _templates():
    return {
        Problem.EMPTY: _("the file is empty. Download it again."),
        Problem.NOTHING_LISTED: _("the file lists nobody. Download it again."),
        Problem.TOO_LARGE: _("the file is larger than %(megabytes)s MB, the limit of this site."),
        Problem.NUL: _("the file holds bytes that are no text: it is damaged. Download it again."),
        Problem.ENCODING: _("the letters cannot be read as UTF-8. Import the file as downloaded, without opening it."),
        Problem.CUT: _("the file stops here in the middle: it did not arrive whole. Download it again."),
        Problem.MALFORMED: _(
            "this part cannot be read: a mark is missing or one too many. Download the file again; if the error stays,"
            " take the other format of the same list."
        ),
        Problem.COLUMNS: _("columns are missing: %(missing)s. Take the file as it is published."),
        Problem.LONG_LINE: _("this line never ends: the file is damaged. Download it again."),
        Problem.DOCTYPE: _(
            "the file declares entities, which no official list does. Do not use it; download it from its publisher."
        ),
        Problem.UNKNOWN: _("this is none of the four official lists."),
        Problem.WRONG_LIST: _(
            "this is the list of: %(found_list)s. Choose that list, or the file of: %(wanted_list)s."
        ),
        Problem.WRONG_FORMAT: _("this format is not read. Take instead: %(found_list_files)s."),
        Problem.OLD_UK_LIST: _(
            "this is the old OFSI consolidated list, not updated since 28 January 2026. Take instead:"
            " UK-Sanctions-List.csv."
        ),
        Problem.DATE: _("the date of the edition is missing or cannot be read. Download the file again."),
        Problem.REFERENCE: _("this entry has no number of its own. Download the file again."),
        Problem.NAME: _("the entry %(reference)s has no name. Download the file again."),
        Problem.TWICE: _("this is the same file as %(other)s, or one too many. Give the files of one edition only."),
        Problem.MISSING_FILE: _("%(missing)s is missing beside it: without it, names would be lost."),
        Problem.ORPHAN: _(
            "the entry %(reference)s is not in %(sdn)s: the files are of different days, or one was cut."
            " Download them together."
        ),
        Problem.FEWER: _("the file announces %(announced)s entries and holds %(found)s. Download it again."),
    }
