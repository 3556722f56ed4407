"""What a person does in the browser, in words: sign in, fill, send. Used by the roads in `test_roads.py`."""

import re

from ace_partners.core.tests.factories import PASSWORD

MAIN_SUBMIT = "main form[method=post] button[type=submit]"


def sign_in(page, user):
    """Sign in through the real page, and return the page."""
    page.goto("/compte/connexion/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click(MAIN_SUBMIT)
    assert "/connexion/" not in page.url, page.inner_text("main")
    return page


def fill(page, **values):
    """Fill fields by name: text fields as typed, True ticks a box, ("radio", value) and ("select", value) choose."""
    for name, value in values.items():
        field = f'main [name="{name}"]'
        if value is True:
            page.check(field)
        elif isinstance(value, tuple) and value[0] == "radio":
            page.check(f'{field}[value="{value[1]}"]')
        elif isinstance(value, tuple):
            page.select_option(field, str(value[1]))
        else:
            page.fill(field, value)


def send(page, button=MAIN_SUBMIT, *, leads_to=r".*"):
    """Press the button and expect the address to match; the errors on the page are the message otherwise."""
    page.locator(button).first.click()
    errors = page.locator(".error-summary").all_inner_texts()
    assert re.search(leads_to, page.url), (page.url, errors, page.inner_text("main")[:600])
    assert errors == [] or leads_to == r".*", errors


def press(page, address_end, *, value=None):
    """Press the button of the small form that posts to an address with this end."""
    form = f'main form[action$="{address_end}"]' + (f':has(input[value="{value}"])' if value else "")
    page.locator(f"{form} button[type=submit]").first.click()


def number_in(url):
    """The first number of an address."""
    return int(re.search(r"/(\d+)/", url)[1])
