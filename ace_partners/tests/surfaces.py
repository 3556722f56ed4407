"""The public surfaces of the figures of one organisation: page, sheet, impact report, network pages, CSV. All say the same.

Texts are compared without spaces, because that is how a PDF is read back.
"""

import csv
import io
import re
from dataclasses import dataclass

from ace_partners.core.tests.pdf_documents import text_of


@dataclass(frozen=True)
class Expected:
    """What must be read, in French as on pages and papers, and in the digits of the CSV files.

    `figures`: {code: (target, figure to date, (state, value, numerator, denominator))}. `cells`: {code: rows of its tables}.
    `spending`: one text per budget line. `printed`: {expense: as paid, and in dollars}.
    """

    figures: dict
    cells: dict
    cells_on_paper: dict
    cells_on_network: dict
    spending: tuple
    total: str
    paid: tuple
    spending_csv: list
    printed: dict


def assert_the_same_figures_everywhere(page, expected):
    """`page` is somebody's who is not signed in."""
    address = "/partenaires/mutuelle-kapata/"
    page.goto(address)
    public, paper = page.inner_text("main"), page.get_attribute('main a[href$="/rapport.pdf"]', "href")
    sheet, impact_report = (text_of(read(page, each)) for each in (f"{address}fiche.pdf", paper))
    figures_on(squeeze(public), expected)
    figures_on(sheet, expected)
    figures_on_paper(impact_report, expected)
    for text in (squeeze(public), sheet):
        assert missing(text, [*expected.spending, f"Total en USD 21 500,00 USD — {expected.total}"]) == []
    cells_on(impact_report, expected.cells, expected.cells_on_paper)
    expenses_on(impact_report, expected)
    cells_on(network_pages(page), expected.cells, expected.cells_on_network)
    page.goto("/depenses/")
    assert missing(squeeze(page.inner_text("main")), [expected.total, *expected.paid]) == []
    figures_in_csv(page, expected)


def squeeze(text):
    """Without spaces, as `text_of` reads a PDF."""
    return re.sub(r"\s", "", text)


def missing(text, wanted):
    return [each for each in wanted if squeeze(each) not in text]


def read(page, path):
    answer = page.context.request.get(path)
    assert answer.status == 200, path
    return answer.body()


def part_about(text, code):
    """What stands between the heading of an indicator and that of the next one."""
    heading = rf"\({code}[·)]"
    return re.search(rf"{heading}.*?(?=\([A-Z]{{3}}-\d\d[·)]|$)", text)[0]


def figures_on(text, expected):
    """Each figure with its final target, to the digit: the sheet of a PDF reads like the page."""
    for code, (aim, words, _csv) in expected.figures.items():
        part = part_about(text, code)
        assert missing(part, [f"à ce jour : {words} · cible finale : {aim}"]) == [], (code, part)


def figures_on_paper(text, expected):
    """In the table at a glance, and under the indicator: target, period, to date, one behind the other."""
    for code, (aim, words, _csv) in expected.figures.items():
        aim, words = (re.escape(squeeze(each)) for each in (aim, words))
        period = "nonrapporté" if words == "—" else words
        assert re.search(rf"{code}(·.{{1,16}})?{aim}{period}{words}(?![\d,])", text), code
        wanted = rf"\){aim}{period}(\([\d,]+/[\d,]+\))?{words}·périodesrapportées:\d/1"
        assert re.search(wanted, part_about(text, code)), (code, part_about(text, code))


def cells_on(text, *tables):
    for table in tables:
        for code, rows in table.items():
            assert missing(part_about(text, code), rows) == [], (code, part_about(text, code))
    assert "masqué" in part_about(text, "ENF-06")
    assert missing(part_about(text, "ENF-06"), ["Femmes / filles"]) == ["Femmes / filles"]


def expenses_on(text, expected):
    labels = list(expected.printed)
    found = {label: re.search(rf"{re.escape(squeeze(label))}(.*?)USD(.*?)USD", text)[0] for label in labels}
    assert [label for label in labels if not missing(found[label], [expected.printed[label]])] == labels
    assert missing(text, [f"somme des lignes ci-dessus : {expected.total} (payé : {' + '.join(expected.paid)})"]) == []


def network_pages(page):
    """The text of /resultats/, all its pages."""
    texts = []
    for number in (1, 2):
        page.goto(f"/resultats/?page={number}")
        while page.locator("main details:not([open]) > summary").count():
            page.locator("main details:not([open]) > summary").first.click()
        texts.append(page.inner_text("main"))
    return squeeze("".join(texts))


def figures_in_csv(page, expected):
    rows = rows_of_csv(page, "/donnees/resultats.csv")
    told = {row["indicator"]: (row["state"], row["value"], row["numerator"], row["denominator"]) for row in rows}
    assert told == {code: row for code, (_aim, _words, row) in expected.figures.items()}
    names = ("budget_line", "amount_usd", "amount", "currency", "lines")
    spent = [tuple(row[name] for name in names) for row in rows_of_csv(page, "/donnees/depenses.csv")]
    assert sorted(spent) == sorted(expected.spending_csv)


def rows_of_csv(page, path):
    return list(csv.DictReader(io.StringIO(read(page, path).decode())))
