"""Two doors whose every "no" is looked at from outside: a controller process, its readers, people with cards.

Rule: the controller is the one that ``ironroom run`` starts; nothing of it is replaced, and nothing looks
into it but its gate and the reader of its log.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from threading import Event, Lock
from time import monotonic
from typing import Any, Self

from bench.refusals_doors import LONG_S, BusDoor, ChipDoor, WatchedReader
from controller.child import Child
from controller.gate_client import GateClient
from controller.key_halves import half_of, joined, new_halves
from controller.ledger.reading import LogReader
from firmware_shims.cards import iso_dep
from firmware_shims.cards.iso_dep import Applet
from firmware_shims.pi_host import child_environment
from firmware_shims.pinboard import PinBoard
from firmware_shims.pn532 import Pn532
from firmware_shims.rs485 import Rs485Hub
from hardware import pins
from hardware.credentials.site_keys import SiteKeys
from hardware.signals import Level

KEY_BYTES = 16
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FAR_DAY = 3
INPUTS = ("input/1", "input/2", "input/3", "input/4", "input/5", "input/6")
CLERKS = ("zhao", "chen")
SITE = """
[site]
name = "refusals"
timezone = "UTC"
legacy_uid = "legacy, may be copied"
attempts = 10
penalty_min = 1440
[hours.far]
windows = [{{ days = ["{day}"], from = "00:00", to = "00:05" }}]
[room.vault]
duty = "always"
[enrolment]
reader = "nfc://{desk}?chip=pn532"
[door.bus]
reader_in = "osdp://{line}?address=1&reads=transparent"
strike = "gpio:relay/1"
contact = "gpio:input/1"
rex = "gpio:input/3"
people = 1
unlock_s = 3
levels = ["desfire", "ntag424"]
[door.chip]
reader_in = "nfc://{chip}?chip=pn532"
lamp_in = "gpio:lamp/1"
strike = "gpio:relay/2"
contact = "gpio:input/2"
rex = "gpio:input/4"
people = 1
unlock_s = 3
levels = ["desfire", "ntag424"]
[door.main]
room = "vault"
reader_in = "nfc://{main}?chip=pn532"
reader_out = "nfc://{out}?chip=pn532"
strike = "gpio:relay/3"
contact = "gpio:input/5"
rex = "gpio:input/6"
"""


class RefusalRoom:
    """The room, up and running, with a site key entered by two people and nobody enrolled but clerks."""

    def __init__(self, folder: Path) -> None:
        self._at_the_desk = Lock()
        with ExitStack() as stack:
            near = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ironroom-")))
            board = stack.enter_context(PinBoard(near / "pins"))
            for line in INPUTS:
                zone = pins.zone(line, line)
                for pin, on in zip(zone.pins, pins.zone_bits(Level.NORMAL), strict=True):
                    board.drive(pin.bcm, pin.level(on=on))
            hub = Rs485Hub(2)
            stack.callback(hub.close)
            key = os.urandom(KEY_BYTES)
            reader = WatchedReader(1, key)
            reader.start(hub.names[1])
            stack.callback(reader.stop)
            others = {name: stack.enter_context(Pn532(name)) for name in ("desk", "chip", "main", "out")}
            self._desk, chip = others["desk"], others["chip"]
            self._data = folder / "data"
            ports = {name: other.port for name, other in others.items()}
            _write(folder, self._data, key, line=hub.names[0], **ports)
            self._child = Child(folder / "site.toml", self._data, child_environment(board.path))
            stack.callback(self._child.kill)
            self.bus, self.chip = BusDoor(reader), ChipDoor(chip, board)
            self.keys = self._begun(reader, chip)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        (self._data / "reserve").unlink(missing_ok=True)

    @property
    def log(self) -> Path:
        """The custody log."""
        return self._data / "custody.db"

    def enrol(self, person: str, **fields: Any) -> None:
        """Enrol somebody. Raises ValueError when the controller says no."""
        self.ask("enrol", *CLERKS, person=person, **fields)

    def ask(self, name: str, by: str = "", second: str = "", /, **fields: Any) -> None:
        """Ask for something. Raises ValueError when the controller says no."""
        with GateClient(self._data / "gate.sock") as gate:
            told = gate.ask(name, by, second, **fields)
        if not told.get("accepted"):
            raise ValueError(f"{name}: {told}")

    def issue(self, person: str, level: str, card: Applet) -> str:
        """Have a card made somebody's badge at the desk; its number."""
        with self._at_the_desk:
            self.ask("issue_badge", *CLERKS, person=person, level=level)
            self._desk.wait_scans(4, LONG_S)  # a card counts only once the reader was seen empty
            self._desk.put(iso_dep.card(card))
            end, pause = monotonic() + LONG_S, Event()
            while not (badge := self._badge(person)):
                if monotonic() > end:
                    raise TimeoutError(f"no badge was made for {person}: {self._child.words}")
                pause.wait(0.02)
            self._desk.take()
            self._desk.wait_scans(4, LONG_S)
        return badge

    def _badge(self, person: str) -> str:
        with LogReader(self.log) as log:
            issued = [e for e in log.entries() if e["kind"] == "badge_issued" and e["person"] == person]
        return str(issued[0]["badge"]) if issued else ""

    def _begun(self, reader: WatchedReader, chip: Pn532) -> SiteKeys:
        self._child.start()
        self.ask("found", people={clerk: {} for clerk in CLERKS})
        halves = new_halves()
        with GateClient(self._data / "gate.sock") as gate:
            told = gate.enter_site_key(halves, *CLERKS)
        if not told.get("accepted"):
            raise ValueError(f"the site key was refused: {told}")
        if not reader.wait_ready(LONG_S) or not chip.wait_scans(2, LONG_S):
            raise TimeoutError(f"the readers are not looked at: {self._child.words}")
        return SiteKeys(joined(*(half_of(half) for half in halves)))


def _write(folder: Path, data: Path, key: bytes, **ports: str) -> None:
    keys = data / "keys"
    for one in (data, keys):
        one.mkdir(mode=0o700)
    descriptor = os.open(keys / "bus.in.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex())
    today = datetime.now().astimezone().weekday()
    text = SITE.format(day=DAYS[(today + FAR_DAY) % len(DAYS)], **ports)
    (folder / "site.toml").write_text(text, encoding="utf-8")
