"""Fixtures for tests that need data really committed: two threads at once, or a browser on a running site.

Django's own way (TransactionTestCase, pytest-django's `transactional_db` and `live_server`) empties the tables after
each test. On SQLite that is a DELETE, which our triggers refuse on immutable rows. So such a test gets a copy of the
migrated test database, and the copy is thrown away afterwards.
"""

import os
import shutil
import sqlite3
import threading
import uuid
from contextlib import closing, contextmanager

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from django.test.utils import setup_databases, teardown_databases

__all__ = [
    "browser",
    "committed_db",
    "live_site",
    "migrated_db",
    "only_on_postgresql",
    "open_page",
    "page_320",
    "page_1280",
    "together",
]

REAL_NAME = connections.settings["default"]["NAME"]  # read before any test database exists
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the sandbox refuses root, and containers refuse the sandbox
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 10_000  # milliseconds before a browser step fails


def not_possible(reason):
    """Skip the test; in CI, where everything was installed, fail instead."""
    if os.environ.get("ACE_NOTHING_SKIPPED") == "1":
        pytest.fail(f"{reason} (ACE_NOTHING_SKIPPED=1)", pytrace=False)
    pytest.skip(reason)


# --- databases --------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def only_on_postgresql(request):
    """Tests marked `postgres` say nothing on another database."""
    if request.node.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgresql://…")


@contextmanager
def sqlite_copy(original, folder):
    """A copy of this SQLite file, write-ahead log included; yields its name."""
    copy = str(folder / "committed.sqlite3")
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    yield copy


@contextmanager
def postgresql_copy(original):
    """A copy of this PostgreSQL database, to which nobody may be connected; yields its name."""
    copy = f"{original}_{uuid.uuid4().hex[:8]}"
    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quote(copy)} TEMPLATE {quote(original)}")
    try:
        yield copy
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quote(copy)} WITH (FORCE)")


@contextmanager
def every_thread_on(name):
    """Let each new connection, of whatever thread, open the database of this name."""
    # All connections share this dictionary. No persistent ones: the copy must have no reader left when it is dropped.
    settings = connections.settings["default"]
    before = {key: settings[key] for key in ("NAME", "CONN_MAX_AGE")}
    settings.update(NAME=name, CONN_MAX_AGE=0)
    cache.clear()
    try:
        yield
    finally:
        connection.close()
        cache.clear()
        settings.update(before)


@pytest.fixture(scope="session")
def migrated_db(django_db_setup, django_db_blocker):
    """The test database, also when no test of this run asks for `db`: pytest-django makes none then."""
    with django_db_blocker.unblock():
        is_there = connection.settings_dict["NAME"] != REAL_NAME
        made = None if is_there else setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    if made:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def committed_db(request, migrated_db, django_db_blocker, tmp_path):
    """A database of its own where commits are real. Make users with UserFactory: fixtures built on `db` do not fit."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("committed_db cannot be combined with `db` (or a fixture such as `reviewer` that asks for it).")
    with django_db_blocker.unblock():
        connection.close()
        original = connection.settings_dict["NAME"]
        copied = sqlite_copy(original, tmp_path) if connection.vendor == "sqlite" else postgresql_copy(original)
        with copied as copy, every_thread_on(copy):
            yield


@pytest.fixture
def together(committed_db):
    """`together(one, other)` calls both at the same moment, each with its own connection.

    Returns, in order, what each returned or the exception it raised.
    """

    def run(*calls):
        results = [None] * len(calls)
        gate = threading.Barrier(len(calls), timeout=10)

        def one_thread(number, call):
            try:
                gate.wait()
                results[number] = call()
            except Exception as error:
                results[number] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one_thread, args=numbered) for numbered in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads), "a thread still waits after a minute: a deadlock?"
        return results

    return run


# --- a running site, and a browser in front of it ----------------------------------------------------------------


@pytest.fixture
def live_site(committed_db):
    """Address of the site, served by threads from the copied database: `http://127.0.0.1:<port>`."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


def find_chromium():
    """Path of the installed Chromium or Chrome: CHROMIUM, the usual names, macOS; None when there is none."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*CHROMIUM_NAMES, CHROMIUM_ON_MACOS]
    return next(filter(None, map(shutil.which, candidates)), None)


# One browser per module, not per session: a running Playwright keeps an asyncio loop in this thread, which must be
# gone before the next module's tests ask the database, and a session fixture would exist once per conftest.
@pytest.fixture(scope="module")
def browser():
    """Chromium, headless. Skips (in CI: fails) when it is not installed."""
    path = find_chromium()
    if path is None:
        not_possible("no Chromium (sudo apt-get install chromium, or CHROMIUM=/path/to/it)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (slow, and only browser tests need it)

    # Where Playwright's loop runs, Django refuses the test's own queries, and uses another connection than outside:
    # neither may stay open when we come and go, or PostgreSQL will not copy the database.
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()
        connections.close_all()


@pytest.fixture
def open_page(browser, live_site):
    """`open_page(width=1280, javascript=False)`: a page in a browser session of its own, its addresses relative.

    The axe checks need javascript=True: without it they find nothing, whatever the page.
    At the end, fails if any page asked for something outside the site or broke its content security policy.
    """
    contexts, complaints = [], []

    def note_outside(asked):
        if not asked.url.startswith((live_site, "data:", "about:", "blob:")):
            complaints.append(f"asked outside the site: {asked.url}")

    def note_policy(message):
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_one(*, width=1280, height=900, javascript=False, **options):
        context = browser.new_context(
            base_url=live_site,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Africa/Lubumbashi",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", note_outside)
        context.on("console", note_policy)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page_320(open_page):
    """A page as wide as the smallest phone, without JavaScript."""
    return open_page(width=320, height=640)


@pytest.fixture
def page_1280(open_page):
    """A page as wide as an office screen, without JavaScript."""
    return open_page(width=1280)
