"""Who reaches the desk: the controller's own user and the one that was named, and nobody else on the box."""

from __future__ import annotations

import json
import os
import pwd
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from controller.console.lines import LONGEST_LINE
from controller.console.server import MOST_PEERS
from controller.errors import ConfigError
from controller.gate_client import short
from controller.run_command import _uid
from tests.console.house import LONG, House

NOBODY = 65_534
STRANGER = """
import os, socket, sys
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
line = socket.socket(socket.AF_UNIX)
line.settimeout(60)
try:
    line.connect(sys.argv[1])
    line.sendall(b'{"do": "site"}\\n')
    print(line.makefile().readline().strip() or "hung up")
except ConnectionError:
    print("hung up")
except PermissionError:
    print("no way")
"""


@pytest.fixture
def street() -> Iterator[Path]:
    """A folder that everybody can walk through."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def stranger(path: Path, uid: int = NOBODY) -> str:
    """What another user of the box is answered there."""
    told = subprocess.run(
        [sys.executable, "-c", STRANGER, path, str(uid)],
        capture_output=True,
        text=True,
        check=True,
        timeout=LONG,
    )
    return told.stdout.strip()


def test_another_user_of_the_box_is_not_listened_to(tmp_path: Path, street: Path) -> None:
    """As root another user asks; as an ordinary user, who cannot become another, nobody is named."""
    path = street / "console.sock"
    with House(tmp_path, "--console", str(path)) as house:
        house.child.start()
        path.chmod(0o666)  # even then: the kernel says who comes
        expected = "hung up" if os.geteuid() == 0 else "small house"
        assert expected in stranger(path)


def test_the_named_user_is_listened_to_while_the_data_stays_closed_to_it(
    tmp_path: Path, street: Path
) -> None:
    path = street / "console.sock"
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with House(tmp_path, "--console", str(path), "--console-user", user) as house:
        house.child.start()
        assert json.loads(stranger(path))["site"] == "small house"
        assert house.data.stat().st_mode & 0o007 == 0
        if os.geteuid() == 0:
            modes = {
                file.name: file.stat().st_mode & 0o777 for file in house.data.iterdir() if file.is_file()
            }
            assert {name for name, mode in modes.items() if mode & 0o044} <= {
                *("custody.db", "custody.db-wal", "custody.db-shm"),
                *("search.db", "search.db-wal", "search.db-shm"),
            }, "by its group the console reads the log and nothing else"
            assert modes["custody.db"] == 0o640
            assert stranger(house.data / "gate.sock") == "no way"
            assert stranger(path, NOBODY - 1) == "hung up"


def test_a_user_that_the_box_does_not_know_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigError, match="--console-user ghost"):
        _uid("--console-user", "ghost")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("peers")) as house:
        yield house.founded()


def connected(house: House) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(LONG)
    with short(house.data / "console.sock") as spelled:
        line.connect(spelled)
    return line


def test_a_line_that_is_too_long_ends_the_conversation_and_no_other(house: House) -> None:
    with connected(house) as line, suppress(ConnectionError):
        line.sendall(b"x" * (LONGEST_LINE + 2))
        assert line.recv(1) == b""
    assert house.tell("site")["site"] == "small house"


def test_rubbish_is_answered_with_a_sentence_and_the_conversation_goes_on(house: House) -> None:
    with connected(house) as line, line.makefile("rb") as lines:
        for rubbish in (b"\xff\n", b"{}\n", b"[1]\n", b'{"do": "site", "do": "who"}\n'):
            line.sendall(rubbish)
            assert json.loads(lines.readline())["refused"] == "not_understood"
        line.sendall(b'{"do": "site"}\n')
        assert json.loads(lines.readline())["site"] == "small house"


def test_one_peer_too_many_is_hung_up_on_and_the_others_are_served(house: House) -> None:
    house.client.close()
    peers = [connected(house) for _ in range(MOST_PEERS)]
    try:
        for peer in (peers[0], peers[-1]):
            peer.sendall(b'{"do": "site"}\n')
            assert b"small house" in peer.makefile("rb").readline()
        with connected(house) as late, suppress(ConnectionError):
            late.sendall(b'{"do": "site"}\n')
            assert late.recv(1) == b""
    finally:
        for peer in peers:
            peer.close()
    house.until(lambda: answers(house))


def answers(house: House) -> bool:
    try:
        return "site" in house.tell("site")
    except ConnectionError:
        return False


def test_many_threads_share_one_client(house: House) -> None:
    with ThreadPoolExecutor(12) as crowd:
        told = list(crowd.map(lambda _: house.tell("site")["site"], range(120)))
    assert set(told) == {"small house"}


def test_a_client_goes_on_after_the_controller_was_started_again(house: House) -> None:
    assert house.tell("site")["site"] == "small house"
    house.child.kill()
    with pytest.raises(OSError, match=r"."):
        house.tell("site")
    house.child.start()
    assert house.tell("site")["site"] == "small house"
