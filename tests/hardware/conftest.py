import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from firmware_shims import pi_host
from firmware_shims.acr122u import Acr122u
from firmware_shims.heard import Heard
from firmware_shims.pi import usb1
from firmware_shims.pinboard import PinBoard
from firmware_shims.pn532 import Pn532
from firmware_shims.usb_wire import PATH_VARIABLE
from firmware_shims.usb_world import UsbWorld
from hardware import nfc_usb, pins
from hardware.credentials.exchange import Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.gpio import GpioBoard
from hardware.nfc_reader import NfcReader
from hardware.pins import InputZone, LampPins, OutputPin
from hardware.signals import CardRead, DeviceBack, Signal, Sink
from tests.hardware.paper_badges import LONG_S, PAPER

OUTPUTS = (
    pins.output("relay/1", "main"),
    pins.output("relay/2", "outer"),
    pins.output("relay/7", "siren", latching=True),
)
ZONES = (pins.zone("input/1", "contact"), pins.zone("input/2", "north", filter_ms=200))
LAMPS = (pins.lamp("lamp/1", "main.in"),)


class Timeless(Heard):
    """What was said, without how long a card took."""

    def __call__(self, signal: Signal) -> None:
        super().__call__(replace(signal, took_ms=0) if isinstance(signal, CardRead) else signal)


@pytest.fixture
def heard() -> Heard:
    return Timeless()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PinBoard]:
    path = tmp_path / "pins"
    monkeypatch.setenv("IRONROOM_PINBOARD", "")
    monkeypatch.setenv("RPI_LGPIO_REVISION", "")
    with PinBoard(path) as board:
        pi_host.adopt(path)
        for pin in (pin for zone in ZONES for pin in zone.pins):
            board.drive(pin.bcm, pin.level(on=False))
        yield board


@pytest.fixture
def build(world: PinBoard, heard: Heard) -> Iterator[Callable[..., GpioBoard]]:
    boards: list[GpioBoard] = []

    def build_one(
        outputs: tuple[OutputPin, ...] = OUTPUTS,
        zones: tuple[InputZone, ...] = ZONES,
        lamps: tuple[LampPins, ...] = LAMPS,
        *,
        start: bool = True,
        one_at_a_time: tuple[str, ...] = (),
    ) -> GpioBoard:
        board = GpioBoard(outputs, zones, lamps, sink=heard, one_at_a_time=one_at_a_time)
        boards.append(board)
        if start:
            board.start()
        return board

    yield build_one
    for board in boards:
        board.stop()


@pytest.fixture
def child_of(world: PinBoard, tmp_path: Path) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Starts programs that find the pins of ``world`` under RPi.GPIO."""
    children: list[subprocess.Popen[str]] = []

    def start(program: str) -> "subprocess.Popen[str]":
        children.append(
            subprocess.Popen(
                [sys.executable, "-c", program],
                env=pi_host.child_environment(world.path),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.communicate(timeout=30)


@pytest.fixture
def chip() -> Iterator[Pn532]:
    with Pn532() as chip:
        yield chip


@pytest.fixture
def open_reader() -> Iterator[Callable[..., NfcReader]]:
    readers: list[NfcReader] = []

    def open_one(port: str, sink: Sink, **how: Any) -> NfcReader:
        readers.append(NfcReader("main.in", port, sink=sink, **how))
        readers[-1].start()
        return readers[-1]

    yield open_one
    for reader in readers:
        reader.stop()


@pytest.fixture
def reader(chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader]) -> NfcReader:
    return open_reader(chip.port, heard)


@pytest.fixture
def usb_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[UsbWorld]:
    with UsbWorld(tmp_path / "usb") as world:
        monkeypatch.setenv(PATH_VARIABLE, str(world.path))
        monkeypatch.setattr(nfc_usb, "usb1", usb1)
        yield world


@pytest.fixture
def usb(usb_world: UsbWorld) -> Acr122u:
    usb = Acr122u()
    usb_world.plug(usb, "1-1.2")
    return usb


@pytest.fixture
def start_usb(usb: Acr122u, heard: Heard, open_reader: Callable[..., NfcReader]) -> Callable[..., NfcReader]:
    def begin(port: str = "usb:072f:2200", *schemes: Scheme) -> NfcReader:
        reader = open_reader(port, heard, chip="acr122u", schemes=schemes or (UID,))
        assert heard.wait(DeviceBack("main.in"))
        return reader

    return begin


@pytest.fixture
def desk(chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader]) -> Callable[..., NfcReader]:
    def start(scheme: Scheme = PAPER, keys: SiteKeys | None = None) -> NfcReader:
        reader = open_reader(chip.port, heard, schemes=(scheme, UID), keys=lambda: keys)
        assert heard.wait(DeviceBack("main.in"))
        return reader

    return start


@pytest.fixture
def order(chip: Pn532, desk: Callable[..., NfcReader]) -> Callable[..., NfcReader]:
    """Has a badge made of the next card, at a reader that has been seen empty since."""

    def ask(scheme: Scheme = PAPER, taken: frozenset[str] = frozenset(), **how: Any) -> NfcReader:
        reader = desk(**how)
        reader.personalise(scheme, monotonic() + LONG_S, taken)
        assert chip.wait_scans(3)
        return reader

    return ask
