"""How long the panel waits for whom, what it counts, and a line with sixteen readers on it."""

import os
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from threading import Thread

import pytest

from firmware_shims.osdp_bench import Listener, Lockstep, badge
from firmware_shims.osdp_lies import Lie
from firmware_shims.osdp_machine import IDENTITY
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.codec import Frame
from hardware.osdp.health import ANSWERS, BusHealth, Tally
from hardware.osdp.messages import Message, Nak, Reply
from hardware.osdp.operation import POLL_EVERY
from hardware.osdp.patience import FULL_AT, GLANCE, LEAST, REPLY_TIME, Patience
from hardware.signals import CardRead, DeviceBack, DeviceLost

KEY = os.urandom(16)
MOST = 16


def test_a_reader_that_falls_silent_costs_the_line_short_waits_and_one_full_one() -> None:
    pair = Lockstep(KEY)
    pair.run(1.0)
    waits: list[float] = []

    def silent(_: Frame, __: Frame) -> list[Frame]:
        waits.append(pair.engine.patience)
        return []

    pair.wire = silent
    while not pair.engine.lost:
        pair.turn()
    assert waits.count(REPLY_TIME) == 1
    assert all(wait <= LEAST for wait in waits if wait != REPLY_TIME)
    waits.clear()
    pair.run(10.0)
    assert set(waits) == {GLANCE}
    assert sum(waits) < 1.0


def test_waits_follow_the_answers_and_never_exceed_the_standard() -> None:
    patience = Patience()
    assert patience.wait == REPLY_TIME
    for took in [0.004] * 50:
        patience.answered(took)
    assert patience.wait == LEAST
    for took in [0.080, 0.120] * 50:
        patience.answered(took)
    assert 0.1 < patience.wait <= REPLY_TIME
    for _ in range(50):
        patience.answered(1.0)
    assert patience.wait == REPLY_TIME


def test_the_full_wait_comes_once_in_a_row_of_silences_and_pauses_grow() -> None:
    patience = Patience()
    patience.answered(0.004)
    pauses, waits = [], []
    for _ in range(6):
        waits.append(patience.wait)
        pauses.append(patience.silent())
    assert [wait == REPLY_TIME for wait in waits] == [number == FULL_AT for number in range(6)]
    assert pauses == sorted(pauses)
    patience.answered(0.004)
    assert patience.wait == LEAST


def test_what_happens_to_a_reader_is_counted() -> None:
    pair = Lockstep(KEY, {0: "contact"})
    pair.run(1.0)
    calm = pair.engine.health()
    assert (calm.device, calm.address, calm.announced, calm.identity) == ("in", 1, True, IDENTITY)
    assert (calm.retries, calm.naks, calm.malformed, calm.sessions) == (0, 0, 0, 1)
    assert calm.polls > 50
    assert 1.9 < calm.answer_p50_ms <= calm.answer_p99_ms < 2.1
    pair.wire = lambda _, __: []
    pair.turn()
    pair.wire = lambda _, reply: [reply]
    pair.machine.news.append(Message(Reply.NAK, bytes([Nak.RECORD])))
    pair.machine.news.append(Message(Reply.RAW, b"nonsense"))
    pair.run(0.5)
    pair.machine.forget()
    pair.run(1.0)
    worse = pair.engine.health()
    # Three refusals in clear before a forgotten session is believed.
    assert (worse.naks, worse.malformed, worse.sessions) == (1, 1, 2)
    assert worse.retries >= 3


def test_answer_times_are_those_of_the_last_answers() -> None:
    tally = Tally()
    assert tally.answer_ms() == (0.0, 0.0)
    for _ in range(ANSWERS):
        tally.took(1.0)
    for _ in range(ANSWERS):
        tally.took(0.002)
    tally.took(0.100)
    assert tally.answer_ms() == (2.0, 2.0)
    for _ in range(3):
        tally.took(0.100)
    assert tally.answer_ms() == (2.0, 100.0)


class Crowd:
    """As many readers on one paced line as a bus is made for."""

    def __init__(self) -> None:
        self.hub = Rs485Hub(MOST + 1, baud=115200)
        keys = [os.urandom(16) for _ in range(MOST)]
        self.readers = [OsdpPeripheral(address, key) for address, key in enumerate(keys)]
        for reader, port in zip(self.readers, self.hub.names[1:], strict=True):
            reader.start(port)
        self.heard = Listener()
        peripherals = [Peripheral(address, f"r{address}", key) for address, key in enumerate(keys)]
        self.bus = OsdpBus(self.hub.names[0], peripherals=peripherals, sink=self.heard)
        self.bus.start()

    def close(self) -> None:
        self.bus.stop()
        for reader in self.readers:
            reader.stop()
        self.hub.close()


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    crowd.close()


def test_sixteen_readers_on_one_line_are_announced_and_read_cards(crowd: Crowd) -> None:
    for number in range(MOST):
        assert crowd.heard.wait(DeviceBack(f"r{number}"))
    for number, reader in enumerate(crowd.readers):
        badge(reader, f"r{number}", crowd.heard)


def test_cards_at_all_sixteen_readers_at_once_arrive_once_each(crowd: Crowd) -> None:
    since = len(crowd.heard.heard)
    wanted = {CardRead(f"r{number}", f"{number:08X}") for number in range(MOST)}
    for number, reader in enumerate(crowd.readers):
        reader.present(f"{number:08X}")
    for card in wanted:
        assert crowd.heard.wait(card, since)
    assert sum(isinstance(one, CardRead) for one in crowd.heard.heard[since:]) == MOST


@pytest.mark.parametrize("trouble", [Lie.MUTE, Lie.BABBLE, Lie.BUSY, Lie.WRONG_MAC])
def test_one_bad_reader_of_sixteen_is_lost_and_back_and_the_others_stay(crowd: Crowd, trouble: Lie) -> None:
    since = len(crowd.heard.heard)
    crowd.readers[5].lie(trouble)
    assert crowd.heard.wait(DeviceLost, since)
    for number in (0, 4, 6, 15):
        badge(crowd.readers[number], f"r{number}", crowd.heard)
    crowd.readers[5].lie(None)
    assert crowd.heard.wait(DeviceBack("r5"), since)
    badge(crowd.readers[5], "r5", crowd.heard)
    lost = {one.device for one in crowd.heard.heard[since:] if isinstance(one, DeviceLost)}
    assert lost == {"r5"}


def test_the_health_of_a_bus_can_be_read_from_any_thread_at_any_time(crowd: Crowd) -> None:
    read: list[BusHealth] = []
    threads = [Thread(target=lambda: read.extend(crowd.bus.health() for _ in range(200))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == 600
    health = read[-1]
    assert health.baud == 115200
    assert health.port == crowd.hub.names[0]
    assert [device.device for device in health.devices] == [f"r{number}" for number in range(MOST)]
    assert all(device.announced and device.identity == IDENTITY for device in health.devices)
    with pytest.raises(FrozenInstanceError):
        health.baud = 9600  # type: ignore[misc]


def test_a_bus_that_is_not_running_pairs_nobody(crowd: Crowd) -> None:
    def keep(_: str, __: bytes, ___: str, /, *, proved: bool) -> None:
        raise AssertionError(proved)

    bus = OsdpBus(crowd.hub.names[0], peripherals=[Peripheral(1, "in", KEY)], sink=crowd.heard)
    with pytest.raises(RuntimeError, match="not running"):
        bus.pair("in", 0.0, keep)
    with pytest.raises(KeyError):
        crowd.bus.pair("nobody", 0.0, keep)


def test_lamps_and_levels_come_beside_the_polls_not_in_their_place() -> None:
    pair = Lockstep(KEY)
    pair.run(1.0)
    before = pair.engine.health().polls
    pair.run(3.0)
    assert pair.engine.health().polls - before >= 3.0 / POLL_EVERY
