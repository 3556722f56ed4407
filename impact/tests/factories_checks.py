"""The smallest valid rows of the checks: categories of an axis, an indicator that is split by sex and age."""

import factory

from impact.models import AxisCategory
from impact.tests.factories import IndicatorFactory

SEX = (("F", "Women"), ("M", "Men"))
AGE = (("u18", "Under 18"), ("18+", "18 and over"))


class AxisCategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AxisCategory
        django_get_or_create = ("axis", "code")

    axis = "sex"
    code = "F"
    position = factory.Sequence(lambda n: n + 1)
    name_fr = factory.SelfAttribute("name_en")
    name_en = factory.SelfAttribute("code")
    families = factory.LazyFunction(lambda: ["all"])


def axes():
    """Sex and age, each with two categories."""
    for axis, categories in (("sex", SEX), ("age", AGE)):
        for code, name in categories:
            AxisCategoryFactory(axis=axis, code=code, name_en=name)


def split_indicator(**fields):
    """An indicator of persons by sex and age; its categories are there too."""
    axes()
    return IndicatorFactory(**{"unit": "persons", "disaggregation": ["sex", "age"], **fields})
