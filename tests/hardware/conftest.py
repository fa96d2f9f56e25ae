from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware_shims import pi_host
from firmware_shims.heard import Heard
from firmware_shims.pinboard import PinBoard
from firmware_shims.pn532 import Pn532
from hardware import pins
from hardware.gpio import GpioBoard
from hardware.nfc_reader import NfcReader
from hardware.pins import InputZone, LampPins, OutputPin
from hardware.signals import Sink

OUTPUTS = (
    pins.output("relay/1", "main"),
    pins.output("relay/2", "outer"),
    pins.output("relay/7", "siren", latching=True),
)
ZONES = (pins.zone("input/1", "contact"), pins.zone("input/2", "north", filter_ms=200))
LAMPS = (pins.lamp("lamp/1", "main.in"),)


@pytest.fixture
def heard() -> Heard:
    return Heard()


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
    ) -> GpioBoard:
        board = GpioBoard(outputs, zones, lamps, sink=heard)
        boards.append(board)
        if start:
            board.start()
        return board

    yield build_one
    for board in boards:
        board.stop()


@pytest.fixture
def chip() -> Iterator[Pn532]:
    with Pn532() as chip:
        yield chip


@pytest.fixture
def open_reader() -> Iterator[Callable[[str, Sink], NfcReader]]:
    readers: list[NfcReader] = []

    def open_one(port: str, sink: Sink) -> NfcReader:
        readers.append(NfcReader("main.in", port, sink=sink))
        readers[-1].start()
        return readers[-1]

    yield open_one
    for reader in readers:
        reader.stop()


@pytest.fixture
def reader(chip: Pn532, heard: Heard, open_reader: Callable[[str, Sink], NfcReader]) -> NfcReader:
    return open_reader(chip.port, heard)
