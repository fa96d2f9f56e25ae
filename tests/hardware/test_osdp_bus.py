"""Both ends of the wire: the production panel and our reader on real ptys, nothing replaced in between."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from firmware_shims.osdp_bench import Listener, badge
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import OsdpBus, Peripheral
from hardware.signals import (
    CardRead,
    DeviceBack,
    DeviceLost,
    KeysTyped,
    Lamp,
    Level,
    LineLevel,
    Signal,
    TamperLevel,
)

IN, OUT = os.urandom(16), os.urandom(16)
PERIPHERALS = [
    Peripheral(1, "main.in", IN, {0: "contact", 1: "bolt", 2: "glass", 3: "motion"}),
    Peripheral(2, "main.out", OUT),
]


class Bench:
    """One panel and two readers on one pair of wires, up and announced."""

    def __init__(self) -> None:
        self.hub = Rs485Hub(3)
        self.inner, self.outer = OsdpPeripheral(1, IN, inputs=4), OsdpPeripheral(2, OUT)
        self.inner.start(self.hub.names[1])
        self.outer.start(self.hub.names[2])
        self.heard = Listener()
        self.bus = OsdpBus(self.hub.names[0], peripherals=PERIPHERALS, sink=self.heard)
        self.bus.start()
        assert self.heard.wait(DeviceBack("main.in"))
        assert self.heard.wait(DeviceBack("main.out"))
        assert self.heard.wait(LineLevel("motion", Level.NORMAL))

    def close(self) -> None:
        self.bus.stop()
        self.inner.stop()
        self.outer.stop()
        self.hub.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_a_badge_travels_from_either_reader(bench: Bench) -> None:
    for reader, device in ((bench.inner, "main.in"), (bench.outer, "main.out")):
        token = badge(reader, device, bench.heard)
        assert CardRead(device, token, scheme="uid") in bench.heard.heard


def test_fifty_badges_at_once_arrive_once_each_and_in_order(bench: Bench) -> None:
    tokens = [f"{number:08X}" for number in range(50)]
    for token in tokens:
        bench.inner.present(token)
    lost_or_last = {CardRead("main.in", tokens[-1]), DeviceLost("main.in", "main.in does not answer")}
    assert bench.heard.wait_for(lambda signal: signal in lost_or_last)
    read = [signal.token for signal in bench.heard.heard if isinstance(signal, CardRead)]
    # A machine so loaded that the reader counts as lost may lose the rest; never the order.
    assert read == tokens[: len(read)]


def test_keys_travel_as_typed(bench: Bench) -> None:
    bench.outer.type_keys("1234#")
    bench.outer.type_keys("*0")
    assert bench.heard.wait(KeysTyped("main.out", "1234#"))
    assert bench.heard.wait(KeysTyped("main.out", "*0"))


@pytest.mark.parametrize(
    ("value", "level"), [(1, Level.ACTIVE), (2, Level.SHORT), (3, Level.CUT), (0, Level.NORMAL)]
)
def test_an_input_is_told_in_each_of_its_four_states(bench: Bench, value: int, level: Level) -> None:
    bench.inner.set_input(2, 0 if value else 1)
    assert bench.heard.wait(LineLevel("glass", Level.NORMAL if value else Level.ACTIVE))
    since = len(bench.heard.heard)
    bench.inner.set_input(2, value)
    assert bench.heard.wait(LineLevel("glass", level), since)


def test_an_opened_cover_is_told_and_its_end_too(bench: Bench) -> None:
    bench.inner.tamper(True)
    assert bench.heard.wait(TamperLevel("main.in", active=True))
    since = len(bench.heard.heard)
    bench.inner.tamper(False)
    assert bench.heard.wait(TamperLevel("main.in", active=False), since)


@pytest.mark.parametrize("lamp", list(Lamp))
def test_every_lamp_arrives_at_its_reader_only(bench: Bench, lamp: Lamp) -> None:
    assert bench.outer.wait_lamp(Lamp.IDLE, 30)
    other = Lamp.GRANTED if lamp != Lamp.GRANTED else Lamp.WAIT
    for shown in (other, lamp):
        bench.bus.show("main.in", shown)
        assert bench.inner.wait_lamp(shown, 30)
    assert bench.outer.lamp == Lamp.IDLE


def test_a_reader_without_power_is_reported_and_its_return_too(bench: Bench) -> None:
    bench.bus.show("main.in", Lamp.PENDING)
    assert bench.inner.wait_lamp(Lamp.PENDING, 30)
    since = len(bench.heard.heard)
    bench.inner.vanish()
    assert bench.heard.wait(DeviceLost("main.in", "main.in does not answer"), since)
    bench.bus.show("main.in", Lamp.WAIT)
    bench.inner.present("BADBADBA")
    bench.inner.back()
    assert bench.heard.wait(DeviceBack("main.in"), since)
    assert bench.heard.wait(LineLevel("motion", Level.NORMAL), since)
    assert bench.inner.wait_lamp(Lamp.WAIT, 30)
    told = bench.heard.heard[since:]
    assert [signal for signal in told if isinstance(signal, CardRead)] == []


def test_a_cut_pair_of_wires_is_reported_for_all_and_the_spliced_one_too(bench: Bench) -> None:
    since = len(bench.heard.heard)
    bench.hub.cut(0)
    assert bench.heard.wait(DeviceLost("main.in", "main.in does not answer"), since)
    assert bench.heard.wait(DeviceLost("main.out", "main.out does not answer"), since)
    bench.hub.splice(0)
    assert bench.heard.wait(DeviceBack("main.in"), since)
    assert bench.heard.wait(DeviceBack("main.out"), since)


def test_late_answers_bring_nothing_twice(bench: Bench) -> None:
    bench.hub.stall(1)
    bench.inner.present("00000001")
    badge(bench.outer, "main.out", bench.heard)
    bench.hub.flow(1)
    badge(bench.inner, "main.in", bench.heard)
    read = [signal.token for signal in bench.heard.heard if isinstance(signal, CardRead)]
    assert len(set(read)) == len(read)


def test_the_panel_can_be_stopped_and_started_again(bench: Bench) -> None:
    bench.bus.stop()
    bench.bus.stop()
    since = len(bench.heard.heard)
    bench.inner.present("0BAD0BAD")
    bench.bus.start()
    assert bench.heard.wait(DeviceBack("main.in"), since)
    badge(bench.inner, "main.in", bench.heard)
    assert CardRead("main.in", "0BAD0BAD") not in bench.heard.heard
    with pytest.raises(RuntimeError, match="running already"):
        bench.bus.start()


def test_stopping_says_nothing_about_the_devices(bench: Bench) -> None:
    bench.bus.stop()
    assert not any(isinstance(signal, DeviceLost) for signal in bench.heard.heard)


def test_a_reader_unknown_to_the_bus_cannot_be_shown_anything(bench: Bench) -> None:
    with pytest.raises(KeyError):
        bench.bus.show("main.side", Lamp.GRANTED)


def test_an_adapter_pulled_out_is_reported_and_found_again(tmp_path: Path) -> None:
    port = tmp_path / "ttyRS485"
    heard = Listener()
    bus = OsdpBus(str(port), peripherals=PERIPHERALS[1:], sink=heard)
    bus.start()
    assert _lost(heard, 0)
    for _ in range(2):
        since = len(heard.heard)
        with Rs485Hub(2) as hub, OsdpPeripheral(2, OUT) as reader:
            port.symlink_to(hub.names[0])
            reader.start(hub.names[1])
            assert heard.wait(DeviceBack("main.out"), since)
            since = len(heard.heard)
            port.unlink()
            hub.close()
            assert _lost(heard, since)
    bus.stop()


def test_a_hiccup_of_the_port_loses_nothing(tmp_path: Path) -> None:
    port = tmp_path / "ttyRS485"
    heard = Listener()
    with Rs485Hub(3) as hub, OsdpPeripheral(2, OUT) as reader:
        port.symlink_to(hub.names[0])
        reader.start(hub.names[1])
        bus = OsdpBus(str(port), peripherals=PERIPHERALS[1:], sink=heard)
        bus.start()
        assert heard.wait(DeviceBack("main.out"))
        port.unlink()
        port.symlink_to(hub.names[2])
        hub.pull(0)
        badge(reader, "main.out", heard)
        bus.stop()
    assert not any("cannot be reached" in getattr(signal, "why", "") for signal in heard.heard)


def _lost(heard: Listener, since: int) -> bool:
    lost = heard.wait(DeviceLost, since)
    return isinstance(lost, DeviceLost) and "cannot be reached" in lost.why


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_thread_has_last_words_when_it_must_die() -> None:
    heard, died = Listener(), Event()

    def faulty(signal: Signal) -> None:
        if isinstance(signal, CardRead):
            raise TypeError("a defect behind the sink")
        heard(signal)
        if isinstance(signal, DeviceLost):
            died.set()

    with Rs485Hub(2) as hub, OsdpPeripheral(2, OUT) as reader:
        reader.start(hub.names[1])
        bus = OsdpBus(hub.names[0], peripherals=PERIPHERALS[1:], sink=faulty)
        bus.start()
        assert heard.wait(DeviceBack("main.out"))
        for _ in range(8):
            reader.present("DEADBEEF")
            if died.wait(5):
                break
        bus.stop()
    (lost,) = [signal for signal in heard.heard if isinstance(signal, DeviceLost)]
    assert "no longer watched" in lost.why


@pytest.mark.parametrize(
    ("peripherals", "why"),
    [
        ([], "no peripheral"),
        ([Peripheral(1, "a", IN), Peripheral(1, "b", OUT)], "same address"),
        ([Peripheral(1, "a", IN), Peripheral(2, "a", OUT)], "same device"),
        ([Peripheral(1, "a", IN), Peripheral(2, "b", IN)], "same key"),
    ],
)
def test_a_bus_that_cannot_be_right_is_refused(peripherals: list[Peripheral], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        OsdpBus("/dev/null", peripherals=peripherals, sink=Listener())
