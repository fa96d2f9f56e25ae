"""A whole room of peers, assembled from the addresses of a site file: the other end of every wire at once.

Rule 1: the controller cannot tell it from a room; it gets a site file whose addresses lead here, the keys
of its readers, and an environment in which its pins are ours. In use::

    with Bench(text, addresses, folder) as bench:
        child = Popen([..., "--site", str(bench.site), "--data", str(bench.data)], env=bench.environment())
        bench.tap("main.in", "B1")              # a badge, by its name
        bench.keys("main.in", "4821#")          # the keypad
        bench.level("main.contact", "active")   # the door opens
        bench.lock("main")                      # is the strike released?
        bench.lamp("main.in")                   # what the reader shows
        bench.lost("main.in"); bench.back("main.in")
        bench.present("main.in", card)          # a card that talks; lay() leaves it there until take()
        bench.loop("main.contact").cut = True   # a supervised loop, in ohms
        bench.camera("door").fault("covered")   # with cameras=site.cameras
"""

from __future__ import annotations

import tempfile
import time
import tomllib
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Self

from firmware_shims.adc_field import FieldLoop
from firmware_shims.ntp_server import NtpServer
from firmware_shims.pi_host import child_environment
from firmware_shims.room_cameras import Camera, RoomCameras
from firmware_shims.room_field import Field
from firmware_shims.room_finding import NotInTheRoomError, found
from firmware_shims.room_loops import Loops
from firmware_shims.room_peers import Held, OsdpPeer
from firmware_shims.room_plan import displays, of, rewritten, taken_apart, token
from firmware_shims.room_readers import Readers
from firmware_shims.watchdog_device import WatchdogDevice
from hardware.signals import Lamp, Level

__all__ = ["Bench", "NotInTheRoomError"]

CLOCK = "clock"
FLAT = "a reader on which cards can lie"
FLICKERS = 30
FLICK_S = 0.025
_TAMPER = ".tamper"


class Bench:
    """The peers of one site. ``site`` is the site file to start the controller with, ``data`` its folder.

    ``addresses`` maps each device of ``site_text`` to its URL; ``data`` is made in ``folder`` unless given;
    ``wall_ms`` is what the clock of the outside world shows from now on, in milliseconds since 1970 (now,
    unless given). OSDP devices that are ``unpaired`` are as from the factory; the others have a key of this
    site and are known by it. ``cameras`` maps those that are to be played to their URLs; none are, unless
    given. ``watchdog`` is the hardware watchdog, where the site has one. Everything rests
    at first: doors shut and bolted, nobody at a reader. Raises ValueError when an address is not in the text.
    """

    def __init__(
        self,
        site_text: str,
        addresses: Mapping[str, str],
        folder: Path,
        *,
        data: Path | None = None,
        wall_ms: int | None = None,
        unpaired: Collection[str] = (),
        cameras: Mapping[str, str] | None = None,
    ) -> None:
        self.site, self.data = folder / "site.toml", data or folder / "data"
        every = taken_apart(addresses)
        self._inputs = {a.device: a.place for a in of(every, "board")}
        with ExitStack() as stack:
            near = stack.enter_context(tempfile.TemporaryDirectory(prefix="ironroom-"))
            self.field = Field(Path(near) / "pins", of(every, "gpio"))
            stack.callback(self.field.close)
            tables = tomllib.loads(site_text)
            self.readers = Readers(every, unpaired, displays(tables))
            stack.callback(self.readers.close)
            self.loops = Loops(Path(near), every, tables.get("converter", {}))
            stack.callback(self.loops.close)
            moved = self.readers.moved | self.loops.moved
            self.cameras = RoomCameras(cameras, tables) if cameras else None
            if self.cameras:
                stack.callback(self.cameras.close)
                moved |= self.cameras.moved
            self.watchdog: WatchdogDevice | None = None
            for address in of(every, "watchdog"):
                self.watchdog = WatchdogDevice(Path(near) / "watchdog")
                stack.callback(self.watchdog.close)
                moved[address.text] = address.at(self.watchdog.path)
            self.clock = NtpServer(time.time_ns() // 1_000_000 if wall_ms is None else wall_ms)
            stack.callback(self.clock.close)
            self._write(site_text, moved)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the room away."""
        self._stack.close()

    def environment(self) -> dict[str, str]:
        """Environment in which a controller process finds this room under its pins."""
        return child_environment(self.field.board.path)

    def token(self, badge: str) -> str:
        """Hexadecimal token that both kinds of readers deliver for a badge; it is what has to be enrolled."""
        return token(badge)

    @property
    def lines(self) -> set[str]:
        """Inputs that the controller can hear of now; covers of readers and boards are among them."""
        there = {name for name, peer in self.readers.osdp.items() if not peer.gone and peer.key}
        on_boards = {line for line, (board, _) in self._inputs.items() if board in there}
        covers = {f"{device}{_TAMPER}" for device in there}
        return on_boards | covers | set(self.field.zones) | set(self.loops.loops)

    def watched(self, timeout: float) -> bool:
        """Wait until the controller looks at every reader that is plugged in; whether it does."""
        end = time.monotonic() + timeout
        return all(peer.watched(max(0.0, end - time.monotonic())) for peer in self.readers.all.values())

    def tap(self, reader: str, badge: str) -> None:
        """Hold a badge before a reader."""
        found(self.readers.all, reader, "a reader").present(token(badge))

    def present(self, reader: str, card: Held) -> None:
        """Hold a card before a reader until it was read, and take it away."""
        peer = found(self.readers.all, reader, "a reader")
        try:
            peer.present(card)
        except TypeError as error:
            raise NotInTheRoomError(f"{reader} cannot be shown this card in this room: {error}") from error

    def lay(self, reader: str, *cards: Held) -> None:
        """Lay cards on a reader in one movement, and leave them there; a reader on a bus sees the last."""
        found(self.readers.flat, reader, FLAT).lay(*cards)

    def take(self, reader: str) -> None:
        """Take away what lies on a reader."""
        found(self.readers.flat, reader, FLAT).take()

    def loop(self, name: str) -> FieldLoop:
        """A supervised loop, to be changed in ohms."""
        return found(self.loops.loops, name, "a supervised loop")

    def keys(self, reader: str, digits: str) -> None:
        """Type at a keypad; ``#`` is its enter key."""
        self._osdp(reader, "a keypad").type_keys(digits)

    def camera(self, name: str) -> Camera:
        """A camera, to be covered, stalled, lost; only where this room has cameras."""
        there = {one: self.cameras.camera(one) for one in self.cameras.names} if self.cameras else {}
        return found(there, name, "a camera")

    def level(self, name: str, level: str) -> None:
        """Bring an input to ``normal``, ``active``, ``cut`` or ``short``, whatever it hangs on."""
        self._level(name, level)
        if self.cameras:
            self.cameras.level(name, level)

    def _level(self, name: str, level: str) -> None:
        device = name.removesuffix(_TAMPER)
        if name in self._inputs:
            board, number = self._inputs[name]
            self.readers.osdp[board].set_input(number, Level(level))
        elif name in self.field.zones:
            self.field.level(name, Level(level))
        elif name in self.loops.loops:
            self.loops.level(name, Level(level))
        elif name != device and level in {Level.NORMAL, Level.ACTIVE}:
            self._osdp(device, "a cover").cover(is_open=level == Level.ACTIVE)
        else:
            raise NotInTheRoomError(f"{name} cannot be {level} in this room")

    def tamper(self, device: str, *, is_open: bool = True) -> None:
        """Open or shut the cover of a reader or board."""
        self.level(f"{device}{_TAMPER}", Level.ACTIVE if is_open else Level.NORMAL)

    def has_lamp(self, reader: str) -> bool:
        """Whether a reader can show anything."""
        return reader in self.field.lamps or reader in self.readers.osdp

    def lamp(self, reader: str) -> Lamp | None:
        """What a reader shows; None when it has no lamp, or while the picture changes."""
        if reader in self.field.lamps:
            return self.field.lamp(reader)
        peer = self.readers.osdp.get(reader)
        return None if peer is None else peer.lamp

    def lock(self, name: str) -> bool:
        """Whether a lock is commanded free."""
        found(self.field.relays, name, "a lock")
        return self.field.free(name)

    def lost(self, device: str) -> None:
        """Pull the plug of a reader, a board, or the outside clock."""
        if device == CLOCK:
            self.clock.mute()
        else:
            found(self.readers.all, device, "something with a plug").vanish()

    def back(self, device: str) -> None:
        """Plug it in again."""
        if device == CLOCK:
            self.clock.speak()
        else:
            found(self.readers.all, device, "something with a plug").back()

    def gone(self, device: str) -> bool:
        """Whether the plug of a reader or board was pulled."""
        return found(self.readers.all, device, "something with a plug").gone

    def noisy(self, name: str) -> None:
        """Make an input chatter for a second, and leave it as it rests."""
        if name in self._inputs:
            board, number = self._inputs[name]
            for _ in range(FLICKERS):
                for level in (Level.ACTIVE, Level.NORMAL):
                    self.readers.osdp[board].set_input(number, level)
                    Event().wait(FLICK_S)
        else:
            found(self.field.zones, name, "an input")
            self.field.flicker(name, FLICKERS)

    def clock_jump(self, seconds: float) -> None:
        """Set the clock of the outside world forward or back."""
        self.clock.jump(seconds)

    def _osdp(self, device: str, what: str) -> OsdpPeer:
        return found(self.readers.osdp, device, what)

    def _write(self, text: str, moved: Mapping[str, str]) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.readers.write_keys(self.data / "keys")
        clock = f"ntp://{self.clock.host}:{self.clock.port}?every=1"
        self.site.write_text(rewritten(text, moved, clock), encoding="utf-8")
