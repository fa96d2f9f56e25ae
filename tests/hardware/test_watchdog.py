import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_shims import kernel_ioctl, pi_host
from firmware_shims.heard import Heard
from firmware_shims.watchdog_device import WatchdogDevice
from hardware.signals import DeviceBack, DeviceLost
from hardware.watchdog import SHORTEST_S, Watchdog, WatchdogError

LONG = 20.0


@pytest.fixture
def device(tmp_path: Path) -> Iterator[WatchdogDevice]:
    kernel_ioctl.install()
    with WatchdogDevice(tmp_path / "watchdog") as device:
        yield device
    kernel_ioctl.uninstall()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_it_runs_from_construction_and_is_fed(device: WatchdogDevice, heard: Heard) -> None:
    watchdog = Watchdog(device.path, 10, sink=heard)
    assert device.opened.wait(LONG)
    assert watchdog.timeout_s == device.timeout == 10
    for _ in range(3):
        watchdog.feed()
    assert device.wait_feeds(3, LONG)
    watchdog.close()
    assert device.wait_closed(LONG)
    assert device.orderly
    assert not device.bitten.is_set()
    assert not heard.all


def test_without_a_wish_the_device_keeps_its_own_time(device: WatchdogDevice, heard: Heard) -> None:
    with Watchdog(device.path, sink=heard) as watchdog:
        assert watchdog.timeout_s == 15


def test_an_orderly_end_of_the_block_stops_it_and_any_other_leaves_it_running(
    device: WatchdogDevice, heard: Heard
) -> None:
    block = Watchdog(device.path, sink=heard)
    assert device.opened.wait(LONG)
    with pytest.raises(SystemError), block:
        raise SystemError
    assert device.wait_closed(LONG)
    assert not device.orderly
    with Watchdog(device.path, sink=heard):
        assert device.opened.wait(LONG)
    assert device.wait_closed(LONG)
    assert device.orderly


def test_an_unfed_one_bites(tmp_path: Path, heard: Heard) -> None:
    kernel_ioctl.install()
    with WatchdogDevice(tmp_path / "watchdog", second=0.02) as device:
        watchdog = Watchdog(device.path, SHORTEST_S, sink=heard)
        assert device.bitten.wait(LONG)
        watchdog.abandon()
    kernel_ioctl.uninstall()


FEEDING = """
import sys, threading
from hardware.watchdog import Watchdog
from hardware.alive import Alive
watchdog = Watchdog(sys.argv[1], 5, sink=print)
alive = Alive(watchdog.feed, every_s=0.02)
while True:
    alive()
    threading.Event().wait(0.005)
"""


@pytest.mark.parametrize(("end", "feeds"), [(signal.SIGSTOP, 90), (signal.SIGKILL, 2)])
def test_a_program_that_freezes_or_is_killed_is_bitten_for_and_one_that_lives_is_not(
    tmp_path: Path, end: signal.Signals, feeds: int
) -> None:
    with WatchdogDevice(tmp_path / "watchdog", second=0.3) as device:
        child = subprocess.Popen(
            [sys.executable, "-c", FEEDING, device.path], env=pi_host.child_environment(tmp_path / "pins")
        )
        try:
            # So many feeds take longer than the time within which it must be fed.
            assert device.wait_feeds(feeds, LONG)
            assert not device.bitten.is_set()
            os.kill(child.pid, end)
            assert device.bitten.wait(LONG)
            assert not device.orderly
        finally:
            child.kill()
            child.wait(LONG)


def test_a_feed_that_fails_is_told_once(device: WatchdogDevice, heard: Heard) -> None:
    watchdog = Watchdog(device.path, sink=heard)
    assert device.opened.wait(LONG)
    device.vanish()
    for _ in range(3):
        watchdog.feed()
    (lost,) = heard.all
    assert isinstance(lost, DeviceLost)
    assert lost.device == "watchdog"
    assert "cannot be fed" in lost.why
    watchdog.close()
    assert len(heard.all) == 1


def test_a_device_that_takes_nothing_holds_nobody_and_is_told_when_it_takes_again(
    device: WatchdogDevice, heard: Heard
) -> None:
    watchdog = Watchdog(device.path, sink=heard)
    assert device.opened.wait(LONG)
    device.stall()
    for _ in range(100_000):
        watchdog.feed()
        if heard.all:
            break
    assert [type(signal) for signal in heard.all] == [DeviceLost]
    device.go_on()
    assert device.wait_feeds(1, LONG)
    while not heard.of(DeviceBack):
        watchdog.feed()
    watchdog.close()
    assert [type(signal) for signal in heard.all] == [DeviceLost, DeviceBack]


def test_after_its_end_a_feed_does_nothing(device: WatchdogDevice, heard: Heard) -> None:
    watchdog = Watchdog(device.path, sink=heard)
    watchdog.close()
    watchdog.close()
    watchdog.feed()
    assert not heard.all


@pytest.mark.parametrize(
    ("path", "timeout_s", "sentence"),
    [
        ("nowhere", 10, "there is no such device; load its driver"),
        ("watchdog", 60, "does not take 60 s"),
        ("watchdog", 4, "4 s is too short; 5 s or more"),
        ("notes.txt", 10, "is no watchdog; the device is usually /dev/watchdog"),
        ("notes.txt", None, "is no watchdog"),
        ("dead", None, "no driver is behind it"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(
    device: WatchdogDevice, tmp_path: Path, heard: Heard, path: str, timeout_s: int | None, sentence: str
) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    os.mkfifo(tmp_path / "dead")
    with pytest.raises(WatchdogError, match=sentence):
        Watchdog(tmp_path / path, timeout_s, sink=heard)
    assert (tmp_path / "notes.txt").read_text() == "notes"


def test_a_time_that_the_device_refuses_leaves_nothing_running(device: WatchdogDevice, heard: Heard) -> None:
    with pytest.raises(WatchdogError, match="does not take 60 s"):
        Watchdog(device.path, 60, sink=heard)
    with Watchdog(device.path, sink=heard) as watchdog:
        watchdog.feed()
        assert device.wait_feeds(1, LONG)
        # The first one was stopped before it was let go.
        assert device.magics == 1
