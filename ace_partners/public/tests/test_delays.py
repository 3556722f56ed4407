"""How long ACE takes, in public: a median of many or nothing, never about one organisation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ace_partners.public.facts import delays
from ace_partners.public.tests.reading import html
from partners.tests.factories import PartnerFactory
from vetting.models import DossierStatus, Stage
from vetting.tests.factories import ChecklistFactory, DossierFactory

pytestmark = pytest.mark.django_db
ROAD = (("collecting", 0), ("submitted", 10), ("in_review", 12), ("proposed", 20), ("decided", 22))


def decided(ace_days=12, **partner):
    """A decided dossier: ten days with the organisation, then `ace_days` with ACE."""
    dossier = DossierFactory(partner=PartnerFactory(**partner), status=DossierStatus.DECIDED)
    start = timezone.now() - timedelta(days=100)
    for status, day in (*ROAD[:4], ("decided", 10 + ace_days)):
        Stage.objects.create(dossier=dossier, status=status, entered_at=start + timedelta(days=day))
    return dossier


@pytest.fixture(autouse=True)
def _checklist():
    ChecklistFactory()


def test_four_files_tell_nothing(client):
    for _ in range(4):
        decided()

    page = html(client.get("/en/criteres/"))

    assert (delays().count, delays().with_ace, delays().with_organisation) == (4, None, None)
    assert "once 5 files are decided" in page
    assert "Half of the" not in page


def test_five_files_give_a_median(client):
    for days in (11, 12, 13, 20, 30):
        decided(days)

    page = html(client.get("/en/criteres/"))

    assert "Half of the 5 files decided so far lay with ACE no longer than 13.0 days" in page
    assert "with the organisation no longer than 10.0 days" in page


def test_invented_open_and_unmeasured_files_are_left_out():
    for _ in range(4):
        decided()
    decided(is_fictitious=True)
    DossierFactory(status=DossierStatus.DECIDED)  # from before the days were kept
    withdrawn = DossierFactory(status=DossierStatus.WITHDRAWN)
    Stage.objects.create(dossier=withdrawn, status="collecting", entered_at=timezone.now())

    assert (delays().count, delays().with_ace) == (4, None)


def test_the_promise_is_the_setting(client, settings):
    settings.ACE_ANSWER_DAYS = 21

    assert "within 21 days" in html(client.get("/en/criteres/"))


def test_reading_costs_the_same_for_one_file_as_for_three(django_assert_num_queries):
    decided()
    with django_assert_num_queries(1):
        delays()
    for _ in range(2):
        decided()
    with django_assert_num_queries(1):
        delays()
