"""What README.md and docs/ say of the code is compared with the code."""

import importlib
import pkgutil
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from ace_partners.core.machine import Machine

ROOT = settings.BASE_DIR
PAGES = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")])
SERVER_FILES = sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file())
STATE_DIAGRAM = re.compile(r"```mermaid\n(stateDiagram.*?)\n```", re.S)
OURS = ("ace_partners.", "partners", "vetting", "impact")


def machines():
    """Every Machine that a module of ours defines, each once; tests and migrations are left out."""
    found = {}
    for app in apps.get_app_configs():
        if app.name.startswith(OURS):
            for module in pkgutil.walk_packages(app.module.__path__, f"{app.name}."):
                if ".tests" not in module.name and ".migrations" not in module.name:
                    values = vars(importlib.import_module(module.name)).values()
                    found.update({id(value): value for value in values if isinstance(value, Machine)})
    return list(found.values())


def drawn():
    """[(noun, diagram)]: under each heading "### … `noun`", the state diagram that follows it."""
    sections = re.split(r"^#{2,3} ", readme(), flags=re.M)
    blocks = [(section, block) for section in sections for block in STATE_DIAGRAM.findall(section)]
    return [(section.splitlines()[0].rsplit("`", 2)[1], block) for section, block in blocks]


def readme():
    return (ROOT / "README.md").read_text()


def test_every_machine_is_drawn_in_the_readme_exactly_as_it_is():
    assert sorted(drawn()) == sorted((machine.noun, machine.diagram()) for machine in machines())


def test_the_walk_meets_the_machines_we_know():
    assert {"partner", "dossier", "report", "mail"} <= {machine.noun for machine in machines()}


def test_every_variable_that_the_settings_read_is_explained_and_no_other():
    read = re.findall(r"\benv\.\w+\(\s*\"(\w+)\"", (ROOT / "ace_partners" / "settings.py").read_text())
    table = readme().partition("### Settings\n")[2].partition("\n#")[0]

    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.M)) == sorted(set(read))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(path):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text())

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", [*PAGES, *SERVER_FILES], ids=lambda path: path.name)
def test_every_command_named_exists(path):
    named = re.findall(r"manage\.py ([a-z]\w+)", path.read_text())

    assert [name for name in named if name not in get_commands()] == []
