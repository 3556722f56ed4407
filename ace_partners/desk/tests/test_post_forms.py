"""Every POST form of the desk carries the two hidden tokens: Django's own, and the one that makes a second tap harmless."""

from html.parser import HTMLParser

import pytest

from ace_partners.core.models.mail import MailState
from ace_partners.core.rights import Role
from ace_partners.core.tests.factories import OutgoingMailFactory, UserFactory
from partners.tests.factories import DocumentFactory, MembershipFactory


class Forms(HTMLParser):
    """The POST forms of a page: [(action, names of their inputs)]; `inline` counts style attributes and scripts."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inline, self.inside = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("script", "style") or "style" in attrs or any(name.startswith("on") for name in attrs):
            self.inline.append(tag)
        if tag == "form":
            self.inside = attrs.get("method", "get").lower() == "post"
            if self.inside:
                self.found.append((attrs.get("action", ""), []))
        elif self.inside and tag in ("input", "select", "textarea", "button") and "name" in attrs:
            self.found[-1][1].append(attrs["name"])

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


PAGES = {
    "member": [
        "/espace/",
        "/espace/organisations/tumaini/documents/",
        "/espace/organisations/tumaini/documents/ajouter/",
    ],
    "staff": [
        "/equipe/",
        "/equipe/partenaires/",
        "/equipe/partenaires/tumaini/",
        "/equipe/partenaires/tumaini/documents/ajouter/",
        "/equipe/courriels/",
        "/equipe/courriels/queued/",
        "/equipe/courriels/failed/",
    ],
}
WITH_A_FORM = {"ajouter", "tumaini", "queued", "failed"}  # last parts of the addresses that offer one


@pytest.mark.parametrize(("who", "address"), [(who, page) for who, pages in PAGES.items() for page in pages])
def test_post_forms_carry_both_tokens_and_nothing_is_inline(who, address, partner, login):
    DocumentFactory(partner=partner)
    for state in (MailState.QUEUED, MailState.FAILED):
        mail = OutgoingMailFactory(state=state)
        address = address.replace(f"/{state}/", f"/{mail.pk}/")
    member = MembershipFactory(partner=partner).user
    user = member if who == "member" else UserFactory(roles=[Role.REVIEWER, Role.APPROVER])

    page = Forms(login(user).get(address).content.decode())

    ours = [(action, names) for action, names in page.found if not action.startswith("/compte/")]
    assert [action for action, names in ours if not {"csrfmiddlewaretoken", "once"} <= set(names)] == []
    assert page.inline == []
    assert [action for action, names in page.found if "csrfmiddlewaretoken" not in names] == []
    if set(address.split("/")) & WITH_A_FORM and not address.endswith("documents/"):
        assert ours != []
