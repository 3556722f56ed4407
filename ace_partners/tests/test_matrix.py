"""Role × URL × object: who gets which answer, for every named address of the site (design §6).

The columns are `world.PEOPLE`. 2 page · 3 redirect · 4 not found · 5 POST only · "-" as the account pages answer.
"""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import get_resolver, reverse

from ace_partners.core.models import AuditEvent
from ace_partners.core.tests.fixtures import OnceClient
from ace_partners.tests.rooms import ROOMS
from ace_partners.tests.world import PEOPLE, make_world

PUBLIC, MEMBERS, POST_ONLY = "22222222222", "32224444444", "35555555555"
#            anonymous viewer editor signatory foreign · reviewer me_officer approver admin auditor auditor_without_grant
CASE_FILE, EXAMINING, TEAM = "32224222424", "34444242424", "34444222424"
RELEASED = "32224222224"
MOVED_ON = "33334444444"  # a GET on a member's POST-only address leads back to the page it belongs to

MATRIX = {
    **dict.fromkeys(["healthz", "readyz"], PUBLIC),
    **dict.fromkeys(
        [f"public:{n}" for n in "home criteria directory directory_pdf partner partner_pdf document".split()], PUBLIC
    ),
    "set_language": "33333333333",
    **dict.fromkeys(
        [f"vetting_space:{n}" for n in "dossier answer evidence_add check receipt withdraw".split()], CASE_FILE
    ),
    **dict.fromkeys(["vetting_space:evidence_remove", "vetting_space:submit"], POST_ONLY),
    **dict.fromkeys(
        ["vetting_space:decision", "vetting_space:decision_pdf", "vetting:decision", "vetting:decision_pdf"], RELEASED
    ),
    **dict.fromkeys(
        [
            f"vetting:{n}"
            for n in "assessment finding request_item request_send propose second_look send_back withdraw assessment_pdf".split()
        ],
        EXAMINING,
    ),
    **dict.fromkeys([f"vetting:{n}" for n in "take release declare approve".split()], POST_ONLY),
    "vetting:dossier_list": "34444242422",
    "desk:dossier_open": "34444222224",
    **dict.fromkeys(
        [
            f"impact_space:{n}"
            for n in (
                "project report values spending spending_add spending_edit narrative evidence evidence_add corrections check receipt"
            ).split()
        ],
        MEMBERS,
    ),
    **dict.fromkeys([f"impact_space:{n}" for n in "spending_remove evidence_remove submit".split()], MOVED_ON),
    "impact_files:evidence": MEMBERS,
    **dict.fromkeys(
        [
            f"impact:{n}"
            for n in (
                "project_create project project_edit budget_line_add period_add target_add target_edit review "
                "request_field request_send waive_propose"
            ).split()
        ],
        TEAM,
    ),
    **dict.fromkeys([f"impact:{n}" for n in "take accept waive_approve".split()], "34444333434"),
    "impact:request_remove": "34444444444",  # nothing is asked yet on that field
    "impact:report_list": "34444222422",
    "partners:document": CASE_FILE,
    "desk:start": "33333333333",
    "desk:space": "32222222222",
    **dict.fromkeys(["desk:document_list", "desk:document_add"], MEMBERS),
    "desk:team": "34444222244",
    "desk:partner_list": "34444222222",
    **dict.fromkeys(["desk:partner", "desk:document_enter"], "34444222224"),
    **dict.fromkeys(["desk:document_publish", "desk:document_unpublish", "desk:mail_change"], POST_ONLY),
    "desk:mail_list": "34444222244",
    "desk:mail": "34444242244",
}
for room in ROOMS:
    MATRIX |= room.MATRIX
# allauth's own pages: the person's own account, no object of anybody else; tested in core/tests/test_accounts.py.
ACCOUNT_PREFIXES = ("account_", "mfa_")
CATCH_ALL = "no_such_page"


def named_patterns(patterns, namespaces=()):
    """Every name of the URLconf with its namespace; the admin's are listed by its registry instead."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                yield from named_patterns(pattern.url_patterns, (*namespaces, *filter(None, [pattern.namespace])))
        else:
            yield ":".join((*namespaces, pattern.name or str(pattern.pattern)))


def test_every_address_is_in_the_matrix():
    names = set(named_patterns(get_resolver().url_patterns))
    closed_list = {name for name in names if not name.startswith(ACCOUNT_PREFIXES)} - {CATCH_ALL}

    assert closed_list == set(MATRIX)


def code_of(response):
    for close in response._resource_closers if response.streaming else []:
        close()  # not response.close(): that would end the test's transaction
    return {200: "2", 302: "3", 404: "4", 405: "5"}.get(response.status_code, str(response.status_code))


def address(world, name):
    return world.urls.get(name) or reverse(name)


OURS = ("core", "partners", "vetting", "impact")
READINGS = {"core.AuditEvent", "vetting.ShareReading", "core.AuditChain"}  # that somebody read is written down


def everything_stored():
    """Every row of every table of ours, but for the traces of reading."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {
        m._meta.label: list(m.objects.order_by("pk").values_list()) for m in models if m._meta.label not in READINGS
    }


@pytest.mark.parametrize("person", PEOPLE)
def test_reading(db, login, person):
    """The answers of the matrix; and opening an address, as scanners of mail do with every link, changes nothing."""
    world = make_world()
    client = login(world.people[person])
    column = PEOPLE.index(person)
    before = everything_stored()

    answers = {name: code_of(client.get(address(world, name))) for name in MATRIX}

    assert answers == {name: row[column] for name, row in MATRIX.items()}
    assert everything_stored() == before


WRITING = [
    name for name in MATRIX if not name.startswith("public:") and name not in ("healthz", "readyz", "set_language")
]


@pytest.mark.parametrize("person", ["foreign", "auditor_without_grant"])
def test_a_stranger_writes_nothing(db, login, person):
    world = make_world()
    client = login(world.people[person])
    before = AuditEvent.objects.count()
    objects = [name for name in WRITING if name in world.urls]

    answers = {
        name: code_of(client.post(world.urls[name], {"seen": "0", "reason": "x", "remark": "x"})) for name in objects
    }

    assert {name: code for name, code in answers.items() if code not in ("4", "5")} == {}
    assert AuditEvent.objects.count() == before


def test_an_anonymous_post_leads_to_the_sign_in_and_writes_nothing(db, login):
    world = make_world()
    before = AuditEvent.objects.count()

    for name in WRITING:
        response = login().post(address(world, name), {"seen": "0"})
        assert (name, response.status_code) == (name, 302)
        assert response["Location"].startswith("/compte/connexion/")

    assert AuditEvent.objects.count() == before


def test_every_post_needs_a_csrf_token(db):
    world = make_world()
    client = OnceClient(enforce_csrf_checks=True)
    client.force_login(world.people["signatory"])

    refused = {name for name in WRITING if client.post(address(world, name), {"seen": "0"}).status_code == 403}

    assert refused == set(WRITING)


@pytest.mark.parametrize("person", ["anonymous", "viewer", "foreign", "auditor"])
def test_the_admin_is_closed_to_everybody_who_is_not_staff(db, login, person):
    world = make_world()
    client = login(world.people[person])

    for model in admin.site._registry:
        meta = model._meta
        response = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))
        assert (meta.label, response.status_code) == (meta.label, 302)


def test_a_closed_address_answers_strangers_alike_whether_it_exists_or_not(db, login):
    world = make_world()

    existing = login().get(world.urls["vetting:assessment"])
    missing = login().get("/equipe/dossiers/999999/")
    nonsense = login().get("/equipe/rien/du/tout/")

    assert [r.status_code for r in (existing, missing, nonsense)] == [302, 302, 302]
