import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_shims.notify_socket import NotifySocket
from hardware.alive import Alive
from hardware.notify import Notify

LONG = 20.0


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifySocket]:
    with NotifySocket(tmp_path / "notify") as manager:
        monkeypatch.setenv("NOTIFY_SOCKET", manager.path)
        yield manager


def test_the_service_manager_hears_ready_alive_and_stopping_in_order(manager: NotifySocket) -> None:
    with Notify() as notify:
        notify.ready()
        notify.alive()
        notify.stopping()
    notify.ready()
    assert manager.wait("STOPPING=1")
    assert manager.said == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_an_abstract_socket_serves_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with NotifySocket(f"@ironroom-test-{os.getpid()}") as manager:
        monkeypatch.setenv("NOTIFY_SOCKET", manager.path)
        with Notify() as notify:
            notify.ready()
        assert manager.wait("READY=1")


@pytest.mark.parametrize("there", ["", "nowhere"])
def test_without_a_service_manager_nothing_is_said_and_nothing_fails(
    there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / there) if there else "")
    with Notify() as notify:
        notify.ready()
        notify.alive()
        notify.stopping()


def test_a_service_manager_that_does_not_listen_holds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "deaf"))
        with Notify() as notify:
            # Far more than its queue takes: a blocking socket would stand still here.
            for _ in range(5000):
                notify.alive()
        assert deaf.recv(100) == b"WATCHDOG=1"


def test_signs_of_life_are_passed_on_at_most_once_in_their_time() -> None:
    now, said = 0.0, list[str]()
    alive = Alive(lambda: said.append("dog"), lambda: said.append("manager"), every_s=1.0, clock=lambda: now)
    for tenth in range(35):
        now = tenth / 10
        alive()
    assert said == ["dog", "manager"] * 4
    now = 1000.0
    alive()
    assert len(said) == 10


def test_the_first_sign_of_life_is_passed_on_at_once() -> None:
    said: list[str] = []
    Alive(lambda: said.append("fed"))()
    assert said == ["fed"]
