"""A room whose badges prove themselves, on wires: two doors, readers of both kinds, and a desk to issue at.

Rule: badges come into being as a bank makes them: the key from two halves, each badge asked for by two.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, Self

from click.testing import CliRunner, Result

from controller.cli import main
from controller.core.effects import Body
from controller.key_halves import half_of, joined, new_halves
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.ntag424 import Ntag424
from firmware_shims.room_peers import Held
from hardware.credentials.site_keys import SiteKeys
from tests.wires.wired import LONG, Wired

SITE = """
[site]
name = "badge-room"
timezone = "Asia/Shanghai"
settle_ms = 50
attempts = 10
refusals = 10
refusal_ms = 100
card_ms = 60

[enrolment]
reader = "nfc:///dev/ttyUSB0?chip=pn532"

[room.vault]
duty = "always"

[door.main]
room = "vault"
reader_in = "nfc:///dev/ttyAMA2?chip=pn532"
reader_out = "osdp:///dev/ttyAMA1?address=1&reads=transparent"
lamp_in = "gpio:lamp/1"
strike = "gpio:relay/1"
contact = "gpio:input/1"
rex = "gpio:input/2"
unlock_s = 3
window_s = 60

[door.side]
room = "vault"
reader_in = "osdp:///dev/ttyAMA1?address=2&reads=transparent"
reader_out = "osdp:///dev/ttyAMA1?address=3&reads=transparent"
strike = "gpio:relay/2"
contact = "gpio:input/3"
rex = "gpio:input/4"
unlock_s = 3
window_s = 60
"""
STAFF = ("li", "wang", "zhao", "chen", "sun")
DESK = "enrolment"


class Badged(Wired):
    """The room; ``cards`` are the badges that people carry, by person."""

    def __init__(self, folder: Path, text: str = SITE, unpaired: Collection[str] = ()) -> None:
        super().__init__(folder, text, unpaired)
        self.halves = new_halves()
        self.cards: dict[str, Held] = {}

    def founded(self) -> Self:
        """Start the controller, enrol the staff, who have no badges yet, and bring the site key."""
        self.child.start()
        assert self.child.ask("found", people={person: {} for person in STAFF}) == {"accepted": True}
        self.ready()
        assert "accepted" in self.enter_key()
        return self

    @property
    def site_keys(self) -> SiteKeys:
        """The key in force: what whoever made the cards knows."""
        return SiteKeys(joined(half_of(self.halves[0]), half_of(self.halves[1])))

    def enter_key(self, by: str = "zhao", second: str = "chen", replace: str = "") -> dict[str, Any]:
        """Two people type their halves."""
        said = {"site_key": list(self.halves), "by": by, "second": second}
        return self.child.tell(said | ({"replace": replace} if replace else {}))

    def command(self, *words: str, typed: str = "", color: bool = False) -> Result:
        """Run ``ironroom`` as whoever sits at the box does."""
        return CliRunner().invoke(main, [*words, "--data", str(self.bench.data)], input=typed, color=color)

    def issue(self, person: str, card: Held, level: str = "desfire") -> Body:
        """Two others have a card made a badge; how it ended."""
        before = self.newest
        told = self.child.ask("issue_badge", "zhao", "chen", person=person, level=level)
        assert "accepted" in told, told
        self.bench.take(DESK)  # a card counts only once the reader was seen empty
        self.bench.lay(DESK, card)
        (end,) = self.written("badge_issued", "badge_not_issued", after=before)
        self.bench.take(DESK)
        return end

    def equip(self, person: str, card: Held, level: str = "desfire") -> str:
        """Have a badge made for somebody, and give its number."""
        end = self.issue(person, card, level)
        assert end["kind"] == "badge_issued", end
        self.cards[person] = card
        return str(end["badge"])

    def show(self, reader: str, who: str | Held, *kinds: str) -> list[Body]:
        """Hold somebody's badge, or a card, before a reader until an Entry of one of the kinds comes."""
        card = self.cards[who] if isinstance(who, str) and who in self.cards else who
        before = self.newest
        self.bench.present(reader, card)
        return self.written(*kinds, after=before)

    @contextmanager
    def shut_against(self, door: str) -> Iterator[None]:
        """Whatever is done in here, the door's bolt never moves; and who is inside gets out of it."""
        self.until(lambda: not self.bench.lock(door), "a bolted door")
        strike, moved, before = self.bench.field.relays[door].bcm, Event(), self.newest
        listeners = self.bench.field.board.listeners
        listeners.append(lambda pin, on: moved.set() if pin == strike and on else None)
        yield
        listeners.pop()
        assert not moved.is_set()
        assert not [e for e in self.entries("granted", after=before) if e["place"] == door]
        self.way_out(door)

    def way_out(self, door: str) -> None:
        """Somebody presses the button inside, and the bolt is drawn; a short lockdown drops it again."""
        assert self.view["doors"][door]["egress"]
        self.bench.level(f"{door}.rex", "active")
        assert self.bench.field.wait(door, energised=True, timeout=LONG)
        self.bench.level(f"{door}.rex", "normal")
        self.until(lambda: self.view["inputs"][f"{door}.rex"] == "normal", "a button that is not pressed")
        assert self.child.ask("lockdown", "zhao", reason="the end of an attack") == {"accepted": True}
        assert self.bench.field.wait(door, energised=False, timeout=LONG)
        assert self.child.ask("lift_lockdown", "chen") == {"accepted": True}


def blank() -> Desfire:
    """A DESFire as it comes from its maker."""
    return Desfire(b"\x04" + secrets.token_bytes(6))


def blank_tag() -> Ntag424:
    """An NTAG 424 DNA as it comes from its maker."""
    return Ntag424(b"\x04" + secrets.token_bytes(6))
