"""A large report with its round of corrections, by both sides in a browser: typed on the pages, then by workbook.

Afterwards every public surface is asked for the same figures, to the digit. What is typed is in `steps_report.py`; the
figures here were worked out by hand from it, and `surfaces.py` looks for them.
"""

import re
import uuid

import pytest

from ace_partners.core import audit
from ace_partners.core.models import OutgoingMail
from ace_partners.core.rights import Role
from ace_partners.core.tests.databases import *  # noqa: F403
from ace_partners.core.tests.factories import PDF_BYTES, UserFactory
from ace_partners.tests import steps_report as steps
from ace_partners.tests.steps import fill, press, send, sign_in
from ace_partners.tests.surfaces import Expected, assert_the_same_figures_everywhere, squeeze
from impact.models import Report, ReportVersion
from partners.tests.factories import MembershipFactory

pytestmark = pytest.mark.browser

# code: (target of the period, figure to date as people read it, what the CSV says: state, value, numerator, denominator)
FIGURES = {
    "ENF-02": ("160", "147", ("reported", "147", "", "")),
    "ENF-03": ("80 %", "77,5 %", ("reported", "77.5", "93", "120")),
    "ENF-06": ("10", "masqué", ("masked", "", "", "")),
    "ENT-07": ("20", "12,5", ("reported", "12.5", "", "")),
    "EPA-02": ("1 200", "1 250", ("reported", "1250", "", "")),
    "EPA-03": ("20 000", "18 452,75", ("reported", "18452.75", "", "")),
    "EPA-04": ("30", "25,07", ("reported", "25.07", "31337.5", "1250")),
    "EPA-05": ("80 %", "77,65 %", ("reported", "77.65", "702", "904")),
    "MIN-01": ("1 800", "1 500", ("reported", "1500", "", "")),
    "MIN-04": ("0", "0", ("reported", "0", "", "")),
    "MIN-05": ("50 %", "—", ("no_data", "", "", "")),
    "MIN-07": ("6", "5", ("reported", "5", "", "")),
}

# Rows of the tables behind them. 1 to 4 children are withheld, with what would give them away; of ENF-06 there is none.
CELLS = {
    "ENF-02": (
        "Femmes / filles 40 masqué masqué 75",
        "Hommes / garçons 38 masqué masqué 72",
        "Total 78 62 7 147",
    ),
    "EPA-02": ("Femmes / filles 300 500 800", "Hommes / garçons 150 300 450", "Total 450 800 1 250"),
    "EPA-03": ("Femmes / filles 12 000,25", "Hommes / garçons 6 452,5", "Total 18 452,75"),
    "MIN-01": ("Femmes / filles 420", "Hommes / garçons 1 080", "Creuseur 800", "Transporteur 300", "Total 1 500"),
}
CELLS_ON_PAPER = {  # fractions and mine sites stand on the report alone, or stand there in columns
    "ENF-02": ("École formelle 100", "Rattrapage scolaire masqué", "Formation professionnelle masqué"),
    "ENF-03": (
        "Femmes / filles · 6 à 11 ans 30 40 75",
        "Femmes / filles · 12 à 14 ans masqué masqué masqué",
        "Hommes / garçons · 12 à 14 ans masqué masqué masqué",
        "Ensemble 93 120 77,5",
    ),
    "ENT-07": ("Puits de Kanina 7,25", "Puits de Kapata 5,25", "Total 12,5"),
    "EPA-05": ("Femmes / filles 402 504 79,76", "Hommes / garçons 300 400 75", "Ensemble 702 904 77,65"),
}
CELLS_ON_NETWORK = {  # fractions in one cell
    "ENF-03": ("Femmes / filles 30 / 40 (75 %) masqué", "Hommes / garçons 28 / 35 (80 %) masqué"),
    "EPA-05": ("Femmes / filles 402 / 504 (79,76 %)", "Hommes / garçons 300 / 400 (75 %)", "Total 702 / 904 (77,65 %)"),
    "EPA-02": ("1 250 personnes (brut) · 1 050 (net)",),
}

# A budget line on the partner's page and sheet: budget, paid per currency, dollars.
SPENDING = (
    "Formation kapata · A1 12 000,00 USD 3 149,25 USD 2 850 000 CDF 4 400,58 USD",
    "Équipements kapata · A2 9 000,00 USD 5 659,35 USD 1 018 250 CDF 6 101,83 USD",
    "Déplacements kapata · B1 20 000 000 CDF 6 334 250,50 CDF 2 757,58 USD",
    "Annonces kapata · C1 500,00 USD 450,25 USD 60 000 CDF 476,32 USD",
    "Hors budget kapata aucun 37,50 USD 183 333 CDF 117,16 USD",
)
TOTAL = "13 853,47 USD"
# line of the CSV: dollars, amount, currency, how many expenses
SPENDING_CSV = [
    ("", "79.66", "183333.00", "CDF", "2"),
    ("", "37.50", "37.50", "USD", "3"),
    ("A1", "1251.33", "2850000.00", "CDF", "4"),
    ("A1", "3149.25", "3149.25", "USD", "5"),
    ("A2", "442.48", "1018250.00", "CDF", "2"),
    ("A2", "5659.35", "5659.35", "USD", "6"),
    ("B1", "2757.58", "6334250.50", "CDF", "6"),
    ("C1", "26.07", "60000.00", "CDF", "1"),
    ("C1", "450.25", "450.25", "USD", "1"),
]
# Every expense on the impact report: as paid, and in dollars.
PRINTED = {
    "Salle de Kapata": "250,00 USD 250,00 USD",
    "Formateurs, première semaine": "1 200,00 USD 1 200,00 USD",
    "Formateurs, deuxième semaine": "1 200,00 USD 1 200,00 USD",
    "Repas des participants": "1 850 000 CDF 812,27 USD",
    "Cahiers et stylos": "412 500 CDF 181,11 USD",
    "Impression des guides": "318,75 USD 318,75 USD",
    "Transport des participants": "640 000 CDF 281,00 USD",
    "Salle de Kanina": "180,50 USD 180,50 USD",
    "Retour des cahiers non utilisés": "−52 500 CDF −23,05 USD",
    "Casques": "1 575,00 USD 1 575,00 USD",
    "Gants": "487,20 USD 487,20 USD",
    "Bottes": "2 310,90 USD 2 310,90 USD",
    "Masques": "96,35 USD 96,35 USD",
    "Treuil du puits 4": "1 125,00 USD 1 125,00 USD",
    "Cordes": "733 250 CDF 318,63 USD",
    "Bâches": "285 000 CDF 123,85 USD",
    "Trousse de secours": "64,90 USD 64,90 USD",
    "Carburant de janvier": "1 120 000 CDF 491,75 USD",
    "Carburant de février": "1 245 500 CDF 541,23 USD",
    "Carburant de mars": "1 098 750 CDF 477,46 USD",
    "Réparation de la moto": "375 000 CDF 162,95 USD",
    "Location d’un camion": "2 450 000,50 CDF 1 064,64 USD",
    "Péage": "45 000 CDF 19,55 USD",
    "Affiches": "450,25 USD 450,25 USD",
    "Radio locale": "60 000 CDF 26,07 USD",
    "Frais de banque de janvier": "12,50 USD 12,50 USD",
    "Frais de banque de février": "12,50 USD 12,50 USD",
    "Frais de banque de mars": "12,50 USD 12,50 USD",
    "Taxe communale": "150 000 CDF 65,18 USD",
    "Photocopies": "33 333 CDF 14,48 USD",
}
NEW_NARRATIVE = "Les 52 groupes se sont réunis chaque semaine."
EXPECTED = Expected(
    figures=FIGURES,
    cells=CELLS,
    cells_on_paper=CELLS_ON_PAPER,
    cells_on_network=CELLS_ON_NETWORK,
    spending=SPENDING,
    total=TOTAL,
    paid=("9 296,35 USD", "10 445 833,50 CDF"),
    spending_csv=SPENDING_CSV,
    printed=PRINTED,
)


@pytest.fixture
def report(committed_db):
    return steps.open_report()


@pytest.fixture
def signing(report, open_page):
    """The signatory on a small phone."""
    return sign_in(open_page(width=320), MembershipFactory(partner=report.partner, role=Role.SIGNATORY).user)


@pytest.fixture
def office(report, open_page):
    """The monitoring officer."""
    return sign_in(open_page(), UserFactory(roles=[Role.ME_OFFICER]))


def test_a_large_report_typed_on_the_pages(report, signing, office, open_page):
    steps.write_values(signing, report.pk)
    steps.write_expenses(signing, report.pk)
    write_story(signing, report.pk)
    add_file(signing, report.pk)
    explain_the_remarks(signing, report.pk)
    send_version(signing, report.pk, 1)

    wrong, paid = f"value-{target().pk}", f"line-{sent_expense(report).pk}"
    read_the_exceptions_first(office, report.pk)
    ask_for(office, report.pk, wrong, paid, "narrative")
    correct_what_is_asked(signing, report)
    send_version(signing, report.pk, 2)

    see_the_differences(office, report.pk)
    accept(office, report.pk)
    assert_the_same_figures_everywhere(open_page(), EXPECTED)
    assert list(audit.faults()) == []


def test_a_large_report_through_the_workbook(report, signing, office, open_page):
    book = steps.take_workbook(signing, report.pk)
    steps.fill_workbook(book)
    said = steps.send_workbook(signing, report.pk, book)
    assert [part for part in ("12 valeurs", "30 dépenses", "3 textes") if part not in said] == []
    steps.share(signing, report.pk)
    explain_the_remarks(signing, report.pk)
    send_version(signing, report.pk, 1)

    read_the_exceptions_first(office, report.pk)
    ask_for(office, report.pk, f"value-{target().pk}", "spending", "narrative")
    correct_in_the_workbook(signing, report.pk)
    reply(signing, report.pk)
    send_version(signing, report.pk, 2)

    see_the_differences(office, report.pk)
    accept(office, report.pk)
    assert_the_same_figures_everywhere(open_page(), EXPECTED)
    assert list(audit.faults()) == []


# --- the organisation ------------------------------------------------------------------------------------------------


def write_story(page, pk):
    page.goto(f"/espace/rapports/{pk}/recit/")
    fill(page, **steps.NARRATIVE)
    send(page, leads_to=f"/espace/rapports/{pk}/$")


def add_file(page, pk):
    page.goto(f"/espace/rapports/{pk}/pieces/ajouter/")
    page.set_input_files(
        "input[name=upload]", {"name": "liste.pdf", "mimeType": "application/pdf", "buffer": PDF_BYTES}
    )
    fill(page, caption="Liste de présence")
    send(page, leads_to=f"/espace/rapports/{pk}/pieces/")


def explain_the_remarks(page, pk):
    """Nothing can be sent before each remark has its word: two tables, a budget line, and the values without a file."""
    page.goto(f"/espace/rapports/{pk}/verifier/")
    assert page.locator('form[action$="/envoyer/"]').count() == 0
    remarks = page.locator("#remarques textarea").all()
    assert len(remarks) == 4, page.locator("#remarques").inner_text()
    for remark in remarks:
        remark.fill("Vérifié au registre.")
    press(page, "/remarques/")


def send_version(page, pk, number):
    page.goto(f"/espace/rapports/{pk}/verifier/")
    fill(page, declaration=True)
    press(page, "/envoyer/")
    assert page.url.endswith(f"/espace/rapports/{pk}/recu/{number}/"), page.inner_text("main")
    assert f"ACE-R-{pk:04d}-V{number}" in page.inner_text("main")


def target():
    """Whose value is corrected."""
    return Report.objects.get().project.targets.get(indicator__code=steps.CORRECTED[0])


def sent_expense(report):
    """The expense that is corrected, as it was sent."""
    return report.versions.get().spending.get(label=steps.CORRECTED_EXPENSE[0])


def correct_what_is_asked(page, report):
    """From the link of the mail: the three fields can be changed, and no other one."""
    mail = OutgoingMail.objects.filter(kind="impact/email/changes_requested").get()
    page.goto(re.search(r"/espace/\S+", mail.body)[0])
    page.click(f'main a:text-is("{steps.CORRECTED_EXPENSE[0]}")')
    fill(page, amount=steps.CORRECTED_EXPENSE[1])
    send(page, leads_to="/corrections/$")
    fill(page, narrative=NEW_NARRATIVE, **{f"{steps.prefix(steps.CORRECTED[0])}-value": steps.CORRECTED[1]})
    reply(page, report.pk, open_page=False)
    assert_the_rest_is_closed(page, report)


def reply(page, pk, *, open_page=True):
    if open_page:
        page.goto(f"/espace/rapports/{pk}/corrections/")
    replies = page.locator('textarea[name$="-reply"]').all()
    assert len(replies) == 3
    for field in replies:
        field.fill("Corrigé.")
    send(page, leads_to="/verifier/$")


def assert_the_rest_is_closed(page, report):
    """The pages offer nothing, and a forged POST is refused."""
    other = report.draft_spending.get(label="Casques")
    for path in ("indicateurs/2/", "depenses/ajouter/", f"depenses/{other.pk}/"):
        page.goto(f"/espace/rapports/{report.pk}/{path}")
        assert page.locator("main form input:not([type=hidden])").count() == 0, path
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    forged = {"csrfmiddlewaretoken": token, "once": uuid.uuid4().hex, "seen": str(other.lock_version)}
    forged |= {"budget_line": "outside", "label": "Casques", "spent_on": "2025-01-05", "amount": "1", "currency": "USD"}
    answer = page.context.request.post(f"/espace/rapports/{report.pk}/depenses/{other.pk}/", form=forged)
    other.refresh_from_db()
    assert (answer.status, other.amount) == (403, 1575)


def correct_in_the_workbook(page, pk):
    """A cell that ACE did not ask about keeps the whole file out; then the same file without it."""
    book = steps.take_workbook(page, pk)
    steps.correct_workbook(book, NEW_NARRATIVE)
    stray = next(row[6] for row in steps.rows_of(book["Indicateurs"]) if row[0].value == "MIN-01")
    stray.value = 1600
    refused = steps.send_workbook(page, pk, book)
    assert f"Indicateurs!F{stray.row}" in refused  # the answer that was given with it
    assert Report.objects.get().narrative == steps.NARRATIVE["narrative"]
    stray.value = 1500
    said = steps.send_workbook(page, pk, book)
    assert [part for part in ("1 valeur", "30 dépenses", "1 texte") if part not in said] == []


# --- ACE -------------------------------------------------------------------------------------------------------------


def read_the_exceptions_first(page, pk):
    page.goto(f"/equipe/rapports/{pk}/")
    press(page, "/prendre/")
    quiet = page.locator("details > section.card")
    codes = [re.search(r"[A-Z]{3}-\d\d", text)[0] for text in quiet.locator("h3").all_text_contents()]
    assert steps.CORRECTED[0] not in codes
    assert len(codes) >= len(FIGURES) - 2
    assert page.locator("#spending ~ .table-scroll tbody tr[id^=line-]").count() == len(PRINTED)


def ask_for(page, pk, *keys):
    for key in keys:
        page.goto(f"/equipe/rapports/{pk}/demandes/{key}/")
        fill(page, remark="Vérifiez ce point dans le registre.")
        send(page, leads_to=f"/equipe/rapports/{pk}/$")
    page.goto(f"/equipe/rapports/{pk}/demander/")
    send(page, leads_to=f"/equipe/rapports/{pk}/$")
    assert Report.objects.get().status == "changes_requested"


def see_the_differences(page, pk):
    page.goto(f"/equipe/rapports/{pk}/")
    changed = page.locator(f"#value-{target().pk}")
    assert (bare(changed.locator("del").first), bare(changed.locator("ins").first)) == ("1350", "1250")
    assert "52" in page.locator("#narrative ins").inner_text()
    gone, now = page.locator("ul > li:has(del):has(ins)", has_text="Affiches").locator("del, ins").all()
    assert ("1450,25USD" in bare(gone), "450,25USD" in bare(now)) == (True, True)


def accept(page, pk):
    press(page, "/prendre/")
    press(page, "/accepter/")
    assert Report.objects.get(pk=pk).accepted_version == ReportVersion.objects.get(report=pk, number=2)


def bare(locator):
    return squeeze(locator.inner_text())
