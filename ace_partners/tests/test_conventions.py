"""The house rules, checked where a reader would otherwise have to believe them (README, "How a change flows")."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

from partners.models import Area, OrganisationType
from vetting import scoring

ROOT = Path(settings.BASE_DIR)
ROOMS = ("ace_partners", "partners", "vetting", "impact")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
CODE = [path for path in SOURCES if "tests" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Doors: querysets that ask who is looking, or that hold nothing private.
DOORS = {
    "visible_to",
    "visible_to_team",
    "visible_to_members",
    "draft_visible_to",
    "in_reach",
    "published",
    "live",
    "current",
}
OPEN_REFERENCE = {"DocumentType", "Place", "Checklist", "Indicator"}  # reference data, the same for everybody


def relative(path):
    return str(path.relative_to(ROOT))


def is_view(path):
    return path.stem == "views" or "views" in path.parts


def doors_passed_by(path):
    """`Model.objects.method` uses of a view module that go through no door."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects"
        ):
            continue
        model = ast.unparse(node.value.value)
        if node.attr not in DOORS and model not in OPEN_REFERENCE:
            yield f"{relative(path)}:{node.lineno} {model}.objects.{node.attr}"


def test_views_fetch_through_a_door():
    views = [path for path in CODE if is_view(path)]

    assert len(views) >= 10
    assert [use for path in views for use in doors_passed_by(path)] == []


MAY_MOVE_STATES = re.compile(r"(^|/)(actions(\.py|/)|core/machine\.py|core/mail\.py)")


def test_states_move_in_actions_alone():
    moves = re.compile(r"\.status\s*=[^=]|update\([^)]*\bstatus=")
    offenders = [
        relative(path) for path in CODE if not MAY_MOVE_STATES.search(relative(path)) and moves.search(path.read_text())
    ]

    assert offenders == []


@pytest.mark.parametrize(
    "forbidden",
    [r"@receiver\(|post_save|pre_save", "GenericForeignKey", r"\bmark_safe\b", r"\.extra\(", r"\.raw\("],
)
def test_what_this_project_does_without(forbidden):
    assert [relative(path) for path in CODE if re.search(forbidden, path.read_text())] == []


def test_mail_programs_alone_post_without_csrf():
    """The one click of RFC 8058 carries a signed token instead (core/digest.py)."""
    exempt = [relative(path) for path in CODE if "csrf_exempt" in path.read_text()]

    assert exempt == ["ace_partners/core/digest.py"]


def test_no_junk_drawers():
    assert [relative(path) for path in SOURCES if path.stem in {"utils", "helpers", "services", "common"}] == []


def test_files_stay_readable():
    lengths = {path: len(path.read_text().splitlines()) for path in SOURCES}
    long = {relative(path): lines for path, lines in lengths.items() if lines > (450 if path in CODE else 600)}

    assert long == {}


def test_templates_mark_nothing_safe_but_our_own_drawing():
    safe = re.compile(r"\|\s*safe\b|autoescape off")
    marked = [relative(path) for path in TEMPLATES if safe.search(path.read_text())]

    assert marked == ["templates/mfa/totp/activate_form.html"]


# Signing in and out may be repeated; those forms are allauth's or Django's.
WITHOUT_ONCE = (
    "templates/account/",
    "templates/allauth/",
    "templates/mfa/",
    "templates/base.html",
    "templates/admin/base_site.html",
)


def test_every_post_form_carries_its_tokens():
    missing = []
    for path in TEMPLATES:
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(), flags=re.S | re.I):
            wanted = ["csrf_token"] if relative(path).startswith(WITHOUT_ONCE) else ["csrf_token", "once_token"]
            missing += [
                (relative(path), token) for token in wanted if token not in form and "csrf_token }}" not in form
            ]

    assert missing == []


# Forms with more than one button, and why the Enter key cannot press the wrong one.
SEVERAL_BUTTONS = {
    "templates/impact/framework/propose.html": "the first button only keeps the text",
    "templates/vetting/assessment.html": "no field to press Enter in",
    "templates/vetting/checklists/propose.html": "the first button only keeps the text",
    "templates/vetting/propose.html": "passing on takes the hash of the letter that was read: changed words show it again",
}


def test_the_enter_key_presses_the_only_button():
    several = set()
    for path in TEMPLATES:
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), flags=re.S | re.I):
            buttons = re.findall(r"<button\b[^>]*>", form)
            if len(buttons) > 1 and any(re.search(r'\b(name|formaction)="', button) for button in buttons):
                several.add(relative(path))

    assert several == set(SEVERAL_BUTTONS)


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_words_of_the_pure_rules_are_the_words_of_the_models():
    assert tuple(OrganisationType.values) == tuple(scoring.ORGANISATION_TYPES)
    assert tuple(Area.values) == tuple(scoring.AREAS)


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_catalogue_is_complete(language):
    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    empty = [entry.msgid for entry in catalogue if not (entry.msgstr or all(entry.msgstr_plural.values() or [""]))]
    fuzzy = [entry.msgid for entry in catalogue if "fuzzy" in entry.flags]
    bent = [
        entry.msgid
        for entry in catalogue
        if entry.msgstr and set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(entry.msgstr))
    ]

    assert (empty, fuzzy, bent) == ([], [], [])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_compiled_catalogue_is_the_written_one(language):
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    written = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.pofile(str(folder / "django.po"))}
    compiled = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.mofile(str(folder / "django.mo"))}

    assert compiled == written
