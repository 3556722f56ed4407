"""The pages as a browser has them: accessible (axe), never wider than a phone, light, reachable by keyboard."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command

from ace_partners.core.models import User
from ace_partners.core.tests.databases import *  # noqa: F403
from ace_partners.desk.demo.accounts import PASSWORD
from impact.models import Report, ReportStatus, Target
from partners.models import Partner
from partners.tests.factories import PersonFactory
from vetting.actions import passports
from vetting.actions.lists import import_edition
from vetting.actions.screening import screen
from vetting.lists import Source
from vetting.models import (
    CapacityPlan,
    Decision,
    Dossier,
    DossierStatus,
    Passport,
    ScreeningHit,
    ScreeningReason,
)

pytestmark = pytest.mark.browser
UN_LIST = Path(settings.BASE_DIR) / "vetting/tests/lists/un.xml"

# What Django's own admin templates do (filters, inlines, « show all »): not ours to style. The rest of axe holds there too.
OF_DJANGO = {"empty-table-header", "label", "link-in-text-block", "select-name", "target-size"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def demo(committed_db):
    for command in ("load_reference", "load_network"):
        call_command(command, verbosity=0)
    call_command("load_demo", force=True, verbosity=0)
    User.objects.filter(email="afa@example.org").update(name="A" * 60)  # a long name must not widen a phone's page
    listed = Partner.objects.get(slug="sauti-ya-vijana")
    PersonFactory(
        partner=listed, surname="Mwanga", post_name="", first_name="Kalémbo"
    )  # as in the synthetic list below
    import_edition("un", [Source(UN_LIST.name, UN_LIST)], by=None)
    screen(listed, reason=ScreeningReason.MANUAL)
    holder = User.objects.get(email="cooperative-mwangaza@example.org")
    passports.issue(Partner.objects.get(slug="cooperative-mwangaza"), by=holder)


def addresses():
    """Pages by the person who reads them; one of each kind."""
    dossier = {row.status: row.pk for row in Dossier.objects.all()}
    report = {row.status: row.pk for row in Report.objects.order_by("-period__due_on")}
    started = Report.objects.filter(status=ReportStatus.OPEN, draft_values__isnull=False).first()
    member = f"{started.partner.slug}@example.org"
    partner = Partner.objects.get(slug="mutuelle-tujenge")
    decided = Decision.objects.get(partner=partner)
    passport, plan, hit = (
        Passport.objects.get(),
        CapacityPlan.objects.get(partner__slug="foyer-amani"),
        ScreeningHit.objects.get(),
    )
    file, targets = "/equipe/partenaires/foyer-amani", "/equipe/projets/tujenge-epargne/cibles/"
    waiting = Target.objects.waiting().get()
    revised = Target.objects.get(revisions__isnull=False)
    return {
        None: ["/", "/criteres/", "/partenaires/", "/partenaires/?q=zzz", "/partenaires/?type=rien", "/partenaires/cmds/",
               f"/partenaires/{partner.slug}/", "/partenaires/foyer-amani/", "/compte/connexion/", "/en/", "/nulle-part/", "/verifier/", "/resultats/?page=2", "/depenses/", "/resultats/EPA-01/calcul/",
               f"/verifier/{passport.code}/"],
        "cooperative-mwangaza@example.org": [f"/espace/passeports/{passport.pk}/", f"/espace/passeports/{passport.pk}/partager/",
                                             "/espace/organisations/cooperative-mwangaza/suivi/",
                                             f"/espace/decisions/{passport.decision_id}/reexamen/"],
        "foyer-amani@example.org": [f"/espace/plans/{plan.pk}/", "/espace/organisations/foyer-amani/evaluations/ajouter/"],
        "afa@example.org": ["/espace/"],
        member: ["/espace/", f"/espace/rapports/{started.pk}/", f"/espace/rapports/{started.pk}/indicateurs/1/",
                 f"/espace/rapports/{started.pk}/depenses/ajouter/", f"/espace/rapports/{started.pk}/verifier/",
                 f"/espace/decisions/{decided.pk}/" if started.partner == partner else "/espace/"],
        "umoja-wa-dilala@example.org": [f"/espace/dossiers/{dossier[DossierStatus.COLLECTING]}/",
                                        f"/espace/dossiers/{dossier[DossierStatus.COLLECTING]}/points/C1.1/",
                                        f"/espace/dossiers/{dossier[DossierStatus.COLLECTING]}/points/C1.1/pieces/ajouter/",
                                        f"/espace/dossiers/{dossier[DossierStatus.COLLECTING]}/verifier/"],
        "diligence@example.org": ["/equipe/", "/equipe/dossiers/", "/equipe/delais/", f"/equipe/dossiers/{dossier[DossierStatus.IN_REVIEW]}/",
                                  "/equipe/partenaires/", f"/equipe/partenaires/{partner.slug}/", "/equipe/courriels/",
                                  "/admin/", "/admin/partners/partner/", f"/admin/partners/partner/{partner.pk}/change/",
                                  f"/admin/partners/partner/{partner.pk}/history/", f"{file}/suivi/", f"{file}/mesures/",
                                  f"{file}/signalements/nouveau/", f"{file}/visites/nouvelle/", f"/equipe/plans/{plan.pk}/",
                                  "/equipe/plans/", "/equipe/formations/", "/equipe/grilles/1/", "/equipe/grilles/1/apercu/",
                                  "/equipe/listes/", "/equipe/listes/importer/", "/equipe/calendrier/", "/equipe/signalements/",
                                  "/equipe/reexamens/", f"/equipe/criblages/{hit.screening_id}/", "/equipe/correspondances/",
                                  f"/equipe/correspondances/{hit.pk}/", f"/equipe/decisions/{decided.pk}/remplacer/",
                                  "/admin/vetting/screeninghit/", f"/admin/vetting/screeninghit/{hit.pk}/change/",
                                  f"/admin/vetting/decision/{decided.pk}/change/", "/admin/vetting/hold/?in_force=yes"],
        "direction@example.org": [f"/equipe/dossiers/{dossier[DossierStatus.PROPOSED]}/second-regard/"],
        "suivi@example.org": ["/equipe/rapports/", f"/equipe/rapports/{report[ReportStatus.SUBMITTED]}/",
                              "/equipe/projets/tujenge-epargne/", "/equipe/projets/tujenge-epargne/cibles/ajouter/",
                              f"{targets}{waiting.pk}/", f"{targets}{waiting.pk}/modifier/", f"{targets}{revised.pk}/",
                              f"{targets}{revised.pk}/reviser/", "/equipe/indicateurs/", "/equipe/indicateurs/EPA-01/",
                              "/equipe/indicateurs/nouveau/", "/admin/impact/disbursement/", "/admin/impact/agreement/"],
        "mutuelle-tujenge@example.org": [f"/espace{targets[7:]}{waiting.pk}/", f"/espace{targets[7:]}{revised.pk}/",
                                         f"/espace{targets[7:]}{waiting.pk}/remarque/"],
    }  # fmt: skip


def sign_in(page, email):
    page.goto("/compte/connexion/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(demo, open_page, width):
    faults = {}
    for email, paths in addresses().items():
        page = open_page(width=width, javascript=True, bypass_csp=True)
        if email:
            sign_in(page, email)
        for path in paths:
            page.goto(path)
            found = {violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]}
            if path.startswith("/admin/"):
                found -= OF_DJANGO
            wide = page.evaluate("document.documentElement.scrollWidth") - width
            if found or wide > 0:
                faults[path] = (sorted(found), wide)

    assert faults == {}


def test_no_page_breaks_the_content_policy(demo, open_page):
    """`open_page` fails at its end for every complaint of the browser and every request that leaves the site.

    Nothing that a page asks for is missing either.
    """
    missing = []
    for email, paths in addresses().items():
        page = open_page(javascript=True)
        page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
        if email:
            sign_in(page, email)
        for path in paths:
            page.goto(path)

    assert [url.split("/", 3)[3] for url in missing] == ["nulle-part/"]


@pytest.mark.parametrize("path", ["/", "/partenaires/", "/partenaires/mutuelle-tujenge/", "/partenaires/cmds/"])
def test_a_first_visit_is_light(demo, open_page, path):
    page, bodies = open_page(width=320), []
    page.on("response", lambda response: bodies.append(len(gzip.compress(response.body(), 6))))

    page.goto(path, wait_until="networkidle")

    assert len(bodies) <= 6
    assert sum(bodies) <= 30_000


def test_the_keyboard_meets_the_skip_link_first(demo, open_page):
    page = open_page(javascript=True)
    page.goto("/partenaires/")

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
