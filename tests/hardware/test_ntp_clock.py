import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from firmware_shims.heard import Heard
from firmware_shims.ntp_server import NtpServer
from hardware.ntp_clock import LEFT_ALONE_S, NtpClock
from hardware.signals import DeviceBack, DeviceLost, WallClock

START = 1_772_413_200_000  # 2026-03-02T01:00:00Z
LOST = DeviceLost
SOURCE = "branch"


@pytest.fixture
def server() -> Iterator[NtpServer]:
    with NtpServer(START) as server:
        yield server


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def clock(server: NtpServer, heard: Heard) -> Iterator[NtpClock]:
    clock = NtpClock(SOURCE, server.host, server.port, every_s=0.05, sink=heard)
    clock.start()
    yield clock
    clock.stop()


@pytest.fixture
def impatient(server: NtpServer, heard: Heard) -> Iterator[NtpClock]:
    clock = NtpClock(SOURCE, server.host, server.port, every_s=0.05, sink=heard, answer_s=0.3)
    clock.start()
    yield clock
    clock.stop()


def times(heard: Heard) -> list[WallClock]:
    return [signal for signal in heard.all if isinstance(signal, WallClock)]


def whys(heard: Heard) -> list[str]:
    return [signal.why for signal in heard.all if isinstance(signal, DeviceLost)]


def test_the_time_of_the_server_is_reported_with_its_error(
    clock: NtpClock, server: NtpServer, heard: Heard
) -> None:
    before = server.wall_ms()
    assert heard.wait_kind(WallClock, 3)
    after = server.wall_ms()
    assert heard.all[0] == DeviceBack(SOURCE)
    for time in times(heard):
        assert time.source == SOURCE
        assert START <= time.wall_ms <= after + time.error_ms
        assert 1 <= time.error_ms <= 1000
    assert times(heard)[-1].wall_ms >= before - times(heard)[-1].error_ms
    assert not heard.of(DeviceLost)


@pytest.mark.parametrize("seconds", [3600, -3600, 86400.0 * 365 * 15])
def test_a_jump_is_reported_as_it_is_and_changes_nothing_else(
    clock: NtpClock, server: NtpServer, heard: Heard, seconds: float
) -> None:
    assert heard.wait_kind(WallClock)
    server.jump(seconds)
    count = len(times(heard))
    assert heard.wait_kind(WallClock, count + 2)
    assert abs(times(heard)[-1].wall_ms - server.wall_ms()) < 600_000
    assert not heard.of(DeviceLost)


def test_a_silent_server_is_lost_once_and_comes_back(
    impatient: NtpClock, server: NtpServer, heard: Heard
) -> None:
    assert heard.wait_kind(WallClock)
    server.mute()
    assert heard.wait_kind(DeviceLost)
    server.speak()
    assert heard.wait(DeviceBack(SOURCE), count=2)
    assert whys(heard) == ["127.0.0.1: no answer"]


def test_one_question_without_an_answer_is_no_loss(
    impatient: NtpClock, server: NtpServer, heard: Heard
) -> None:
    assert heard.wait_kind(WallClock)
    server.mute()
    assert server.wait_asked(server.asked + 1)
    server.speak()
    count = len(times(heard))
    assert heard.wait_kind(WallClock, count + 2)
    assert not heard.of(DeviceLost)


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (lambda server: server.lie(stratum=16), "not synchronised"),
        (lambda server: server.lie(stratum=255), "not synchronised"),
        (lambda server: server.lie(leap=3), "not synchronised"),
        (lambda server: server.lie(stratum=0), "refuses"),
        (lambda server: server.kiss("RATE"), "refuses ('RATE')"),
        (lambda server: server.kiss("DENY"), "refuses ('DENY')"),
        (lambda server: server.lie(mode=3), "not a server's answer"),
        (lambda server: server.lie(mode=5), "not a server's answer"),
        (lambda server: server.lie(version=1), "not a server's answer"),
        (lambda server: server.lie(root_dispersion=20), "only good to 20"),
        (lambda server: server.lie(root_delay=3), "only good to 1.5"),
        (lambda server: server.lie(tx_timestamp=0, recv_timestamp=0), "has no time"),
        (lambda server: server.lie(tx_timestamp=2_500_000_000, recv_timestamp=2_500_000_000), "before 2020"),
        (lambda server: server.lie(recv_timestamp=4_000_000_000), "contradict"),
        (lambda server: server.lie(tx_timestamp=4_200_000_000), "contradict"),
    ],
)
def test_an_answer_that_is_no_time_is_a_loss_at_once(
    clock: NtpClock, server: NtpServer, heard: Heard, lie: Callable[[NtpServer], None], why: str
) -> None:
    assert heard.wait_kind(WallClock)
    lie(server)
    assert heard.wait_kind(DeviceLost)
    count = len(times(heard))
    assert why in whys(heard)[0]
    assert server.wait_asked(server.asked + (0 if "DENY" in why else 1))
    assert len(times(heard)) == count


def test_a_liar_that_turns_honest_comes_back(clock: NtpClock, server: NtpServer, heard: Heard) -> None:
    server.lie(stratum=16)
    assert heard.wait_kind(DeviceLost)
    server.honest()
    assert heard.wait(DeviceBack(SOURCE), count=len(heard.of(DeviceBack)) + 1)
    assert len(whys(heard)) == 1


def test_an_answer_forged_without_seeing_the_question_counts_as_none(
    impatient: NtpClock, server: NtpServer, heard: Heard
) -> None:
    assert heard.wait_kind(WallClock)
    server.forge()
    assert server.wait_asked(server.asked + 1)
    count = len(times(heard))
    assert heard.wait_kind(DeviceLost)
    assert whys(heard) == ["127.0.0.1: no answer"]
    assert len(times(heard)) <= count + 1


@pytest.mark.parametrize("size", [0, 1, 47])
def test_a_cut_answer_counts_as_none(impatient: NtpClock, server: NtpServer, heard: Heard, size: int) -> None:
    assert heard.wait_kind(WallClock)
    server.truncate(size)
    assert heard.wait_kind(DeviceLost)
    assert whys(heard) == ["127.0.0.1: no answer"]


def test_a_server_that_denies_is_left_alone(clock: NtpClock, server: NtpServer, heard: Heard) -> None:
    assert LEFT_ALONE_S >= 3600
    assert heard.wait_kind(WallClock)
    server.kiss("DENY")
    assert heard.wait_kind(DeviceLost)
    asked = server.asked
    assert not server.wait_asked(asked + 1, timeout=0.5)


def test_a_server_that_asks_for_rest_is_asked_less_often(server: NtpServer, heard: Heard) -> None:
    clock = NtpClock(SOURCE, server.host, server.port, every_s=0.001, sink=heard)
    server.kiss("RATE")
    clock.start()
    assert server.wait_asked(8)
    clock.stop()
    # Doubled at each refusal up to 64 times: 2 + 4 + ... of 1 ms; here only that it grew.
    assert clock._slower == 64


def test_nobody_at_the_port_is_a_loss() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    heard = Heard()
    clock = NtpClock(SOURCE, "127.0.0.1", port, every_s=0.01, sink=heard)
    clock.start()
    assert heard.wait_kind(DeviceLost)
    clock.stop()
    assert len(heard.all) == 1


def test_a_name_that_cannot_be_a_host_is_a_loss_and_no_end_of_the_thread() -> None:
    heard = Heard()
    clock = NtpClock(SOURCE, "a..b", 123, every_s=0.01, sink=heard)
    clock.start()
    assert heard.wait_kind(DeviceLost)
    assert clock._thread.is_alive()
    clock.stop()
    assert not clock._thread.is_alive()
    assert len(heard.all) == 1


@pytest.mark.parametrize("quiet", [False, True])
def test_stopping_does_not_wait_for_an_answer_or_the_next_question(quiet: bool) -> None:
    heard = Heard()
    with NtpServer(START) as server:
        clock = NtpClock(SOURCE, server.host, server.port, every_s=1000, sink=heard)
        if quiet:
            server.mute()
        clock.start()
        assert server.wait_asked(1)
        clock.stop()
    assert not clock._thread.is_alive()
    assert not heard.of(DeviceLost)


@pytest.mark.parametrize(("port", "every_s"), [(0, 1.0), (65536, 1.0), (123, 0.0), (123, -1.0)])
def test_settings_that_cannot_be_meant_are_refused(port: int, every_s: float) -> None:
    with pytest.raises(ValueError, match="every_s and answer_s must be above 0 and the port 1 to 65535"):
        NtpClock(SOURCE, "127.0.0.1", port, every_s=every_s, sink=Heard())


def test_a_sink_that_fails_ends_the_thread_with_a_loss(
    server: NtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_type))
    heard = Heard()

    def sink(signal: object) -> None:
        if isinstance(signal, DeviceLost):
            heard(signal)
        elif isinstance(signal, WallClock):
            raise TypeError("the inbox is broken")

    clock = NtpClock(SOURCE, server.host, server.port, every_s=0.01, sink=sink)
    clock.start()
    assert heard.wait(DeviceLost(SOURCE, "the thread that asks it has ended"))
    clock._thread.join(20)
    assert raised == [TypeError]
