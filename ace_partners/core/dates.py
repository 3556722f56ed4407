"""Dates as people here know them: sometimes only the year, sometimes "vers 2004" (design §4 and §8).

Month names are written below, in full: the locale of the machine decides nothing. Days come first (12/03/2017 is
12 March) in both languages, as the country writes them.
"""

import calendar
import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import total_ordering
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ace_partners.core.numbers import INVISIBLE, NOTHING
from ace_partners.core.search import fold

ZONE = ZoneInfo("Africa/Lubumbashi")
FIRST_YEAR, LAST_YEAR = 1800, 2199

MONTHS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

CODE = re.compile(r"(?P<circa>~?)(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")

CIRCA = re.compile(r"(?:[~≈]|(?:vers|environ|autour|circa|ca|about|around)\b\.?)(?: d[eu]\b)? ?", re.IGNORECASE)
LEAD_IN = re.compile(r"(?:le|en|in|on) ", re.IGNORECASE)
YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-/. ])(?P<month>[0-9]{1,2})(?:(?P=mark)(?P<day>[0-9]{1,2}))?)?"
)
DAY_FIRST = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?P<mark>[-/. ]))?(?P<month>[0-9]{1,2})(?(mark)(?P=mark)|[-/. ])(?P<year>[0-9]{4})"
)
WORDS = re.compile(r"(?:(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th)? )?(?P<name>[a-z]{3,9}) (?P<year>[0-9]{4})")
WORDS_MONTH_FIRST = re.compile(r"(?P<name>[a-z]{3,9}) (?P<day>[0-9]{1,2})(?:st|nd|rd|th)? (?P<year>[0-9]{4})")
SHORT_YEAR = re.compile(r"(?:[0-9]{1,2}[-/.]){1,2}[0-9]{2}|(?:[0-9]{1,2} )?[a-z]{3,9} [0-9]{2}")

# These words say less than a year says, or more than one date: the rest belongs in a note, not in a date.
VAGUE_FR = "debut fin mi milieu courant avant apres depuis entre annee annees an ans siecle decennie ou et"
VAGUE_EN = "early mid late before after since between year years decade or and"
VAGUE = frozenset(f"{VAGUE_FR} {VAGUE_EN}".split())
SEVERAL_YEARS = re.compile(r"[0-9]{4}.*[0-9]{4}|[0-9]{4}s\b")

MESSAGES = {
    "empty": _("Write a date."),
    "invisible_character": _("This date holds a character that cannot be seen: erase the field and type it again."),
    "foreign_digits": _("Write the date with the digits 0 to 9."),
    "unreadable": _("“%(text)s” is not read as a date. Write for example 12/03/2017, 03/2017, 2017 or “about 2017”."),
    "vague": _(
        "“%(text)s” is not one date. Write a year (2004) or “about 2004”, and tell the rest in the explanation."
    ),
    "short_year": _("“%(text)s”: write the year with its four digits."),
    "year_out_of_range": _("“%(text)s”: the year must lie between %(first)s and %(last)s."),
    "no_such_month": _("“%(text)s”: there is no such month. The day comes first, then the month, then the year."),
    "no_such_day": _("“%(text)s”: this day does not exist in that month."),
    "day_needed": _("“%(text)s”: give the day, the month and the year, for example 12/03/2017."),
}


class DateError(ValueError):
    """A text or numbers that are not one date: `code` is a key of MESSAGES, `message` the sentence for the person."""

    def __init__(self, code: str, text: str = ""):
        self.code, self.text = code, text
        super().__init__(code)

    @property
    def message(self) -> str:
        return MESSAGES[self.code] % {"text": self.text[:40], "first": FIRST_YEAR, "last": LAST_YEAR}


@total_ordering
@dataclass(frozen=True)
class ApproxDate:
    """A date known to the year, the month or the day, perhaps only about (`circa`). DateError if no such date exists.

    Sorted by the earliest day it can mean; of two that begin together the more precise comes first. "About" adds no
    margin to these bounds, because nobody said how much.
    """

    year: int
    month: int | None = None
    day: int | None = None
    circa: bool = False

    def __post_init__(self):
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise DateError("year_out_of_range", str(self.year))
        if self.month is None and self.day is not None:
            raise DateError("no_such_month", str(self.day))
        if self.month is not None and not 1 <= self.month <= 12:
            raise DateError("no_such_month", str(self.month))
        if self.day is not None and not 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]:
            raise DateError("no_such_day", str(self.day))

    @classmethod
    def parse(cls, text: str) -> "ApproxDate":
        """Read what a person typed, in French or English.

        "2011", "03/2017", "12/03/2017", "2017-03-12", "mars 2017", "1er mars 2017", "vers 2004", "~2004" are read.
        Raises DateError; "début 2000", "2010-2012" and the like are refused as vague: storing them would invent.
        """
        cleaned = _clean(text)
        rest = cleaned[circa.end() :] if (circa := CIRCA.match(cleaned)) else cleaned
        try:
            return cls(*_read(rest), circa=rest != cleaned)
        except DateError as mistake:
            raise DateError(mistake.code, cleaned) from None

    @classmethod
    def from_code(cls, code: str) -> "ApproxDate":
        """The date of a stored code (see `code`). DateError "unreadable" for any other text."""
        parts = CODE.fullmatch(code)
        if parts is None:
            raise DateError("unreadable", code)
        return cls(int(parts["year"]), _int(parts["month"]), _int(parts["day"]), circa=bool(parts["circa"]))

    @property
    def code(self) -> str:
        """The form to store: "2017", "2017-03", "2017-03-12", "~" in front for "about". It does not sort by date."""
        month = "" if self.month is None else f"-{self.month:02d}"
        day = "" if self.day is None else f"-{self.day:02d}"
        return f"{'~' if self.circa else ''}{self.year}{month}{day}"

    def __str__(self) -> str:
        return self.code

    def __lt__(self, other: "ApproxDate") -> bool:
        if not isinstance(other, ApproxDate):
            return NotImplemented
        return self._sort_key < other._sort_key

    @property
    def _sort_key(self):
        return self.earliest(), self.latest(), self.circa

    def earliest(self) -> datetime.date:
        """The first day this date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> datetime.date:
        """The last day this date can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def display(self, lang: str = "fr") -> str:
        """Show it: "1er mars 2017", "mars 2017", "2017", "vers 2004"; in English "12 March 2017", "about 2004"."""
        text = _in_words(self.year, self.month, self.day, lang)
        if not self.circa:
            return text
        if _known(lang) == "en":
            return f"about {text}"
        return f"vers le {text}" if self.day else f"vers {text}"


def parse_date(text: str) -> datetime.date:
    """Read a date that must be exact: as `ApproxDate.parse`, with DateError "day_needed" unless the day is certain."""
    parsed = ApproxDate.parse(text)
    if parsed.day is None or parsed.circa:
        raise DateError("day_needed", text.strip())
    return parsed.earliest()


def _clean(text: str) -> str:
    """`text` on one line with single spaces; DateError where it holds what no date holds."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise DateError("empty")
    for char in cleaned:
        if unicodedata.category(char) in INVISIBLE:
            raise DateError("invisible_character")
        if char.isdigit() and not char.isascii():
            raise DateError("foreign_digits")
    return cleaned


def _read(text: str) -> tuple[int, int | None, int | None]:
    """Year, month and day of a text without its "about". Only the shape is checked here, the calendar in ApproxDate."""
    text = text[lead.end() :] if (lead := LEAD_IN.match(text)) else text
    if parts := YEAR_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text):
        return int(parts["year"]), _int(parts["month"]), _int(parts["day"])
    words = fold(text)
    if SEVERAL_YEARS.search(words) or VAGUE.intersection(words.split()):
        raise DateError("vague")
    if parts := WORDS.fullmatch(words) or WORDS_MONTH_FIRST.fullmatch(words):
        return int(parts["year"]), _month_named(parts["name"]), _int(parts["day"])
    raise DateError("short_year" if SHORT_YEAR.fullmatch(text) or SHORT_YEAR.fullmatch(words) else "unreadable")


def _month_named(word: str) -> int:
    """The one month whose French or English name begins with `word` (folded): "mars", "janv", "sept"; not "jui"."""
    found = {number for names in MONTHS.values() for number, name in enumerate(names, 1) if fold(name).startswith(word)}
    if len(found) != 1:
        raise DateError("unreadable")
    return found.pop()


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _known(lang: str) -> str:
    """The language whose month names are used: another one than French and English reads French until it is added."""
    return lang[:2] if lang[:2] in MONTHS else "fr"


def _in_words(year: int, month: int | None, day: int | None, lang: str) -> str:
    lang = _known(lang)
    parts = [str(year)]
    if month is not None:
        parts.insert(0, MONTHS[lang][month - 1])
    if day is not None:
        parts.insert(0, "1er" if day == 1 and lang == "fr" else str(day))
    return " ".join(parts)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day it is in Lualaba at this moment. ValueError for a naive datetime: its zone would be a guess."""
    return _local(moment).date()


def format_date(value: datetime.date | None, lang: str = "fr") -> str:
    """Show a day: "12 mars 2017", "1er mars 2017", "12 March 2017", "—" for None; of a datetime, its day in Lualaba."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime.datetime):
        value = local_day(value)
    return _in_words(value.year, value.month, value.day, lang)


def format_datetime(moment: datetime.datetime | None, lang: str = "fr") -> str:
    """Show a moment: "24 novembre 2026 à 10:42", the hour of Lualaba (UTC+2), "—" for None. ValueError if naive."""
    if moment is None:
        return NOTHING
    local = _local(moment)
    return f"{format_date(local.date(), lang)} {'at' if _known(lang) == 'en' else 'à'} {local:%H:%M}"


def _local(moment: datetime.datetime) -> datetime.datetime:
    if moment.utcoffset() is None:
        raise ValueError("a naive datetime has no place here")
    return moment.astimezone(ZONE)


def days_late(due: datetime.date, today: datetime.date) -> int:
    """Whole days since the due day has passed; 0 on that day and before it."""
    return max(0, (today - due).days)


def days_left(until: datetime.date, today: datetime.date) -> int:
    """Days of validity left, of which `until` is the last: 0 on that day, negative once it has expired."""
    return (until - today).days


def validity_state(until: datetime.date | None, today: datetime.date, *, soon: int = 60) -> str:
    """Say "valid", "due_soon" (`soon` days or fewer left), "expired", or "no_end": none given, which is not "valid"."""
    if until is None:
        return "no_end"
    left = days_left(until, today)
    if left < 0:
        return "expired"
    return "due_soon" if left <= soon else "valid"


def add_months(value: datetime.date, n: int) -> datetime.date:
    """The same day `n` months later (earlier if negative), or the last day of that month (31 January + 1)."""
    months = value.year * 12 + value.month - 1 + n
    year, month = months // 12, months % 12 + 1
    return datetime.date(year, month, min(value.day, calendar.monthrange(year, month)[1]))


def whole_months(start: datetime.date, end: datetime.date) -> int:
    """Completed months from `start` to `end` (the age of a paper, of a decision); ValueError if `end` comes first."""
    if end < start:
        raise ValueError("the end comes before the start")
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
