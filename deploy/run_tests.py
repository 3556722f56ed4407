"""All linters and all tests, one after the other, whatever fails on the way; the last lines sum up. See `make test`.

Linters, then pytest on SQLite, on PostgreSQL (DATABASE_URL, or a throw-away server) and in Chromium. The exit code is 1
when anything failed, and with ACE_NOTHING_SKIPPED=1, as in CI, also when anything was skipped.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from test_postgres import Unavailable, throw_away_postgres

ROOT = Path(__file__).resolve().parent.parent
SQLITE = "sqlite:///:memory:"  # the tests' own database is a temporary file, see settings.py


@dataclass
class Outcome:
    """What one run of pytest, or the linters, came to; `skipped` counts each reason."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: Counter = field(default_factory=Counter)
    note: str = ""

    def line(self):
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"
        return f"  {self.name:<11} {self.note or counts}"


def title(text):
    print(f"\n=== {text} ===", flush=True)


def lint():
    title("Linters")
    code = subprocess.run(["make", "-k", "lint"], cwd=ROOT, check=False).returncode
    return Outcome("Linters", failed=int(code != 0), note="complaints, see above" if code else "no complaint")


def pytest(name, url, marks, *options):
    """One run of pytest on this database. A run that ends without a report, or in which no test ran, has failed."""
    title(name)
    with tempfile.TemporaryDirectory(prefix="ace-tests-", ignore_cleanup_errors=True) as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-m", marks, f"--junitxml={report}", *options]
        # TMPDIR: the tests' databases and files go with the folder, also when a run was broken off.
        environment = {**os.environ, "DATABASE_URL": url, "TMPDIR": folder}
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        outcome = read_report(name, report) if report.exists() else Outcome(name)
    if code and not outcome.failed:
        outcome.failed = 1
        outcome.note = "no test ran" if code == 5 else f"pytest stopped with code {code}"
    return outcome


def read_report(name, report):
    outcome = Outcome(name)
    for case in ElementTree.parse(report).iter("testcase"):
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skip is not None and skip.get("type") == "pytest.skip":
            outcome.skipped[skip.get("message")] += 1
        else:
            outcome.passed += 1
    return outcome


@contextlib.contextmanager
def postgresql_url():
    """The PostgreSQL of DATABASE_URL when that is one, a throw-away server otherwise. Raises Unavailable."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with throw_away_postgres() as url:
        yield url


def on_postgresql(workers):
    try:
        with postgresql_url() as url:
            return pytest("PostgreSQL", url, "not browser", *workers)
    except Unavailable as reason:
        return Outcome("PostgreSQL", skipped=Counter([str(reason)]), note="not run")


def sum_up(outcomes, seconds):
    """Print the last lines; return the exit code."""
    title(f"Summary, {seconds / 60:.0f} min {seconds % 60:.0f} s")
    for outcome in outcomes:
        print(outcome.line())
    skipped = [(outcome.name, reason, count) for outcome in outcomes for reason, count in outcome.skipped.items()]
    for name, reason, count in skipped:
        print(f"Skipped, {name}: {reason}" + (f" (×{count})" if count > 1 else ""))
    passed, failed = (sum(getattr(outcome, what) for outcome in outcomes) for what in ("passed", "failed"))
    forbidden = bool(skipped) and os.environ.get("ACE_NOTHING_SKIPPED") == "1"
    if forbidden:
        print("Nothing may be skipped here (ACE_NOTHING_SKIPPED=1), so this counts as a failure.")
    print(f"{passed} passed, {failed} failed, {sum(count for *_, count in skipped)} skipped", flush=True)
    return int(bool(failed) or forbidden)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="2", help="how many tests at a time (pytest-xdist); 0 for none")
    workers = ("-n", parser.parse_args().workers, "--durations=10", "--durations-min=2")
    start = time.monotonic()
    outcomes = [
        lint(),
        pytest("SQLite", SQLITE, "not browser and not postgres", *workers),
        on_postgresql(workers),
        pytest("Chromium", SQLITE, "browser"),
    ]
    return sum_up(outcomes, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
