"""Every event that the code records has words: the sources are walked, so that no room can forget one."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

from ace_partners.core.admin import RecordAdmin
from ace_partners.core.event_words import EVENTS
from ace_partners.tests.test_machines import MACHINES

ROOT = Path(settings.BASE_DIR)
CODE = [
    path
    for room in ("ace_partners", "partners", "vetting", "impact")
    for path in sorted((ROOT / room).rglob("*.py"))
    if not {"tests", "migrations"} & set(path.parts)
]
CODE_OF_AN_EVENT = re.compile(r"[a-z_]+\.[a-z_]+")

# f-strings: what they can become is known by what they are made of, and asked for in a test of its own.
COMPOSED = {
    "{machine.noun}.{name}": "core.machine.perform: every move of every machine (test_machines)",
    "mail.{name}": "core.mail.change: the two moves that people take (test_machines)",
    "{self.opts.model_name}.added": "the admin's forms (below)",
    "{self.opts.model_name}.edited": "the admin's forms (below)",
}


def first_arguments(path):
    """The first argument of every `audit.record(…)` in a file, with the tree that it stands in."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
            yield node.args[0], tree


def codes_in(argument, tree):
    """The codes that an argument can be: itself, either branch, or, of a parameter, what its module hands around."""
    if isinstance(argument, ast.Constant):
        return {argument.value}
    if isinstance(argument, ast.IfExp):
        return codes_in(argument.body, tree) | codes_in(argument.orelse, tree)
    if isinstance(argument, ast.Name):
        handed = {
            value.value
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]
            if isinstance(value, ast.Constant) and isinstance(value.value, str)
        }
        return {code for code in handed if CODE_OF_AN_EVENT.fullmatch(code)}
    return set()


def recorded():
    """{code: file} of every event that is named in the sources."""
    return {
        code: path.relative_to(ROOT)
        for path in CODE
        for argument, tree in first_arguments(path)
        for code in codes_in(argument, tree)
    }


def test_every_event_recorded_has_its_words():
    assert {code: str(path) for code, path in recorded().items() if code not in EVENTS} == {}


def test_every_argument_is_understood_or_explained():
    unknown = []
    for path in CODE:
        for argument, tree in first_arguments(path):
            composed = ast.unparse(argument)[2:-1] if isinstance(argument, ast.JoinedStr) else None
            if composed not in COMPOSED and not codes_in(argument, tree):
                unknown.append((str(path.relative_to(ROOT)), ast.unparse(argument)))

    assert unknown == []


@pytest.mark.parametrize(
    "code", ["report.accept", "flag.tell", "checklist.item_edited", "account.digest_off", "user.edited"]
)
def test_the_walk_meets_each_way_of_naming_an_event(code):
    moves = {f"{machine.noun}.{move.name}" for machine in MACHINES for move in machine.moves}

    assert code in recorded() or code in moves


def test_records_that_the_admin_writes_have_their_words():
    """Whatever overrides the two rules of RecordAdmin can be added or edited there."""
    wanted = set()
    for model, page in admin.site._registry.items():
        if isinstance(page, RecordAdmin):
            if type(page).against_adding is not RecordAdmin.against_adding:
                wanted.add(f"{model._meta.model_name}.added")
            if type(page).against_changing is not RecordAdmin.against_changing:
                wanted.add(f"{model._meta.model_name}.edited")

    assert "partner.edited" in wanted
    assert sorted(wanted - set(EVENTS)) == []


def test_no_word_is_left_over():
    moves = {f"{machine.noun}.{move.name}" for machine in MACHINES for move in machine.moves}
    by_hand = {f"{model._meta.model_name}.{verb}" for model in admin.site._registry for verb in ("added", "edited")}

    assert sorted(set(EVENTS) - set(recorded()) - moves - by_hand) == []


def test_the_table_is_in_order():
    assert list(EVENTS) == sorted(EVENTS)
