"""What a log line must not hold."""

import json
import logging

from django.urls import reverse

from ace_partners.core.logs import drop_secrets, formatter


def test_values_of_keys_that_name_a_secret_are_dropped():
    event = drop_secrets(None, "info", {"event": "sign in", "Password": "kolwezi", "user_id": 3})

    assert event == {"event": "sign in", "Password": "…", "user_id": 3}


def test_a_reset_link_is_logged_without_its_key():
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "2x", "key": "d0x5gk-94f0b35c"})
    record = logging.makeLogRecord(
        {"name": "django.request", "levelname": "WARNING", "msg": "Not Found: %s?a=1", "args": (path,)}
    )

    line = json.loads(formatter().format(record))

    assert line["event"] == "Not Found: /compte/mot-de-passe/nouveau/…/?a=1"
    assert drop_secrets(None, "info", {"request": f"GET {path}"}) == {"request": "GET /compte/mot-de-passe/nouveau/…/"}
