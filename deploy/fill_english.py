"""Fill the English catalogue: its messages are the msgids themselves. Part of `make messages`.

Without it Django would fall back from an empty English message to the French one.
"""

import sys
from pathlib import Path

import polib

path = Path(__file__).resolve().parent.parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
catalogue = polib.pofile(str(path))
for entry in catalogue:
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid
catalogue.save()
sys.stdout.write(f"{len(catalogue)} English messages.\n")
