"""The console as a process: it serves, it stops, it leaves nothing behind, and its service is hardened."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

import pytest

from controller.cli import main
from controller.ledger.custody_log import CustodyLog
from tests.web.certified import HOST, certified
from tests.web.peer import TOKEN, Peer
from web.tls_files import AUTHORITY

DEPLOY = Path(__file__).parents[2] / "deploy"
PATIENCE_S = 60.0
Start = Callable[..., subprocess.Popen[bytes]]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(true: Callable[[], object]) -> None:
    """Wait for something to become true."""
    end, never = time.monotonic() + PATIENCE_S, threading.Event()
    while not true():
        assert time.monotonic() < end
        never.wait(0.05)


@pytest.fixture
def start(peer: Peer, log: CustodyLog) -> Iterator[Start]:
    """Start ``ironroom console`` and wait until it answers, or has ended."""
    made: list[subprocess.Popen[bytes]] = []

    def begin(port: int, *more: str) -> subprocess.Popen[bytes]:
        command = [
            *(sys.executable, "-m", "controller", "console", "--socket", str(peer.path)),
            *("--log", str(log.file), "--listen", f"127.0.0.1:{port}", *more),
        ]
        made.append(subprocess.Popen(command, stderr=subprocess.PIPE))
        until(lambda: made[-1].poll() is not None or answers(port))
        return made[-1]

    yield begin
    for one in made:
        one.kill()
        one.communicate()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def plain(port: int) -> HTTPConnection:
    line = HTTPConnection("localhost", port, timeout=PATIENCE_S)
    line.sock = socket.create_connection(("127.0.0.1", port), PATIENCE_S)  # whatever this box calls itself
    return line


def test_it_serves_and_stops_at_once_with_streams_open(start: Start) -> None:
    port = free_port()
    console = start(port, "--origin", f"http://localhost:{port}")
    line = plain(port)
    line.request("GET", "/sign-in")
    assert line.getresponse().status == 200
    stream = plain(port)
    stream.request("GET", "/stream", headers={"Cookie": f"ironroom={TOKEN}"})
    heard = stream.getresponse()
    assert heard.readline() == b"retry: 1000\n"
    asked = time.monotonic()
    console.send_signal(signal.SIGTERM)
    assert console.wait(PATIENCE_S) == 0
    assert time.monotonic() - asked < PATIENCE_S / 4
    assert not answers(port)
    line.close()
    stream.close()


def test_its_worker_ends_when_the_parent_is_killed(start: Start) -> None:
    port = free_port()
    console = start(port, "--origin", f"http://localhost:{port}")
    console.kill()
    console.wait(PATIENCE_S)
    until(lambda: not answers(port))


def test_over_tls_it_speaks_http_2_and_gives_a_cookie_for_this_host_alone(
    start: Start, peer: Peer, tmp_path: Path
) -> None:
    folder, port = certified(tmp_path / "tls"), free_port()
    origin = f"https://{HOST}:{port}"
    files = ("--certificate", str(folder / f"{HOST}.pem"), "--key", str(folder / f"{HOST}.key"))
    start(port, "--origin", origin, *files)
    trust = ssl.create_default_context(cafile=str(folder / f"{AUTHORITY}.pem"))
    trust.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", port)) as line,
        trust.wrap_socket(line, server_hostname=HOST) as tls,
    ):
        assert tls.selected_alpn_protocol() == "h2"
        assert tls.version() == "TLSv1.3"
    peer.answers["sign_in_password"] = {"token": "t", "person": "c1", "roles": []}
    told = b"person=c1&password=open"
    cookie = sent(port, folder, told, {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"})
    assert cookie == "__Host-ironroom=t; Secure; HttpOnly; Path=/; SameSite=Strict"


def sent(port: int, folder: Path, body: bytes, headers: dict[str, str]) -> str:
    trust = ssl.create_default_context(cafile=str(folder / f"{AUTHORITY}.pem"))
    line = HTTPSConnection(HOST, port, context=trust, timeout=PATIENCE_S)
    line.sock = trust.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=HOST)
    line.request("POST", "/sign-in/password", body, headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return str(answer.getheader("Set-Cookie"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--origin", "https://127.0.0.1"), "a name, not an address"),
        (("--origin", "http://console.vault.lan"), "plain http is for"),
        ((), "plain http is for"),
        (("--certificate", "nowhere.pem", "--key", "nowhere.key"), "nowhere.pem: it cannot be read"),
    ],
)
def test_it_refuses_to_start_in_one_sentence(start: Start, options: tuple[str, ...], words: str) -> None:
    console = start(free_port(), *options)
    _, said = console.communicate(timeout=PATIENCE_S)
    assert console.returncode == 2
    assert words in said.decode()
    assert "Traceback" not in said.decode()


def test_headers_without_end_are_not_listened_to(start: Start) -> None:
    port = free_port()
    start(port, "--origin", f"http://localhost:{port}")
    line = plain(port)
    with suppress(ConnectionError, HTTPException):  # hung up in the middle of it: that is an answer too
        line.request("GET", "/sign-in", headers={f"X-{n}": "x" * 1000 for n in range(90)})
        assert line.getresponse().status in {400, 413, 431}
    line.close()
    assert answers(port)


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def test_its_service_is_a_user_of_its_own_that_may_do_nothing_else() -> None:
    service = unit("ironroom-console.service")["Service"]
    words = service["ExecStart"].split()
    options = {option for parameter in main.commands[words[1]].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options
    assert service["User"] == "ironroom-console"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    hardened = {name for name, value in service.items() if value == "yes"}
    assert {
        *("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables"),
        *("ProtectKernelModules", "ProtectControlGroups", "RestrictNamespaces", "RestrictSUIDSGID"),
        *("MemoryDenyWriteExecute", "LockPersonality", "ProtectClock"),
    } <= hardened
    assert service["RestrictAddressFamilies"] == "AF_UNIX AF_INET AF_INET6"
    assert {"MemoryMax", "CPUQuota", "TasksMax"} <= set(service)
    assert "u ironroom-console" in (DEPLOY / "ironroom-console.conf").read_text(encoding="utf-8")
    assert os.path.basename(words[words.index("--log") + 1]) == "custody.db"  # noqa: PTH119 - of a text
