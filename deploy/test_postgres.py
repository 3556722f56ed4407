"""A throw-away PostgreSQL server for tests: made, used by one command, and always removed.

    python deploy/test_postgres.py -- pytest -m "not browser"

The command sees DATABASE_URL. The cluster lives in a temporary folder and listens on a free port of 127.0.0.1 only,
with a random password; fsync is off, so never use it for data that matter. PostgreSQL 15 or newer is taken from PATH,
from Debian's /usr/lib/postgresql or from Homebrew. Started as root, the server runs as `postgres` or `nobody`,
because PostgreSQL refuses root.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST_VERSION = 15
INSTALL_LINE = "sudo apt-get install postgresql, or brew install postgresql@16"
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


class Unavailable(Exception):
    """No server can be started here; the message says why and what would help."""


def find_binaries():
    """Folder of the newest installed PostgreSQL (initdb, pg_ctl, postgres). Raises Unavailable when there is none."""
    folders = [folder for place in PLACES for folder in Path("/").glob(place.lstrip("/"))]
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    versions = {folder: major_version(folder) for folder in folders}
    newest = max(versions, key=lambda folder: versions[folder], default=None)
    if newest is None or versions[newest] < OLDEST_VERSION:
        raise Unavailable(f"PostgreSQL {OLDEST_VERSION} or newer is not installed ({INSTALL_LINE})")
    return newest


def major_version(folder):
    """Major version of the PostgreSQL in this folder; 0 when it is not a whole server."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def unprivileged_user():
    """The account that runs the server when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One data folder with its server; `folder` must exist and be empty."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self.binaries = find_binaries()
        self.user = unprivileged_user()
        self.password = secrets.token_hex(16)
        self.port = None

    def run(self, program, *arguments):
        """Run one PostgreSQL program as the unprivileged user; Unavailable carries what it complained about."""
        account = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        # Files, not pipes: the server would inherit a pipe and keep it open.
        with (self.folder / "said").open("w+") as said:
            done = subprocess.run(
                [self.binaries / program, *arguments],
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C", "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for the tests; the server stops after them
                check=False,
                **account,
            )
            said.seek(0)
            if done.returncode:
                log = self.log.read_text() if self.log.exists() else ""
                raise Unavailable(f"{program} failed: {' '.join((said.read() + log).split())[-600:]}")

    def create(self):
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.user:
            for path in (self.folder, password_file):
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        # ICU, not the C locale: accents must fold and sort as they do on a real server.
        locale = ("--locale=C", "--locale-provider=icu", "--icu-locale=fr")
        access = ("--username=ace", "--auth=scram-sha-256", f"--pwfile={password_file}")
        self.run("initdb", f"--pgdata={self.data}", "--encoding=UTF8", "--no-sync", *locale, *access)

    def start(self):
        """Start on a free port; another program may take that port in between, hence three attempts."""
        for attempts_left in (2, 1, 0):
            self.port = free_port()
            settings = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "port": self.port}.items())
            try:
                self.run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.log, "-o", settings)
            except Unavailable:
                if not attempts_left:
                    raise
            else:
                break

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.data)

    @property
    def url(self):
        return f"postgresql://ace:{self.password}@127.0.0.1:{self.port}/postgres"


@contextlib.contextmanager
def throw_away_postgres():
    """Yield the DATABASE_URL of a running server; stop and remove it afterwards. Raises Unavailable."""
    folder = Path(tempfile.mkdtemp(prefix="ace-postgres-"))
    try:
        cluster = Cluster(folder)
        try:
            cluster.create()
            cluster.start()
            yield cluster.url
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop_politely(signum, _frame):
    """Turn a kill into an exception, so that the server is removed then too."""
    sys.exit(128 + signum)


def main(arguments):
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit(__doc__)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, stop_politely)
    try:
        with throw_away_postgres() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except Unavailable as reason:
        sys.exit(f"No PostgreSQL for tests: {reason}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
