"""The whole road, driven by people in a browser with JavaScript off, on the real partners and invented facts.

CMDS from the opened dossier to the approved decision on its public page; A.F.A. from a target to an accepted report.
"""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from ace_partners.core import audit
from ace_partners.core.dates import format_date
from ace_partners.core.rights import Role
from ace_partners.core.tests.databases import *  # noqa: F403
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from ace_partners.desk.demo.clock import quarters
from ace_partners.tests.steps import fill, number_in, press, send, sign_in
from impact.models import Acceptance, Indicator, Report, ReportVersion
from partners.models import Partner, Person, Place
from partners.tests.factories import MembershipFactory
from vetting.models import Decision, Dossier

pytestmark = pytest.mark.browser

PAPER = {"name": "statuts.pdf", "mimeType": "application/pdf", "buffer": PDF_BYTES}


@pytest.fixture
def network(committed_db):
    for command in ("load_reference", "load_network"):
        call_command(command, verbosity=0)


def person(*roles, slug=None):
    """An account with ACE roles, or with access to an organisation."""
    if slug is None:
        return UserFactory(roles=roles)
    return MembershipFactory(partner=Partner.objects.get(slug=slug), role=roles[0], user=UserFactory()).user


def test_the_road_of_cmds(network, open_page):
    # The proposer holds both roles, so that only « who proposes never approves » stands between them and the decision.
    reviewer, approver = person(Role.REVIEWER, Role.APPROVER), person(Role.APPROVER)
    editor, signatory = person(Role.EDITOR, slug="cmds"), person(Role.SIGNATORY, slug="cmds")
    examiner = sign_in(open_page(), reviewer)
    first_names_are_known("cmds")

    examiner.goto("/equipe/partenaires/cmds/dossier/nouveau/")
    send(examiner, leads_to="/espace/dossiers/")
    pk = number_in(examiner.url)
    answer_everything(sign_in(open_page(width=320), editor), pk)
    submit_dossier(sign_in(open_page(width=320), signatory), pk)
    assess_everything(examiner, pk)
    propose(examiner, pk)

    assert_the_proposer_cannot_approve(examiner, pk)
    approve(sign_in(open_page(), approver), pk)

    decision = Decision.objects.get()
    assert (decision.partner.slug, decision.outcome, decision.proposed_by, decision.approved_by) == (
        "cmds",
        "approved",
        reviewer,
        approver,
    )
    reads_the_letter(open_page(width=320), signatory, decision)
    the_public_reads_the_decision(open_page())
    assert list(audit.faults()) == []


def first_names_are_known(slug):
    """The seed knows some people by one name, which no list can be searched for: C1.3 then waits."""
    for person in Person.objects.filter(partner__slug=slug, first_name=""):
        person.first_name = "Prénom"
        person.save()


def answer_everything(page, pk):
    page.goto(f"/espace/dossiers/{pk}/")
    links = page.locator('main a[href*="/points/"]').evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    addresses = list(dict.fromkeys(links))
    assert len(addresses) >= 25
    for address in addresses:
        page.goto(address)
        fill(page, text="Oui. Le registre et les pièces sont au siège, à Kapata.")
        send(page, "form:has(textarea[name=text]) button[type=submit]")
    page.goto(f"{addresses[0]}pieces/ajouter/")
    page.set_input_files("input[name=upload]", PAPER)
    page.locator("select[name=type]").select_option(index=1)
    fill(page, issued_on=day(timezone.localdate()), expires_on=day(timezone.localdate() + timedelta(days=90)))
    send(page, leads_to="/points/")
    assert page.locator('a[href*="/fichiers/documents/"]').count() >= 1


def submit_dossier(page, pk):
    page.goto(f"/espace/dossiers/{pk}/verifier/")
    fill(page, declared=True)
    press(page, "/envoyer/")
    assert page.url.endswith(f"/espace/dossiers/{pk}/recu/1/"), page.inner_text("main")


def assess_everything(page, pk):
    """All findings in the one form of the page; what came with a document relies on its first page."""
    page.goto(f"/equipe/dossiers/{pk}/")
    press(page, "/prendre/")  # the button that also declares no conflict of interest
    cards = page.locator("details.item-card")
    codes = cards.evaluate_all("cards => cards.map(card => card.id)")
    assert len(codes) >= 25
    assert page.locator("main input[type=radio]:checked").count() == 0
    for code in codes:
        fill(page, **{f"{code}-answer": ("radio", "met"), f"{code}-reason": "Pièce vue au siège, datée et signée."})
        for field in page.locator(f'input[name^="{code}-page_"]').all():
            field.fill("1")
    page.locator("button[form=constats]:not([name])").click()
    assert page.locator(".error-summary").count() == 0, page.locator(".error-summary").inner_text()

    page.goto(f"/equipe/dossiers/{pk}/")
    scores = page.locator('td.num[data-label="Score"]').all_inner_texts()
    assert scores == ["100,0\u202f%"] * 4


def propose(page, pk):
    page.goto(f"/equipe/dossiers/{pk}/proposer/")
    fill(page, outcome=("radio", "approved"))
    for field in page.locator("textarea[name^=reason_]").all():
        field.fill("Les pièces demandées ont été vues ; rien ne manque.")
    page.locator("main form .actions button[type=submit]").last.click()
    letter = page.locator("#lettre").inner_text()
    assert "l’ACE approuve" in letter
    page.click("button[name=read]")
    assert page.locator(".error-summary").count() == 0, page.inner_text("main")


def assert_the_proposer_cannot_approve(page, pk):
    """No button, a reason instead; and a forged POST is refused by the rules, not only by the page."""
    page.goto(f"/equipe/dossiers/{pk}/second-regard/")
    assert page.locator('main form[action$="/valider/"]').count() == 0
    reasons = page.locator("main .confirm .alert-warning li").all_inner_texts()
    assert len(reasons) == 2  # proposed it, and wrote its findings
    forged = {
        "csrfmiddlewaretoken": page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value"),
        "once": uuid.uuid4().hex,
        "seen": str(Dossier.objects.get(pk=pk).lock_version),
    }
    answer = page.context.request.post(f"/equipe/dossiers/{pk}/valider/", form=forged, max_redirects=0)
    assert (answer.status, Decision.objects.count()) == (403, 0)
    assert [reason in answer.text() for reason in reasons] == [True, True]  # these reasons, not a lost session


def approve(page, pk):
    page.goto(f"/equipe/dossiers/{pk}/second-regard/")
    fill(page, has_link=("radio", "no"))
    press(page, "/valider/")
    assert "/decisions/" in page.url, page.inner_text("main")


def reads_the_letter(page, signatory, decision):
    sign_in(page, signatory).goto(f"/espace/decisions/{decision.pk}/")
    assert decision.letter.splitlines()[0] in page.inner_text("main")
    letter = page.context.request.get(page.get_attribute('main a[href$="/lettre.pdf"]', "href"))
    assert (letter.status, letter.body()[:5]) == (200, b"%PDF-")


def the_public_reads_the_decision(page):
    page.goto("/partenaires/cmds/")
    text = page.inner_text("main")
    assert "Approuvé" in text
    assert text.count("Conforme") == 4
    today = format_date(timezone.localdate())
    criteria = page.locator("section.criterion").all_inner_texts()
    assert [f"décidé le {today}" in criterion for criterion in criteria] == [True] * 4
    sheet = page.context.request.get(page.get_attribute('main a[href$="/fiche.pdf"]', "href"))
    assert (sheet.status, sheet.body()[:5]) == (200, b"%PDF-")
    page.goto("/partenaires/?situation=approved&q=developpement")
    assert page.locator('a[href="/partenaires/cmds/"]').count() == 1


# --- A.F.A. ------------------------------------------------------------------------------------------------------------


def test_the_road_of_afa(network, open_page):
    officer = person(Role.ME_OFFICER)
    editor, signatory = person(Role.EDITOR, slug="afa"), person(Role.SIGNATORY, slug="afa")
    office = sign_in(open_page(), officer)
    phone = sign_in(open_page(width=320), editor)
    signing = sign_in(open_page(width=320), signatory)

    pk = plan(office)
    agree_to_the_targets(signing, pk)
    write_values(phone, pk)
    write_spending(phone, pk)
    write_story(phone, pk)
    assert_the_editor_cannot_send(phone, pk)
    send_report_twice(signing, pk)
    ask_one_correction(office, pk)
    answer_the_correction(signing, pk)
    accept(office, pk)

    assert ReportVersion.objects.filter(report=pk).count() == 2
    assert Acceptance.objects.get().version.number == 2
    the_public_reads_the_results(open_page())
    assert list(audit.faults()) == []


def day(value):
    """As the browser's own calendar sends it."""
    return value.isoformat()


def plan(page):
    """Project, budget, last quarter's period and four targets, by the monitoring officer; the report's number."""
    label, first, last = quarters(timezone.localdate(), back=1)[0]
    page.goto("/equipe/partenaires/afa/projets/nouveau/")
    fill(
        page,
        code="afa-avec",
        title="Groupes d’épargne de Fungurume",
        summary="Crée et suit des groupes AVEC.",
        needs="Demandé par les habitantes, trois réunions.",
        areas=("radio", "savings"),
        places=("select", Place.objects.get(slug="fungurume").pk),
        starts_on=day(first),
        ends_on=day(last + timedelta(days=400)),
    )
    send(page, leads_to="/equipe/projets/afa-avec/$")
    page.goto("/equipe/projets/afa-avec/budget/ajouter/")
    fill(page, code="A1", label="Formation des comités", amount="18 000")
    send(page, leads_to="/equipe/projets/afa-avec/")
    page.goto("/equipe/projets/afa-avec/periodes/ajouter/")
    fill(page, label=label, starts_on=day(first), ends_on=day(last), due_on=day(last + timedelta(days=90)))
    send(page, leads_to="/equipe/projets/afa-avec/")
    report = Report.objects.get()
    for code, baseline, aim in (
        ("EPA-01", "6", "20"),
        ("EPA-02", "0", "300"),
        ("EPA-03", "0", "5 000"),
        ("EPA-05", "60", "80"),
    ):
        page.goto("/equipe/projets/afa-avec/cibles/ajouter/")
        fill(
            page,
            indicator=("select", Indicator.objects.get(code=code).pk),
            baseline_state=("radio", "known"),
            baseline=baseline,
            baseline_on=day(first),
            baseline_source="Registre des groupes",
            final_target=aim,
            rationale="Au-delà de la tendance des deux dernières années.",
            **{f"period_{report.period_id}": aim},
        )
        send(page, leads_to="/equipe/projets/afa-avec/cibles/")
    return report.pk


def agree_to_the_targets(page, pk):
    """Before the signatory agrees nothing is asked; the space leads to what waits."""
    project = Report.objects.get(pk=pk).project
    page.goto("/espace/")
    assert page.locator(f'main a[href="/espace/projets/{project.code}/#cibles"]').count() > 0
    for target in project.targets.all():
        page.goto(f"/espace/projets/{project.code}/cibles/{target.pk}/")
        press(page, f"/cibles/{target.pk}/accord/")
    assert project.targets.agreed().count() == project.targets.count()


def field_of(pk, code, name):
    target = Report.objects.get(pk=pk).project.targets.get(indicator__code=code)
    return f"v{target.pk}-{name}"


def write_values(page, pk):
    """A zero, a number first typed ambiguously, a fraction, and no data with its reason."""
    page.goto(f"/espace/rapports/{pk}/indicateurs/1/")
    assert page.locator("input[type=radio]:checked").count() == 0
    values = {
        field_of(pk, "EPA-01", "state"): ("radio", "reported"),
        field_of(pk, "EPA-01", "value"): "0",
        field_of(pk, "EPA-02", "state"): ("radio", "no_data"),
        field_of(pk, "EPA-02", "comment"): "Le registre est resté à Kisanfu.",
        field_of(pk, "EPA-03", "state"): ("radio", "reported"),
        field_of(pk, "EPA-03", "value"): "981.528",
        field_of(pk, "EPA-05", "state"): ("radio", "reported"),
        field_of(pk, "EPA-05", "numerator"): "702",
        field_of(pk, "EPA-05", "denominator"): "904",
    }
    fill(page, **values)
    send(page)
    assert page.title().startswith("Erreur\u00a0:")
    assert "981.528" in page.locator(".error-summary").inner_text()
    assert page.input_value(f'[name="{field_of(pk, "EPA-03", "value")}"]') == "981.528"
    fill(page, **{field_of(pk, "EPA-03", "value"): "1 234,5"})
    send(page, leads_to=f"/espace/rapports/{pk}/")
    assert page.locator(".error-summary").count() == 0


def write_spending(page, pk):
    page.goto(f"/espace/rapports/{pk}/depenses/ajouter/")
    report = Report.objects.select_related("period").get(pk=pk)
    fill(
        page,
        budget_line=("select", report.project.budget_lines.get().pk),
        label="Registres des groupes",
        spent_on=day(report.period.starts_on),
        amount="650 000",
        currency=("radio", "CDF"),
        rate="2 277,57",
        rate_on=day(report.period.starts_on),
        rate_source="BCC, cours indicatif",
    )
    send(page, leads_to=f"/espace/rapports/{pk}/depenses/$")
    assert "285,39" in page.inner_text("main")


def write_story(page, pk):
    page.goto(f"/espace/rapports/{pk}/recit/")
    fill(
        page,
        narrative="Douze réunions tenues.",
        difficulties="Une route coupée.",
        lessons="Annoncer la date par affiche.",
    )
    send(page, leads_to=f"/espace/rapports/{pk}/")
    page.goto(f"/espace/rapports/{pk}/pieces/ajouter/")
    page.set_input_files("input[name=upload]", PAPER)
    fill(page, caption="Liste de présence")
    send(page, leads_to=f"/espace/rapports/{pk}/pieces/")


def assert_the_editor_cannot_send(page, pk):
    page.goto(f"/espace/rapports/{pk}/verifier/")
    assert page.locator('form[action$="/envoyer/"]').count() == 0


def send_report_twice(page, pk):
    """The remarks are explained; then a double tap: the very same POST twice gives the same receipt, and one version."""
    page.goto(f"/espace/rapports/{pk}/verifier/")
    assert page.locator('form[action$="/envoyer/"]').count() == 0  # a remark waits for its explanation
    fill(page, **{"k.unproven": "Les registres sont au bureau."})
    press(page, "/remarques/")
    form = page.locator('form[action$="/envoyer/"]')
    hidden = {
        name: form.locator(f"input[name={name}]").get_attribute("value")
        for name in ("csrfmiddlewaretoken", "once", "seen")
    }
    data = {**hidden, "declaration": "on"}
    address = f"/espace/rapports/{pk}/envoyer/"

    answers = [page.context.request.post(address, form=data, max_redirects=0) for _ in range(2)]

    assert [(answer.status, answer.headers["location"]) for answer in answers] == [
        (302, f"/espace/rapports/{pk}/recu/1/")
    ] * 2
    assert ReportVersion.objects.filter(report=pk).count() == 1
    page.goto(answers[1].headers["location"])
    assert f"ACE-R-{pk:04d}" in page.inner_text("main")


def ask_one_correction(page, pk):
    page.goto(f"/equipe/rapports/{pk}/")
    press(page, "/prendre/")
    page.goto(f"/equipe/rapports/{pk}/demandes/narrative/")
    fill(page, remark="Combien de groupes ont tenu leurs réunions ?")
    send(page)
    page.goto(f"/equipe/rapports/{pk}/demander/")
    send(page)
    assert page.locator(".error-summary").count() == 0


def answer_the_correction(page, pk):
    page.goto(f"/espace/rapports/{pk}/corrections/")
    assert "Combien de groupes" in page.inner_text("main")
    assert page.locator("main input[type=radio]").count() == 0  # only the asked field is open
    assert page.locator("main textarea").count() == 2  # the narrative, and the reply to ACE
    fill(page, narrative="Douze réunions tenues par neuf groupes.")
    page.locator('textarea[name$="-reply"]').fill("Le nombre est ajouté.")
    send(page)
    page.goto(f"/espace/rapports/{pk}/verifier/")
    fill(page, declaration=True)
    press(page, "/envoyer/")
    assert page.url.endswith(f"/espace/rapports/{pk}/recu/2/"), page.inner_text("main")


def accept(page, pk):
    page.goto(f"/equipe/rapports/{pk}/")
    assert "par neuf groupes." in page.locator("#narrative ins").inner_text()
    press(page, "/prendre/")
    press(page, "/accepter/")
    assert Report.objects.get(pk=pk).status == "accepted", page.inner_text("main")


def the_public_reads_the_results(page):
    page.goto("/partenaires/afa/")
    text = page.inner_text("main")
    drawings = page.locator("figure.chart svg").count()
    assert drawings >= 3
    assert page.locator("figure.chart details table").count() == drawings  # each with its table twin
    assert "1\u202f234,5" in text
    assert "non rapporté" in page.content()  # « pas de données » is a gap, never a zero
    assert "Dernier rapport accepté le" in text
    assert "285,39" in text
    sheet = page.context.request.get(page.get_attribute('main a[href$="/fiche.pdf"]', "href"))
    assert (sheet.status, sheet.body()[:5]) == (200, b"%PDF-")
