"""Both ends of the wire: the production panel and our reader on real ptys, nothing replaced in between."""

from collections.abc import Iterator

import pytest

from firmware_shims.osdp_bench import Listener, badge
from hardware.osdp import OsdpBus, Peripheral
from hardware.signals import CardRead, DeviceBack, DeviceLost, KeysTyped, Lamp, Level, LineLevel, TamperLevel
from tests.hardware.osdp_bus_bench import IN, OUT, Bench


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


def test_late_answers_bring_nothing_twice(bench: Bench) -> None:
    bench.hub.stall(1)
    bench.inner.present("00000001")
    badge(bench.outer, "main.out", bench.heard)
    bench.hub.flow(1)
    badge(bench.inner, "main.in", bench.heard)
    read = [signal.token for signal in bench.heard.heard if isinstance(signal, CardRead)]
    assert len(set(read)) == len(read)


def test_a_reader_unknown_to_the_bus_cannot_be_shown_anything(bench: Bench) -> None:
    with pytest.raises(KeyError):
        bench.bus.show("main.side", Lamp.GRANTED)


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
