"""Numbers as people here type and read them (design §8). Nothing depends on the locale of the machine.

Reading is strict where a guess could be wrong by a factor of a thousand: one separator followed by exactly three
digits (`981.528`, `1,500`) is asked back. The French comma is a decimal mark everywhere else (`1,5` is one and a half),
but English-speaking partners and auditors type `1,500` for fifteen hundred, so that one shape is asked back for the
comma too (rejected: reading it as 1.5, which would be wrong in silence).
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

from django.utils.translation import get_language, gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
NOTHING = "—"  # what is shown for a value nobody gave: never 0

MAX_WHOLE_DIGITS = 15
MAX_PLACES = 10
MAX_LENGTH = 60

SPACES = " \u00a0\u202f\u2009"
UNIFORM = str.maketrans({**dict.fromkeys(SPACES, " "), "\u2019": "'", MINUS: "-"})
ALLOWED = frozenset("0123456789 '.,")
# What the eye cannot see: controls, bidi marks, zero-width characters, private and unassigned code points, line breaks.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Matched against one number without its sign. "0.500" and ",500" can only be decimals, "1234.500" too.
AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
PLAIN = re.compile(r"(?P<whole>[0-9]*)(?:[.,](?P<fraction>[0-9]+))?")
GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[ '.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>[0-9]+))?"
)

# Group and decimal mark by language. Another language (Swahili, one day) reads French figures until it is added here.
MARKS = {"fr": (NARROW_SPACE, ","), "en": (",", ".")}

# Wide enough for any stored number, whatever context the calling thread has set.
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)

MESSAGES = {
    "empty": _("Write a number."),
    "not_a_number": _("Write the number with digits only, without letters, unit or currency."),
    "invisible_character": _("This number holds a character that cannot be seen: erase the field and type it again."),
    "foreign_digits": _("Write the number with the digits 0 to 9."),
    "percent_sign": _(
        "Write the number without the percent sign; where a numerator and a denominator are asked, give both."
    ),
    "grouping": _(
        "“%(text)s”: the separators are out of place. Group by three digits (%(grouped)s), with one mark for decimals."
    ),
    "ambiguous": _("%(text)s: do you mean %(whole)s or %(decimal)s? Write %(whole)s or %(decimal_input)s."),
    "too_many_digits": _("This number is too large: %(n)s digits at most before the decimals."),
    "too_many_places": ngettext_lazy("Give %(n)s decimal at most.", "Give %(n)s decimals at most.", "n"),
    "whole_number": _("Give a whole number, without decimals."),
}


class NumberError(ValueError):
    """A text that is not one certain number.

    `code` is a key of MESSAGES; `candidates` holds the two readings (grouped, decimal) of an ambiguous text, else ();
    `message` is the sentence for the person, in the active language.
    """

    def __init__(self, code: str, *, text: str = "", candidates: tuple[Decimal, ...] = (), n: int = 0):
        self.code, self.text, self.candidates, self.n = code, text, candidates, n
        super().__init__(code)

    @property
    def message(self) -> str:
        lang = get_language() or "fr"
        params: dict[str, object] = {"text": self.text, "n": self.n, "grouped": format_number(1234567, lang=lang)}
        if self.candidates:
            whole, decimal = self.candidates
            params |= {
                "whole": format_for_input(whole, lang=lang),
                "decimal": format_number(decimal, places=3, lang=lang),
                "decimal_input": format_for_input(decimal, lang=lang),
            }
        return MESSAGES[self.code] % params


def parse_number(text: str, *, max_places: int | None = None) -> Decimal:
    """Read a number typed in French or international form; return it exactly, decimals as typed.

    Groups of three may be separated by a space (also U+00A0, U+202F, U+2009), an apostrophe, a dot or a comma, one kind
    per number; when dot and comma both appear the last one is the decimal mark. `max_places` is the number of decimals
    the field keeps (None: MAX_PLACES); zeros beyond it are dropped, other digits are refused, never rounded.
    A shape like `981.528` or `1,500` is asked back even where one reading would not fit the field: a wrong guess would
    be silent.
    Raises NumberError.
    """
    sign, body = _signed(_clean(text))
    if AMBIGUOUS.fullmatch(body):
        grouped, decimal = re.sub(r"[.,]", "", body), body.replace(",", ".")
        raise NumberError("ambiguous", text=text.strip(), candidates=(Decimal(sign + grouped), Decimal(sign + decimal)))
    parts = PLAIN.fullmatch(body) or GROUPED.fullmatch(body)
    if parts is None:
        raise NumberError("grouping", text=text.strip())
    return _exact(sign, re.sub(r"[^0-9]", "", parts["whole"]), parts["fraction"] or "", max_places)


def _clean(text: str) -> str:
    """`text` stripped, with one kind of space, apostrophe and minus; NumberError for a character out of place."""
    stripped = text.strip(SPACES + "\t\r\n")
    if not stripped:
        raise NumberError("empty")
    for char in stripped:
        if unicodedata.category(char) in INVISIBLE:
            raise NumberError("invisible_character")
        if char.isnumeric() and not char.isascii():
            raise NumberError("foreign_digits")
        if char in "%٪‰":
            raise NumberError("percent_sign")
    if len(stripped) > MAX_LENGTH:
        raise NumberError("too_many_digits", n=MAX_WHOLE_DIGITS)
    return stripped.translate(UNIFORM)


def _signed(text: str) -> tuple[str, str]:
    """Split into sign ("-" or "") and the rest, which holds at least one digit and only digits and separators."""
    sign, body = text[0], text[1:].lstrip()
    if sign not in "+-":
        sign, body = "", text
    if not ALLOWED.issuperset(body) or not any(char.isdigit() for char in body):
        raise NumberError("not_a_number")
    return ("-" if sign == "-" else ""), body


def _exact(sign: str, whole: str, fraction: str, max_places: int | None) -> Decimal:
    """The Decimal of these digits, within the limits of size; never minus zero."""
    if len(whole.lstrip("0")) > MAX_WHOLE_DIGITS:
        raise NumberError("too_many_digits", n=MAX_WHOLE_DIGITS)
    places = MAX_PLACES if max_places is None else max_places
    if len(fraction.rstrip("0")) > places:
        raise NumberError("too_many_places" if places else "whole_number", n=places)
    value = Decimal(f"{sign}{whole or '0'}.{fraction[:places]}")
    return value if value else value.copy_abs()


def half_up(value: Decimal | int, places: int) -> Decimal:
    """Round to `places` decimals, a half going away from zero (-0.5 becomes -1); never minus zero.

    TypeError for a float, ValueError for NaN and infinity.
    """
    if isinstance(value, float):
        raise TypeError("amounts and figures are Decimal, never float")
    if not Decimal(value).is_finite():
        raise ValueError("not a finite number")
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), context=WIDE)
    return rounded if rounded else rounded.copy_abs()


def format_number(value: Decimal | int | None, *, places: int | None = None, lang: str = "fr") -> str:
    """Show a number: "1 234,5" in French (U+202F between groups), "1,234.5" in English, "—" for None.

    Exactly `places` decimals are shown, or at most two without trailing zeros; always rounded half-up.
    """
    if value is None:
        return NOTHING
    text = f"{half_up(value, 2 if places is None else places):,f}"
    return _dressed(_short(text) if places is None else text, *_marks(lang))


def number_words(value: Decimal | int | None, unit: str = "") -> str:
    """A number in the reader's format, with the percent sign where that is its unit; a dash for None."""
    text = format_number(value, lang=get_language() or "fr")
    return gettext("%(number)s%%") % {"number": text} if unit == "%" and value is not None else text


def plain_digits(value: Decimal | int | None) -> str:
    """The exact value for machines: a point, no groups, no zeros at the end; "" for None."""
    return "" if value is None else _short(f"{Decimal(value):f}")


def _short(text: str) -> str:
    """Without the zeros that end a fraction."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_percent(value: Decimal | int | None, places: int = 1, *, lang: str = "fr") -> str:
    """Show `value`, already in percent (54.5, not 0.545): "54,5 %" in French (U+202F), "54.5%" in English."""
    if value is None:
        return NOTHING
    return format_number(value, places=places, lang=lang) + ("%" if _is_english(lang) else f"{NARROW_SPACE}%")


def format_for_input(value: Decimal | int | None, *, lang: str = "fr") -> str:
    """The exact value as a form field shows it, always read back by `parse_number` as the same value; "" for None.

    Groups are spaces in every language, and a lone three-decimal number gets a fourth (1,125 is shown 1,1250), because
    `1,125` would be asked back.
    """
    if value is None:
        return ""
    shown = _dressed(_short(f"{Decimal(value) or Decimal(0):,f}"), NARROW_SPACE, _marks(lang)[1])
    return shown + "0" if AMBIGUOUS.fullmatch(shown.lstrip(MINUS)) else shown


def _is_english(lang: str) -> bool:
    return lang[:2] == "en"


def _marks(lang: str) -> tuple[str, str]:
    return MARKS.get(lang[:2], MARKS["fr"])


def _dressed(text: str, group: str, point: str) -> str:
    """Python's own "-1,234.5" with the marks of a language."""
    return text.translate(str.maketrans(",.-", group + point + MINUS))
