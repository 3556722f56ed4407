"""How many taps the daily work costs, counted in a browser without JavaScript on the real checklist (workflow.md §5).

A tap is a click, or entering a field to type in it; typing itself is none. A page is an address somebody tapped on.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone

from ace_partners.core.rights import Role
from ace_partners.core.tests.databases import *  # noqa: F403
from ace_partners.core.tests.factories import UserFactory
from ace_partners.tests.steps import sign_in
from ace_partners.tests.test_pages_in_browser import RULES
from partners.tests.factories import MembershipFactory
from vetting import actions
from vetting.models import Decision, DossierStatus
from vetting.renewal import RenewalFacts
from vetting.tests.factories import assessed, current, opened, proposal_values
from vetting.tests.factories_renewals import decided_round, member, renewed, sent

pytestmark = pytest.mark.browser


class Hand:
    """A person's finger on a page: it counts what it does and where."""

    def __init__(self, page):
        self.page, self.taps, self.pages = page, 0, []

    def tap(self, selector):
        self._note()
        self.page.locator(selector).first.click()

    def write(self, selector, text):
        self._note()
        self.page.locator(selector).first.fill(text)

    def _note(self):
        self.taps += 1
        address = urlsplit(self.page.url).path
        if address not in self.pages:
            self.pages.append(address)


@pytest.fixture
def people(committed_db):
    """The reference data, an examiner and a second person."""
    call_command("load_reference", verbosity=0)
    return UserFactory(roles=[Role.REVIEWER]), UserFactory(roles=[Role.APPROVER])


def first_case(reviewer):
    """A dossier that an organisation sent: a text and a paper to every item."""
    dossier = opened(reviewer)
    by = MembershipFactory(partner=dossier.partner, role=Role.SIGNATORY).user
    document = dossier.partner.documents.get()
    for answer in dossier.answers.all():
        actions.save_answer(answer, by=by, seen=answer.lock_version, text="Oui, voir la pièce.")
        actions.attach_evidence(answer, document, by=by)
    return actions.submit(dossier, by=by, seen=current(dossier).lock_version).dossier


def test_a_clean_first_case_takes_three_pages_and_five_taps_and_two_per_item(people, open_page):
    reviewer, _approver = people
    dossier = first_case(reviewer)
    hand = Hand(at_work(open_page(), reviewer))
    codes = [item.code for item in dossier.items]
    assert len(codes) >= 25

    hand.tap(f'main a[href="/equipe/dossiers/{dossier.pk}/"]')
    hand.tap('button[name=has_link][value="no"]')
    for code in codes:
        finding(hand, code)
    hand.tap('button[name=then][value="propose"]')
    pass_on(hand, dossier)

    assert (len(hand.pages), hand.taps) == (3, 5 + 2 * len(codes))
    finished = current(dossier)
    assert finished.status == DossierStatus.PROPOSED
    assert finished.findings.filter(answer="met", reason__contains="p. 2").count() == len(codes)
    assert finished.declarations.get().has_link is False
    assert finished.open_proposal.outcome == "approved"
    assert all(row.reason for row in finished.open_proposal.criteria.all())


def test_a_renewal_takes_one_tap_per_criterion_for_what_is_unchanged_and_valid(people, open_page):
    reviewer, approver = people
    decision = decided_round(reviewer, approver, papers=True)
    dossier = renewed(decision, reviewer)
    signatory = member(dossier)
    organisation = Hand(sign_in(open_page(width=320), signatory))
    organisation.page.goto(f"/espace/dossiers/{dossier.pk}/")
    for code in ("C1", "C2", "C3", "C4"):
        organisation.tap(f'form[action$="/inchange/{code}/"] button')
    assert organisation.taps == 4
    dossier = sent(dossier, signatory)  # what is new is answered
    hand = Hand(at_work(open_page(), reviewer))
    held = {row.item.code for row in decision.dossier.findings.all()} - {"C4.7"}
    anew = [item.code for item in dossier.items if item.code not in held]
    assert len(held) >= 20
    assert {"C3.7", "C4.7"} <= set(anew)  # performance is looked at in each round

    hand.tap(f'main a[href="/equipe/dossiers/{dossier.pk}/"]')
    hand.tap('button[name=has_link][value="no"]')
    before = hand.taps
    for code in ("C1", "C2", "C3", "C4"):
        hand.tap(f'form[action$="/reprendre/{code}/"] button')
    assert hand.taps - before == 4
    assert set(current(dossier).findings.values_list("item__code", flat=True)) == held
    for code in anew:
        finding(hand, code)
    hand.tap('button[name=then][value="propose"]')
    pass_on(hand, dossier)

    assert (len(hand.pages), hand.taps) == (3, 5 + 4 + 2 * len(anew))
    assert current(dossier).status == DossierStatus.PROPOSED


def test_the_second_look_takes_two_pages_and_three_taps(people, open_page):
    reviewer, approver = people
    dossier = first_case(reviewer)
    dossier = actions.take_without_link(dossier, by=reviewer, seen=dossier.lock_version)
    assessed(dossier, reviewer)
    actions.propose(dossier, by=reviewer, seen=dossier.lock_version, **proposal_values())
    hand = Hand(at_work(open_page(), approver))

    hand.tap(f'main a[href="/equipe/dossiers/{dossier.pk}/second-regard/"]')
    hand.tap('main input[name=has_link][value="no"]')
    hand.tap('form[action$="/valider/"] button')

    assert (len(hand.pages), hand.taps) == (2, 3)
    decision = Decision.objects.get(dossier=dossier)
    assert (decision.approved_by, decision.approver_declaration.has_link) == (approver, False)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_a_renewal_are_accessible_and_fit(people, open_page, width):
    reviewer, approver = people
    dossier = renewed(decided_round(reviewer, approver), reviewer, facts=read_renewal_of_nobody())
    signatory = member(dossier)
    organisation = sign_in(open_page(width=width, javascript=True, bypass_csp=True), signatory)
    space = f"/espace/dossiers/{dossier.pk}/"
    assert faults(organisation, [space, f"{space}points/C1.2/", f"{space}verifier/"], width) == {}
    answer = dossier.answers.get(item__code="C1.2")
    actions.save_answer(answer, by=signatory, seen=answer.lock_version, text="Oui, voir la pièce. Et le PV de 2026.")
    dossier = actions.take_without_link(sent(dossier, signatory), by=reviewer, seen=current(dossier).lock_version)
    examiner = at_work(open_page(width=width, javascript=True, bypass_csp=True), reviewer)
    case = f"/equipe/dossiers/{dossier.pk}/"
    assert faults(examiner, [case, f"{case}constats/C1.2/", "/equipe/delais/"], width) == {}
    examiner.goto(case)
    examiner.locator('input[name="C1.2-answer"][value=partial]').check()
    examiner.locator('button[name=at][value="C1.2"]').click()  # without a word: the page comes back with the error
    assert examiner.locator(".error-summary a").count() == 1
    assert faults(examiner, [], width) == {}


def read_renewal_of_nobody():
    """A performance of zero: nothing was due."""
    return RenewalFacts(as_of=timezone.localdate(), since=timezone.localdate())


def faults(page, paths, width):
    """What axe finds on these addresses, or on the page as it stands, and what is wider than the screen."""
    found = {}
    for path in paths or [None]:
        if path:
            page.goto(path)
        problems = {each["id"] for each in Axe().run(page, options=RULES).response["violations"]}
        wide = page.evaluate("document.documentElement.scrollWidth") - width
        if problems or wide > 0:
            found[path or page.url] = (sorted(problems), wide)
    return found


def at_work(page, user):
    """Signed in, « Mon travail » open: where every case begins."""
    sign_in(page, user).goto("/equipe/")
    return page


def finding(hand, code):
    """Two taps: the finding, and the page of a paper; or a word where no paper came."""
    hand.tap(f'input[name="{code}-answer"][value=met]')
    papers = f'input[name^="{code}-page_"]'
    if hand.page.locator(papers).count():
        hand.write(papers, "2")
    else:
        hand.write(f'textarea[name="{code}-reason"]', "Vu dans les rapports acceptés.")


def pass_on(hand, dossier):
    """Two taps: show the letter, and pass on exactly that letter."""
    assert hand.page.url.endswith(f"/equipe/dossiers/{dossier.pk}/proposer/"), hand.page.inner_text("main")[:800]
    hand.tap("main form .actions button:not([name])")
    assert "l’ACE approuve" in hand.page.locator("#lettre").inner_text()
    hand.tap("button[name=read]")
    assert hand.page.locator(".error-summary").count() == 0, hand.page.inner_text("main")[:800]
