"""The traps of `docs/traps.md`: each is guarded by tests that exist; and those that belong to no room."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from ace_partners.core import mail
from ace_partners.core.models import OutgoingMail
from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from ace_partners.tests.world import make_world
from impact.tests.factories import PeriodFactory, ProjectFactory, ReportFactory, ReportVersionFactory
from vetting.tests.factories import opened

ROOT = Path(settings.BASE_DIR)
TABLE = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")


def names_of_tests():
    for folder in ("ace_partners", "partners", "vetting", "impact"):
        for path in (ROOT / folder).rglob("test_*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    yield node.name


def test_every_trap_is_guarded_by_a_test_that_exists():
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("| trap")]
    there = set(names_of_tests())

    named = {row: re.findall(r"`(test_\w+)`", row) for row in rows}

    assert len(rows) == 36
    assert [row for row, tests in named.items() if not tests] == []
    assert {name for tests in named.values() for name in tests} - there == set()


@pytest.mark.parametrize(
    "again",
    [
        lambda row: ReportFactory(period=row.report.period),
        lambda row: PeriodFactory(project=row.report.project, number=row.report.period.number),
        lambda row: ReportVersionFactory(report=row.report, number=row.number),
    ],
    ids=["report", "period", "version"],
)
def test_the_database_refuses_doubles(db, again):
    version = ReportVersionFactory(report=ReportFactory(period=PeriodFactory(project=ProjectFactory())))

    with pytest.raises(IntegrityError), transaction.atomic():
        again(version)


def test_one_open_dossier_for_one_organisation(db):
    dossier = opened(UserFactory(roles=[Role.REVIEWER]))

    with pytest.raises(IntegrityError), transaction.atomic():
        type(dossier).objects.create(partner=dossier.partner, checklist=dossier.checklist, round=dossier.round)


def test_a_second_notice_of_the_same_kind_is_delivered(db):
    user = UserFactory()
    for occasion in ("first", "second"):
        mail.queue("core/email/account_opened", to=[user], context={"link": occasion}, dedupe=f"notice-{occasion}")

    assert mail.send_due() == 2
    assert OutgoingMail.objects.filter(to_user=user, state=MailState.SENT).count() == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_rights_do_not_depend_on_the_language(db, login, language):
    world = make_world()
    names = ["vetting:assessment", "impact:review", "desk:team", "impact_space:report", "desk:space"]
    expected = {"reviewer": [200, 200, 200, 404, 200], "signatory": [404, 404, 404, 200, 200]}

    for person, codes in expected.items():
        client = login(world.people[person])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answers = [
            client.get(world.urls.get(name) or "/equipe/", headers={"accept-language": language}).status_code
            for name in names
            if name != "desk:space"
        ]
        assert answers == codes[:4]
