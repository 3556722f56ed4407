"""A report to fill as a workbook, and the workbook in a test's hands."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from impact.forms.workbook_sheets import read_report_forms
from impact.models import AxisCategory
from impact.tests import factories
from impact.tests.steps import fresh
from impact.workbook.write import build

SEX_AND_AGE = (
    ("sex", "F", "Femmes"),
    ("sex", "M", "Hommes"),
    ("age", "06-11", "6 à 11 ans"),
    ("age", "12-14", "12 à 14 ans"),
)


def add_axes():
    """The categories of two axes, offered to every family of indicators."""
    for place, (axis, code, name) in enumerate(SEX_AND_AGE):
        AxisCategory.objects.get_or_create(
            axis=axis, code=code, defaults={"position": place, "name_fr": name, "name_en": name, "families": ["all"]}
        )


def add_targets(report, count, *, fractions=0, axes=("sex", "age")):
    """`count` targets with a grid, the last `fractions` of them percentages. Returns them by code."""
    add_axes()
    for number in range(count):
        kind = factories.PercentageFactory if number >= count - fractions else factories.IndicatorFactory
        indicator = kind(code=f"WB-{number:02d}", disaggregation=list(axes))
        factories.TargetFactory(project=report.project, indicator=indicator)
    return {target.indicator.code: target for target in report.project.targets.select_related("indicator")}


def workbook_of(report):
    """The report's workbook as an openpyxl Workbook."""
    return openpyxl.load_workbook(io.BytesIO(build(read_report_forms(fresh(report)).contents)))


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content, name="classeur.xlsx"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else saved(content))


def row_of(sheet, code):
    """The number of the row of an indicator."""
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == code)
