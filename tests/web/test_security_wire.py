"""What the console's server says below its pages: old TLS is refused, and no version is told."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from tests.web.certified import HOST, certified
from tests.web.peer import Peer
from tests.web.test_serving import PATIENCE_S, answers, free_port, until
from web.tls_files import AUTHORITY


@pytest.fixture
def port(peer: Peer, log: CustodyLog, tmp_path: Path) -> Iterator[int]:
    """A console over TLS."""
    port, folder = free_port(), tmp_path / "tls"
    folder.mkdir(mode=0o700)
    certified(folder)
    command = [
        *(sys.executable, "-m", "controller", "console", "--socket", str(peer.path), "--log", str(log.file)),
        *("--listen", f"127.0.0.1:{port}", "--origin", f"https://{HOST}:{port}"),
        *("--certificate", str(folder / f"{HOST}.pem"), "--key", str(folder / f"{HOST}.key")),
    ]
    with subprocess.Popen(command) as console:
        try:
            until(lambda: console.poll() is not None or answers(port))
            yield port
        finally:
            console.terminate()  # in order, so that its worker ends with it
            console.wait(PATIENCE_S)


def hello(port: int, *words: str) -> str:
    """What openssl tells of a handshake."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", HOST, *words]
    told = subprocess.run(command, input=b"", capture_output=True, timeout=PATIENCE_S, check=False)
    return (told.stdout + told.stderr).decode("utf-8", "replace")


def test_old_tls_is_not_spoken(port: int, tmp_path: Path) -> None:
    assert "BEGIN CERTIFICATE" in hello(port, "-tls1_3")
    for old in ("-tls1_2", "-tls1_1"):
        refused = hello(port, old, "-cipher", "ALL:@SECLEVEL=0")
        assert re.search(r"SSL alert number (70|40)\b", refused), refused  # the server's own no


def test_no_answer_names_the_server(port: int, tmp_path: Path) -> None:
    trust = ssl.create_default_context(cafile=str(tmp_path / "tls" / f"{AUTHORITY}.pem"))
    trust.check_hostname = False  # it is reached by its address here
    line = HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=trust)
    line.request("GET", "/sign-in", headers={"Host": f"{HOST}:{port}"})
    answer = line.getresponse()
    assert answer.status == 200
    told = {name.lower(): value for name, value in answer.getheaders()}
    line.close()
    assert "x-powered-by" not in told
    assert not re.search(r"\d", told.get("server", "")), told.get("server")
