"""A real browser takes the console once its computer trusts the authority, and nothing else of it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from playwright.sync_api import Error, sync_playwright

from tests.web.certified import FOREIGN, HOST, certified, signed_by

CHROMIUM = "/usr/bin/chromium"
HERE = "127.0.0.1"
ANSWER = "<!doctype html><title>Ironroom</title>"


class Page(BaseHTTPRequestHandler):
    """One page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(ANSWER.encode())

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@contextmanager
def served(certificate: Path) -> Iterator[int]:
    """The port of a server with this certificate and the key beside it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with ThreadingHTTPServer((HERE, 0), Page) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def home_that_trusts(home: Path, authority: Path) -> Path:
    """A home folder as docs/console.md has it made."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for words in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "Ironroom", "-i", str(authority)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True, timeout=60)
    return home


@contextmanager
def computer(home: Path) -> Iterator[Callable[[str], str]]:
    """What a browser of this home says of an address: its title, or why it is refused."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", f"--host-resolver-rules=MAP * {HERE}"],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        )
        page = browser.new_page()

        def said(address: str) -> str:
            try:
                page.goto(address, timeout=60_000)
            except Error as error:
                return error.message.split(" at ", maxsplit=1)[0].rpartition("net::")[2]
            return f"{page.title()} {page.evaluate('isSecureContext && !!navigator.credentials')}"

        yield said
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certified(tmp_path_factory.mktemp("tls") / "ca")


def test_a_browser_refuses_the_console_of_an_authority_that_it_does_not_trust(
    folder: Path, tmp_path: Path
) -> None:
    with served(folder / f"{HOST}.pem") as port, computer(tmp_path) as said:
        assert said(f"https://{HOST}:{port}/") == "ERR_CERT_AUTHORITY_INVALID"


def test_a_browser_that_trusts_the_authority_takes_the_console_and_no_other_domain(
    folder: Path, tmp_path: Path
) -> None:
    signed_by(folder, [x509.DNSName(FOREIGN)], tmp_path / "foreign.pem")
    home = home_that_trusts(tmp_path / "home", folder / "authority.pem")
    with (
        served(folder / f"{HOST}.pem") as ours,
        served(tmp_path / "foreign.pem") as foreign,
        computer(home) as said,
    ):
        assert said(f"https://{HOST}:{ours}/") == "Ironroom True"
        assert said(f"https://other.vault.lan:{ours}/") == "ERR_CERT_COMMON_NAME_INVALID"
        assert said(f"https://{FOREIGN}:{foreign}/") == "ERR_CERT_INVALID"
