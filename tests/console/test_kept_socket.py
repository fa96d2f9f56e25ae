"""A socket file that is taken away, closed or replaced is put right; one of somebody else is theirs."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from threading import Event, Thread

import pytest

from controller.gate_client import short
from controller.kept_socket import KeptSocket
from controller.unix_sockets import ANYBODY, OWNER_ONLY, listening

LONG = 30.0


@pytest.fixture(params=[OWNER_ONLY, ANYBODY])
def mask(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def path(tmp_path: Path, mask: int) -> Iterator[Path]:
    """Where somebody listens who says hello to everybody."""
    kept, stopping = KeptSocket(tmp_path / "line.sock", 4, 0.02, mask), Event()

    def greet() -> None:
        for peer in kept.coming(stopping):
            with peer:
                peer.sendall(b"hello")

    thread = Thread(target=greet)
    thread.start()
    try:
        yield tmp_path / "line.sock"
    finally:
        stopping.set()
        thread.join()
        kept.close()


def greeted(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer, suppress(OSError):
        peer.settimeout(LONG)
        with short(path) as spelled:
            peer.connect(spelled)
        return peer.recv(5) == b"hello"
    return False


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end
        Event().wait(0.01)


def mode(path: Path) -> int:
    return S_IMODE(path.lstat().st_mode)


@pytest.mark.parametrize("umask", [0, 0o22, 0o77])
def test_its_rights_are_those_it_was_given_whatever_the_umask(mask: int, umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        listening(tmp_path / "x.sock", 1, 0.1, mask).close()
    finally:
        os.umask(before)
    assert mode(tmp_path / "x.sock") == 0o777 & ~mask


def test_a_file_that_is_taken_away_comes_back(path: Path, mask: int) -> None:
    assert greeted(path)
    for _ in range(3):
        path.unlink()
        until(lambda: greeted(path))
        assert mode(path) == 0o777 & ~mask


def test_rights_that_were_changed_are_put_back(path: Path, mask: int) -> None:
    for wrong in (0, 0o777):
        path.chmod(wrong)
        until(lambda: mode(path) == 0o777 & ~mask)
    assert greeted(path)


def test_what_is_no_socket_and_what_nobody_listens_at_is_replaced(path: Path) -> None:
    path.unlink()
    path.write_text("restored from somewhere")
    until(lambda: greeted(path))
    path.unlink()
    listening(path, 1, 0.1).close()
    until(lambda: greeted(path))


def test_where_somebody_else_listens_nothing_is_taken_from_them(
    path: Path, mask: int, tmp_path: Path
) -> None:
    other = listening(tmp_path / "other.sock", 1, LONG, mask)
    (tmp_path / "other.sock").rename(path)
    peer, _ = other.accept()  # a look whether somebody listens, and no more
    peer.close()
    mine = path.lstat().st_ino
    for _ in range(3):
        other.accept()[0].close()
        assert path.lstat().st_ino == mine
    other.close()
    until(lambda: greeted(path))


def test_a_folder_that_is_away_for_a_while_costs_nothing(path: Path) -> None:
    away = path.parent.with_name(f"{path.parent.name} away")
    path.parent.rename(away)
    path.parent.mkdir()
    until(lambda: greeted(path))
    path.unlink()
    path.parent.rmdir()
    away.rename(path.parent)
    until(lambda: greeted(path))
