"""The panel's port comes and goes: adapters pulled out, pairs cut, threads that die."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from firmware_shims.osdp_bench import Listener, badge
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import OsdpBus
from hardware.signals import CardRead, DeviceBack, DeviceLost, Signal
from tests.hardware.osdp_bus_bench import OUT, PERIPHERALS, Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_a_cut_pair_of_wires_is_reported_for_all_and_the_spliced_one_too(bench: Bench) -> None:
    since = len(bench.heard.heard)
    bench.hub.cut(0)
    assert bench.heard.wait(DeviceLost("main.in", "main.in does not answer"), since)
    assert bench.heard.wait(DeviceLost("main.out", "main.out does not answer"), since)
    bench.hub.splice(0)
    assert bench.heard.wait(DeviceBack("main.in"), since)
    assert bench.heard.wait(DeviceBack("main.out"), since)


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
