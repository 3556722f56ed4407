"""A large report as people make it: twelve indicators, thirty expenses, on the pages or in the workbook.

What was typed stands here; what must be read afterwards stands in `test_big_report.py`.
"""

import io
from datetime import date
from decimal import Decimal

import openpyxl
from django.core.management import call_command

from ace_partners.tests.steps import fill, send
from impact.models import Indicator, JointPartner, Project, ProjectPlace
from impact.tests import factories
from partners.models import PlaceLevel
from partners.tests.factories import PartnerFactory, PlaceFactory

PER_PAGE = 6
NO_DATA = "Le registre des puits n’est pas encore publié."
NARRATIVE = {
    "narrative": "Les groupes se sont réunis chaque semaine.",
    "difficulties": "La route de Kanina a été coupée dix jours.",
    "lessons": "Annoncer la date par affiche.",
}

# code: (target, numbers as typed, cells as typed). Two numbers are numerator and denominator; none is « pas de données ».
ANSWERS = {
    "ENF-02": (
        "160",
        ("147",),
        {
            "sex.age.F.06-11": "40",
            "sex.age.F.12-14": "32",
            "sex.age.F.15-17": "3",
            "sex.age.M.06-11": "38",
            "sex.age.M.12-14": "30",
            "sex.age.M.15-17": "4",
            "site.puits-kanina": "90",
            "site.puits-kapata": "57",
            "schooling.formal": "100",
            "schooling.catch_up": "43",
            "schooling.vocational": "4",
        },
    ),
    "ENF-03": (
        "80",
        ("93", "120"),
        {
            "sex.age.F.06-11": ("30", "40"),
            "sex.age.F.12-14": ("21", "25"),
            "sex.age.M.06-11": ("28", "35"),
            "sex.age.M.12-14": ("14", "20"),
        },
    ),
    "ENF-06": ("10", ("3",), {"sex.age.F.12-14": "2", "sex.age.M.12-14": "1"}),
    "ENT-07": ("20", ("12,5",), {"site.puits-kanina": "7,25", "site.puits-kapata": "5,25"}),
    "EPA-02": (
        "1200",
        ("1 350",),  # 1 250 after the correction
        {
            "sex.age.F.18-24": "300",
            "sex.age.F.25-59": "500",
            "sex.age.M.18-24": "150",
            "sex.age.M.25-59": "300",
            "site.puits-kanina": "700",
            "site.puits-kapata": "550",
        },
    ),
    "EPA-03": ("20000", ("18 452,75",), {"sex.F": "12 000,25", "sex.M": "6 452,5"}),
    "EPA-04": ("30", ("31 337,5", "1 250"), {}),
    "EPA-05": ("80", ("702", "904"), {"sex.F": ("402", "504"), "sex.M": ("300", "400")}),
    "MIN-01": (
        "1800",
        ("1 500",),
        {
            "sex.F": "420",
            "sex.M": "1 080",
            "site.puits-kanina": "900",
            "site.puits-kapata": "600",
            "work.digger": "800",
            "work.washer": "400",
            "work.carrier": "300",
        },
    ),
    "MIN-04": ("0", ("0",), {}),
    "MIN-05": ("50", (), {}),
    "MIN-07": ("6", ("5",), {}),
}
SHARED = ("EPA-02", "200")
CORRECTED = ("EPA-02", "1 250")

BUDGET = (
    ("A1", "Formation", "12000", "USD"),
    ("A2", "Équipements", "9000", "USD"),
    ("B1", "Déplacements", "20000000", "CDF"),
    ("C1", "Annonces", "500", "USD"),
)
JANUARY, MARCH = ("2 277,57", "2025-01-15"), ("2 301,25", "2025-03-14")
SOURCE = "BCC, cours indicatif"

# line ("" is outside the budget), what was paid, day, amount as typed, currency or the rate of its francs
EXPENSES = (
    ("A1", "Salle de Kapata", "2025-01-03", "250", "USD"),
    ("A1", "Formateurs, première semaine", "2025-01-08", "1 200", "USD"),
    ("A1", "Formateurs, deuxième semaine", "2025-01-15", "1 200", "USD"),
    ("A1", "Repas des participants", "2025-01-16", "1 850 000", JANUARY),
    ("A1", "Cahiers et stylos", "2025-01-17", "412 500", JANUARY),
    ("A1", "Impression des guides", "2025-01-20", "318,75", "USD"),
    ("A1", "Transport des participants", "2025-01-21", "640 000", JANUARY),
    ("A1", "Salle de Kanina", "2025-02-03", "180,50", "USD"),
    ("A1", "Retour des cahiers non utilisés", "2025-02-05", "-52 500", JANUARY),
    ("A2", "Casques", "2025-01-05", "1 575", "USD"),
    ("A2", "Gants", "2025-01-05", "487,20", "USD"),
    ("A2", "Bottes", "2025-01-06", "2 310,90", "USD"),
    ("A2", "Masques", "2025-01-06", "96,35", "USD"),
    ("A2", "Treuil du puits 4", "2025-02-09", "1 125", "USD"),
    ("A2", "Cordes", "2025-02-10", "733 250", MARCH),
    ("A2", "Bâches", "2025-02-11", "285 000", MARCH),
    ("A2", "Trousse de secours", "2025-02-12", "64,90", "USD"),
    ("B1", "Carburant de janvier", "2025-01-30", "1 120 000", JANUARY),
    ("B1", "Carburant de février", "2025-02-26", "1 245 500", MARCH),
    ("B1", "Carburant de mars", "2025-03-21", "1 098 750", MARCH),
    ("B1", "Réparation de la moto", "2025-03-02", "375 000", MARCH),
    ("B1", "Location d’un camion", "2025-03-03", "2 450 000,50", MARCH),
    ("B1", "Péage", "2025-03-04", "45 000", MARCH),
    ("C1", "Affiches", "2025-03-11", "1 450,25", "USD"),  # 450,25 after the correction
    ("C1", "Radio locale", "2025-03-12", "60 000", MARCH),
    ("", "Frais de banque de janvier", "2025-01-31", "12,5", "USD"),
    ("", "Frais de banque de février", "2025-02-27", "12,5", "USD"),
    ("", "Frais de banque de mars", "2025-03-27", "12,5", "USD"),
    ("", "Taxe communale", "2025-03-18", "150 000", MARCH),
    ("", "Photocopies", "2025-03-19", "33 333", MARCH),
)
CORRECTED_EXPENSE = ("Affiches", "450,25")


def open_report():
    """The report of the first quarter of 2025, open, of a project with twelve agreed targets and four budget lines."""
    call_command("load_reference", verbosity=0)
    partner = PartnerFactory(name="Mutuelle de Kapata", slug="mutuelle-kapata")
    project = factories.ProjectFactory(partner=partner, code="kapata", title="Kapata et Kanina")
    factories.ProjectAreaFactory(project=project)
    JointPartner.objects.create(project=project, partner=PartnerFactory(name="Umoja"), role="Suit les groupes")
    for name in ("Kanina", "Kapata"):
        place = PlaceFactory(name=f"Puits de {name}", slug=f"puits-{name.lower()}", level=PlaceLevel.MINE_SITE)
        ProjectPlace.objects.create(project=project, place=place)
    for code, label, amount, currency in BUDGET:
        factories.BudgetLineFactory(project=project, code=code, label=label, amount=amount, currency=currency)
    period = factories.PeriodFactory(project=project, ends_on=date(2025, 3, 31))
    for code, (aim, _numbers, _cells) in ANSWERS.items():
        target = factories.TargetFactory(
            project=project, indicator=Indicator.objects.get(code=code), final_target=Decimal(aim)
        )
        factories.PeriodTargetFactory(target=target, period=period, value=Decimal(aim))
    return factories.ReportFactory(period=period)


def prefix(code):
    """« v12 »: before the names of the fields of an indicator, and its place on the page."""
    return f"v{Project.objects.get().targets.get(indicator__code=code).pk}"


# --- on the pages ----------------------------------------------------------------------------------------------------


def write_values(page, pk):
    """All indicators, page after page; the tables opened and filled too."""
    codes = sorted(ANSWERS)
    for number in range(1, len(codes) // PER_PAGE + 1):
        page.goto(f"/espace/rapports/{pk}/indicateurs/{number}/")
        for code in codes[PER_PAGE * (number - 1) : PER_PAGE * number]:
            write_value(page, code)
        send(page, leads_to="/indicateurs/|/rapports/")
        assert page.locator(".error-summary").count() == 0


def write_value(page, code):
    _aim, numbers, cells = ANSWERS[code]
    name = prefix(code)
    if not numbers:
        fill(page, **{f"{name}-state": ("radio", "no_data"), f"{name}-comment": NO_DATA})
        return
    fill(page, **{f"{name}-state": ("radio", "reported")})
    fill(page, **{f"{name}-{part}": text for part, text in zip(parts_of(numbers), numbers, strict=True)})
    open_tables(page, name)
    for cell, typed in cells.items():
        write_cell(page, f"{name}-{cell_name(cell)}", typed)
    if code == SHARED[0]:
        write_shared(page, name)


def write_shared(page, name):
    umoja = JointPartner.objects.get().partner_id
    fill(page, **{f"{name}-shared": SHARED[1], f"{name}-shared_with": ("select", umoja)})


def share(page, pk):
    """The part of joint work, which the workbook does not ask for."""
    page.goto(f"/espace/rapports/{pk}/indicateurs/1/")
    open_tables(page, prefix(SHARED[0]))
    write_shared(page, prefix(SHARED[0]))
    send(page, leads_to="/indicateurs/2/")


def parts_of(numbers):
    return ("value",) if len(numbers) == 1 else ("numerator", "denominator")


def open_tables(page, name):
    closed = page.locator(f"#{name} details:not([open]) > summary")
    while closed.count():
        closed.first.click()


def cell_name(cell):
    """« sex.age.F.06-11 » as the form calls it: « c.sex.age.F.06-11 »."""
    return f"c.{cell}"


def write_cell(page, name, typed):
    """Key by key, as a person types."""
    if isinstance(typed, str):
        page.locator(f'[name="{name}"]').press_sequentially(typed)
    else:
        for part, text in zip("nd", typed, strict=True):
            page.locator(f'[name="{name}.{part}"]').press_sequentially(text)


def write_expenses(page, pk):
    lines = {line.code: line.pk for line in Project.objects.get().budget_lines.all()}
    for line, label, day, amount, paid_in in EXPENSES:
        page.goto(f"/espace/rapports/{pk}/depenses/ajouter/")
        line_pk = lines.get(line, "outside")
        fill(page, budget_line=("select", line_pk), label=label, spent_on=day, amount=amount)
        if paid_in == "USD":
            fill(page, currency=("radio", "USD"))
        else:
            rate, rate_on = paid_in
            fill(page, currency=("radio", "CDF"), rate=rate, rate_on=rate_on, rate_source=SOURCE)
        send(page, leads_to=f"/espace/rapports/{pk}/depenses/$")


# --- in the workbook -------------------------------------------------------------------------------------------------


def take_workbook(page, pk):
    """Follow the link of the page, and open the file."""
    page.goto(f"/espace/rapports/{pk}/classeur/")
    with page.expect_download() as download:
        page.click('main a[href$="/classeur.xlsx"]')
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def send_workbook(page, pk, book):
    """Give the filled file to the page; what it answers."""
    out = io.BytesIO()
    book.save(out)
    page.goto(f"/espace/rapports/{pk}/classeur/")
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files(
        "input[name=upload]", {"name": "classeur.xlsx", "mimeType": media_type, "buffer": out.getvalue()}
    )
    send(page)
    return page.inner_text("main")


def fill_workbook(book):
    for row in rows_of(book["Indicateurs"]):
        fill_indicator(row)
    for row in rows_of(book["Répartition"]):
        fill_cell(row)
    for row, expense in zip(rows_of(book["Dépenses"]), EXPENSES, strict=False):
        fill_expense(row, *expense)
    for row, text in zip(rows_of(book["Récit"]), NARRATIVE.values(), strict=True):
        row[1].value = text


def rows_of(sheet):
    return list(sheet.iter_rows(min_row=2))


def fill_indicator(row):
    _aim, numbers, _cells = ANSWERS[row[0].value]
    if not numbers:
        row[5].value, row[9].value = "pas de données", NO_DATA
        return
    row[5].value = "valeur"
    first = 6 if len(numbers) == 1 else 7  # columns: value, numerator, denominator
    for cell, text in zip(row[first:], numbers, strict=False):
        cell.value = text


def fill_cell(row):
    code, key = row[6].value.split(" ")
    typed = ANSWERS[code][2].get(key)
    if typed is not None:
        texts = (typed,) if isinstance(typed, str) else typed
        for cell, text in zip(row[4:], texts, strict=False):
            cell.value = as_number(text)


def fill_expense(row, line, label, day, amount, paid_in):
    in_dollars = paid_in == "USD"
    texts = [line or "hors budget", label, french(day), as_number(amount), "USD" if in_dollars else "CDF"]
    if not in_dollars:
        rate, rate_on = paid_in
        texts += [rate, date.fromisoformat(rate_on), SOURCE]
    for cell, text in zip(row, texts, strict=False):
        cell.value = text


def as_number(text):
    """A real number, as a spreadsheet keeps what is typed into a cell."""
    return float(text.replace(" ", "").replace(",", "."))


def french(day):
    """« 2025-01-03 » as people write it: « 03/01/2025 »."""
    return date.fromisoformat(day).strftime("%d/%m/%Y")


def correct_workbook(book, narrative):
    """The three parts that ACE asks about; the list of expenses stands there as it was sent."""
    code, value = CORRECTED
    label, amount = CORRECTED_EXPENSE
    next(row for row in rows_of(book["Indicateurs"]) if row[0].value == code)[6].value = value
    next(row for row in rows_of(book["Dépenses"]) if row[1].value == label)[3].value = as_number(amount)
    book["Récit"]["B2"].value = narrative
