"""Accent-blind text: one function folds what is stored and what is asked (design §8)."""

import unicodedata

# NFKD leaves these alone: they are letters of their own, not a base letter with a mark.
UNDECOMPOSED = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "þ": "th",
        "ð": "d",
        "ß": "ss",
        "ŋ": "n",
        "ɛ": "e",
        "ɔ": "o",
    }
)


def fold(text):
    """Return `text` in lower case without accents, punctuation or apostrophes; words are separated by one space."""
    lowered = str(text).casefold().translate(UNDECOMPOSED)
    plain = "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in plain.translate(UNDECOMPOSED)).split())


def fold_all(*texts):
    """Fold several texts into one searchable line; empty ones leave no trace."""
    return " ".join(folded for text in texts if (folded := fold(text or "")))
