"""The staff pages of the checklist: its road from draft to publication, closed doors, bad input, queries."""

import re

import pytest
from django.urls import reverse

from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import UserFactory
from partners.tests.factories import DocumentTypeFactory, PartnerFactory
from vetting.actions import checklists as actions
from vetting.models import Checklist, ChecklistItem
from vetting.tests.factories import ChecklistFactory, signatory_of
from vetting.tests.factories_checklists import (
    drafted,
    edited,
    item_of,
    now,
    proposed,
    published,
    released,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences are compared as they are written in the code."""


def url(name, *args):
    return reverse(f"vetting:checklist{name}", args=args)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def typed(checklist, code, /, **more):
    """The item's form as the page shows it, some fields changed."""
    item = item_of(checklist, code)
    return {
        "seen": checklist.lock_version,
        "section": item.section,
        "question_fr": item.question_fr,
        "question_en": item.question_en,
        "guidance_fr": item.guidance_fr,
        "guidance_en": item.guidance_en,
        "mandatory": "mandatory" if item.mandatory else "recommended",
        "knock_out": item.knock_out,
        "plan_months": item.plan_months,
        "weight": item.weight,
        "organisation_types": item.organisation_types,
        "areas": item.areas,
        "rounds": "".join(item.rounds),
        "documents": item.documents,
        "blocks_payment": "on" if item.blocks_payment else "",
        "suggested_step": item.suggested_step,
        "suggested_months": item.suggested_months or "",
        "suggested_document": item.suggested_document,
        **more,
    }


# --- the road -----------------------------------------------------------------------------------------------------


def test_from_the_published_version_to_the_next(login, reviewer, approver):
    published()
    client, second = login(reviewer), login(approver)

    begun = client.post(url("_start"))
    client.post(url("_item", 2, "C1.2"), typed(Checklist.objects.get(version=2), "C1.2", question_fr="Qui dirige ?"))
    criterion = {"seen": 1, "title_fr": "La gestion", "title_en": "Management"}
    client.post(url("_criterion", 2, "C1"), criterion)
    page = text_of(client.get(url("", 2)))
    kept = client.post(url("_propose", 2), {"seen": 2, "what_changes": "Plus court."})
    passed = client.post(url("_propose", 2), {"seen": 3, "what_changes": "Plus court.", "propose": "1"})
    look = text_of(second.get(url("_publish", 2)))
    done = second.post(url("_publish", 2), {"seen": 4})

    assert begun["Location"] == kept["Location"] == passed["Location"] == done["Location"] == url("", 2)
    for text in (page, look):
        assert "C1.2 Question in French" in text
        assert "Qui dirige ?" in text
        assert "C1 Title in French" in text
    assert "C1.2 · Gouvernance changed" in page
    assert "Plus court." in look
    row = Checklist.objects.current()
    assert (row.version, row.proposed_by, row.published_by, row.what_changes) == (2, reviewer, approver, "Plus court.")


def test_the_public_page_shows_the_new_version(login, reviewer, approver):
    released(reviewer, approver, question_en="Is it <b>legal</b>?")

    page = login().get(reverse("public:criteria")).content.decode()

    assert "Is it &lt;b&gt;legal&lt;/b&gt;?" in page
    assert item_of(Checklist.objects.get(version=1), "C1.1").question_en not in page


def test_a_draft_is_not_public(login, reviewer):
    edited(drafted(reviewer), "C1.1", by=reviewer, question_en="A secret question?")

    assert "A secret question?" not in login().get(reverse("public:criteria")).content.decode()


def test_the_form_saves_what_it_shows(login, reviewer):
    """Every item of the reference goes through its form and comes out as it was."""
    draft = drafted(reviewer)
    client = login(reviewer)

    for code in ChecklistItem.objects.filter(criterion__checklist=draft).values_list("code", flat=True):
        shown = client.get(url("_item", 2, code)).context["form"]
        values = {name: shown[name].value() for name in shown.fields}
        values = {name: "" if value is None else value for name, value in values.items()}
        if not values["blocks_payment"]:
            del values["blocks_payment"]
        assert client.post(url("_item", 2, code), values).status_code == 302

    assert now(draft).lock_version == 0


def test_every_field_of_an_item_is_kept(login, reviewer):
    draft = drafted(reviewer)
    wanted = {
        "section": "Organes",
        "question_fr": "Les organes ?",
        "question_en": "The bodies?",
        "guidance_fr": "Voir\r\nles PV.",
        "guidance_en": "See the minutes.",
        "mandatory": "mandatory",
        "knock_out": ["ngo"],
        "plan_months": 12,
        "weight": 5,
        "organisation_types": ["ngo", "ingo"],
        "areas": ["children"],
        "rounds": "renewal",
        "documents": ["ROI", "PV_AG"],
        "blocks_payment": "on",
        "suggested_step": "Tenir une AG",
        "suggested_months": 4,
        "suggested_document": "PV_AG",
    }

    response = login(reviewer).post(url("_item", 2, "C1.2"), {"seen": 0, **wanted})

    item = item_of(draft, "C1.2")
    assert response["Location"] == f"{url('', 2)}#C1.2"
    kept = {
        **wanted,
        "guidance_fr": "Voir\nles PV.",
        "mandatory": True,
        "rounds": ["renewal"],
        "blocks_payment": True,
        "documents": ["PV_AG", "ROI"],
    }
    found = {name: getattr(item, name) for name in kept}
    assert {**found, "documents": sorted(found["documents"])} == kept


def test_an_item_is_added_and_removed(login, reviewer):
    draft = drafted(reviewer)
    client = login(reviewer)
    address = url("_item_add", 2, "C4")

    offered = client.get(address).context["form"]["code"].value()
    added = client.post(address, typed(draft, "C4.7", code="C4.8", seen=0))
    removed = client.post(url("_item_remove", 2, "C1.9"), {"seen": 1})

    assert offered == "C4.8"
    assert added["Location"] == f"{url('', 2)}#C4.8"
    assert removed["Location"] == f"{url('', 2)}#C1"
    page = text_of(client.get(url("", 2)))
    assert "New items C4.8" in page
    assert re.search("C4.8 · [^·]+ new", page)
    assert "Items removed C1.9" in page


def test_a_returned_version_shows_its_reason(login, reviewer, approver):
    row = proposed(reviewer)

    login(approver).post(url("_return", 2), {"seen": row.lock_version, "reason": "Revoir C1.1."})
    page = text_of(login(reviewer).get(url("", 2)))

    assert f"Version sent back by {approver} Revoir C1.1." in page
    row = now(row)
    actions.propose(row, by=reviewer, seen=row.lock_version, what_changes="Revu.")
    assert "Version sent back by" not in text_of(login(reviewer).get(url("", 2)))


def test_the_history_says_what_was_edited(login, reviewer):
    edited(drafted(reviewer), "C1.2", by=reviewer, weight=9, section="Organes")

    page = text_of(login(reviewer).get(url("", 2)))

    assert "Item of the checklist changed · C1.2 (Section, Weight)" in page
    assert "New version of the checklist begun" in page


# --- bad input ----------------------------------------------------------------------------------------------------


def test_a_knock_out_on_a_recommended_item_comes_back_with_what_was_typed(login, reviewer):
    draft = drafted(reviewer)
    values = typed(draft, "C1.2", mandatory="recommended", knock_out=["ngo"], section="Mes mots")

    response = login(reviewer).post(url("_item", 2, "C1.2"), values)

    assert response.status_code == 403
    assert "C1.2 is recommended, so it cannot be a knock-out." in text_of(response)
    assert response.context["form"]["section"].value() == "Mes mots"
    assert item_of(draft, "C1.2").section != "Mes mots"


def test_a_doubled_code_is_refused(login, reviewer):
    draft = drafted(reviewer)

    response = login(reviewer).post(url("_item_add", 2, "C1"), typed(draft, "C1.2", code="C1.2"))

    assert response.status_code == 403
    assert "C1.2 is there already: choose another number." in text_of(response)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question_en", ""),
        ("weight", "0"),
        ("weight", "1,5"),
        ("plan_months", "25"),
        ("documents", ["NIMPORTE"]),
        ("organisation_types", ["club"]),
        ("rounds", "sometimes"),
        ("mandatory", ""),
        ("suggested_months", "99"),
    ],
)
def test_a_field_that_is_wrong_is_named(login, reviewer, field, value):
    draft = drafted(reviewer)

    response = login(reviewer).post(url("_item", 2, "C1.2"), typed(draft, "C1.2", **{field: value}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert now(draft).lock_version == 0


def test_two_people_on_one_version(login, reviewer, ace_admin):
    draft = drafted(reviewer)
    edited(draft, "C3.1", by=ace_admin, weight=9)

    response = login(reviewer).post(url("_item", 2, "C1.2"), typed(draft, "C1.2", section="Mes mots"))

    assert response.status_code == 409
    assert str(ace_admin) in text_of(response)
    assert "Mes mots" in text_of(response)


def test_a_second_tap_changes_nothing(login, reviewer):
    published()
    client = login(reviewer)

    first, again = (client.post(url("_start"), once="x") for _tap in range(2))

    assert first["Location"] == again["Location"]
    assert Checklist.objects.count() == 2


def test_hostile_text_is_text(login, reviewer):
    row = proposed(reviewer, question_fr="<script>alert(1)</script>", section="=cmd")

    for name in ("", "_publish", "_preview"):
        page = login(reviewer).get(url(name, 2)).content.decode()
        assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in login(reviewer).get(url("", 2)).content.decode()
    assert item_of(row, "C1.1").section == "=cmd"


def test_the_second_page_explains_why_not(login, approver):
    both = UserFactory(roles=[Role.REVIEWER, Role.APPROVER])
    row = proposed(both)
    client = login(both)

    page = client.get(url("_publish", 2))
    posted = client.post(url("_publish", 2), {"seen": row.lock_version})

    sentence = "You proposed this version: another person has to publish it."
    assert sentence in text_of(page)
    assert ("Publish this version" in text_of(page), posted.status_code) == (False, 403)
    assert sentence in text_of(posted)
    assert "Publish this version" in text_of(login(approver).get(url("_publish", 2)))


def test_nothing_waits_where_nothing_is_proposed(login, reviewer, approver):
    drafted(reviewer)

    page = login(approver).get(url("_publish", 2))
    posted = login(approver).post(url("_publish", 2), {"seen": 0})

    assert "Nothing waits here" in text_of(page)
    assert posted.status_code == 409


def test_propose_without_words_is_asked_again(login, reviewer):
    draft = edited(drafted(reviewer), "C1.1", by=reviewer, weight=2)

    response = login(reviewer).post(
        url("_propose", 2), {"seen": draft.lock_version, "what_changes": "", "propose": "1"}
    )

    assert response.status_code == 422
    assert "Say what changes, and why." in text_of(response)


def test_a_role_that_may_not_propose_keeps_the_text(login, approver):
    edited(drafted(approver), "C1.1", by=approver, weight=2)
    client = login(approver)

    page = client.get(url("_propose", 2))
    values = {"seen": 1, "what_changes": "Poids.", "propose": "1"}
    refused = client.post(url("_propose", 2), values)
    del values["propose"]
    kept = client.post(url("_propose", 2), values)

    assert 'name="propose"' not in page.content.decode()
    assert (refused.status_code, kept.status_code) == (403, 302)
    assert (Checklist.objects.get(version=2).what_changes, Checklist.objects.get(version=2).status) == (
        "Poids.",
        "draft",
    )


# --- frozen versions, closed doors --------------------------------------------------------------------------------


def test_a_published_version_offers_no_edit(login, reviewer):
    version = published()
    client = login(reviewer)

    page = client.get(url("", 1)).content.decode()
    item = client.get(url("_item", 1, "C1.2"))
    posted = client.post(url("_item", 1, "C1.2"), typed(version, "C1.2", weight=9))
    removed = client.post(url("_item_remove", 1, "C1.2"), {"seen": 0})

    assert url("_item", 1, "C1.2") not in page
    assert url("_item_add", 1, "C1") not in page
    frozen = "This version is published and frozen: a new wording is a new version."
    assert frozen in text_of(item)
    assert "<textarea" not in item.content.decode()
    assert (posted.status_code, removed.status_code) == (403, 403)
    assert frozen in text_of(posted)


PAGES = [
    ("_list", []),
    ("", [2]),
    ("_preview", [2]),
    ("_criterion", [2, "C1"]),
    ("_item", [2, "C1.2"]),
    ("_item_add", [2, "C1"]),
    ("_propose", [2]),
    ("_publish", [2]),
    ("_return", [2]),
]


@pytest.mark.parametrize(("name", "args"), PAGES, ids=[name for name, _args in PAGES])
def test_who_reads_the_pages(login, reviewer, approver, ace_admin, me_officer, auditor, name, args):
    drafted(reviewer)
    member = signatory_of(PartnerFactory())

    open_to = [login(user).get(url(name, *args)).status_code for user in (reviewer, approver, ace_admin)]
    closed_to = [login(user).get(url(name, *args)).status_code for user in (me_officer, auditor, member)]

    assert (open_to, closed_to) == ([200] * 3, [404] * 3)


@pytest.mark.parametrize("who", ["me_officer", "auditor", "member"])
def test_who_writes_nothing(login, reviewer, request, who):
    draft = drafted(reviewer)
    user = signatory_of(PartnerFactory()) if who == "member" else request.getfixturevalue(who)
    client = login(user)

    answers = [
        client.post(
            address, {"seen": 0, "what_changes": "x", "title_fr": "x", "title_en": "x", "reason": "x"}
        ).status_code
        for address in [url("_start"), url("_item_remove", 2, "C1.9"), *(url(name, *args) for name, args in PAGES)]
    ]

    assert answers == [404] * len(answers)
    assert now(draft).lock_version == 0


@pytest.mark.parametrize(
    ("name", "args"),
    [("", [9]), ("_item", [2, "C9.9"]), ("_criterion", [2, "C9"]), ("_item_add", [2, "C9"]), ("_preview", [9])],
)
def test_what_is_not_there_is_not_found(login, reviewer, name, args):
    drafted(reviewer)

    assert login(reviewer).get(url(name, *args)).status_code == 404


# --- preview ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count", "there", "absent"),
    [
        ({}, 24, "C1.1", "C1.9"),
        ({"type": "ngo", "round": "initial"}, 26, "C1.9", "C2.8"),
        ({"type": "ngo", "round": "initial", "areas": ["children"]}, 27, "C2.8", "C2.5"),
        ({"type": "cbo", "round": "renewal"}, 25, "C3.7", "C2.5"),
        ({"type": "cooperative", "round": "initial"}, 29, "C2.5", "C2.8"),
    ],
)
def test_the_preview_asks_what_a_dossier_would(login, reviewer, query, count, there, absent):
    published()

    page = login(reviewer).get(url("_preview", 1), query)

    assert page.context["count"] == count
    html = page.content.decode()
    assert (f'id="{there}"' in html, f'id="{absent}"' in html) == (True, False)


def test_the_preview_knows_the_knock_outs_of_the_type(login, reviewer):
    published()

    def knock_outs(kind):
        cards = login(reviewer).get(url("_preview", 1), {"type": kind, "round": "initial"}).context["cards"]
        return {item.code for _criterion, items in cards for item, knock_out, _documents in items if knock_out}

    assert "C1.1" in knock_outs("ngo")
    assert "C1.1" not in knock_outs("cbo")


def test_a_preview_for_nobody_says_so(login, reviewer):
    published()

    page = login(reviewer).get(url("_preview", 1), {"type": "club", "round": "initial"})

    assert (page.status_code, page.context["cards"]) == (422, [])


# --- the admin ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reviewer", "approver", "ace_admin"])
def test_the_admin_does_not_edit_a_draft(login, reviewer, request, who):
    draft = drafted(reviewer)
    client = login(request.getfixturevalue(who))
    address = reverse("admin:vetting_checklist_change", args=[draft.pk])
    criterion = draft.criteria.get(code="C1")

    values = {"what_changes": "x", "criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 1}
    values |= {"criteria-0-id": criterion.pk, "criteria-0-title_fr": "x", "criteria-0-title_en": "x"}
    page, posted = client.get(address), client.post(address, values)

    assert (page.status_code, posted.status_code) == (200, 403)
    assert client.get(reverse("admin:vetting_checklist_add")).status_code == 403
    assert (now(draft).what_changes, draft.criteria.get(code="C1").title_fr) == ("", criterion.title_fr)


# --- queries ------------------------------------------------------------------------------------------------------


@pytest.fixture
def cost(login, django_assert_max_num_queries):
    """The number of queries of one page; what every page costs (session, account, navigation) is in it."""

    def count(user, address):
        client = login(user)
        with django_assert_max_num_queries(30) as found:
            assert client.get(address).status_code == 200
        return len(found)

    return count


def test_the_list_costs_the_same_for_one_version_as_for_three(reviewer, approver, cost):
    published()
    one = cost(reviewer, url("_list"))
    released(reviewer, approver)
    released(reviewer, approver, weight=4)

    assert cost(reviewer, url("_list")) == one


@pytest.mark.parametrize("name", ["", "_preview", "_propose", "_publish"])
def test_pages_cost_the_same_for_one_item_as_for_three(reviewer, cost, name):
    """One item per criterion, then three; one of them changed, then all."""
    for version, numbers in ((1, [1]), (3, [1, 2, 3])):
        items = {f"C{criterion}.{number}": {} for criterion in (1, 2, 3, 4) for number in numbers}
        base = ChecklistFactory(version=version, items=items)
        draft = Checklist.objects.create(version=version + 1, based_on=base, status="draft")
        for criterion in base.criteria.all():
            copy = draft.criteria.create(code=criterion.code, title_fr="Autre", title_en="Other")
            for item in criterion.items.all():
                item.pk, item.criterion, item.weight = None, copy, 5
                item.save()
        Checklist.objects.filter(pk=draft.pk).update(status="proposed", proposed_by=UserFactory())
        DocumentTypeFactory(code="STATUTS" if version == 1 else "ROI")
        found = cost(reviewer, url(name, version + 1))
        if version == 1:
            one = found
            Checklist.objects.filter(pk=draft.pk).update(status="published", published_on="2026-01-01")

    assert found == one
