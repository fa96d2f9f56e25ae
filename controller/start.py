"""Bringing a controller up: site file, bolts, log, state, and the policy that is in force.

Rule 1: a room that another controller runs is not touched; then bolts first, then the log.
Rule 2: nothing is started on a log that is damaged; whatever ends out of order drops the bolts and sounds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag

from controller import config, keys
from controller.backup_parts import sweep_at_start
from controller.beat import Beat, continued
from controller.board import Board
from controller.clock import RoomClock, system_wall_ms
from controller.console.desk import Box, Desk
from controller.console.place import ConsolePlace
from controller.console.server import ConsoleServer
from controller.controller_process import Controller
from controller.core.site import Site
from controller.core.state import State
from controller.disk_reserve import make_room_to_start
from controller.errors import ConfigError
from controller.eyes.eyes import SOCKET, Eyes, Place
from controller.eyes.hands import HandsAndEyes
from controller.gate import Gate
from controller.housekeeping import Housekeeping
from controller.inbox import Inbox
from controller.kept_states import remembered
from controller.ledger.custody_log import CustodyLog
from controller.ledger.hold import Hold
from controller.ledger.key_places import keys_of
from controller.ledger.private import let_group_read, make_folder
from controller.ledger.search.background import BackgroundIndexer
from controller.life import Life
from controller.log_care import LogCare
from controller.loop import Loop
from controller.wiring import Wiring
from controller.witness_start import require_continued
from controller.witnessing import LogWitnesses

LOG = "custody.db"
HOLD = "custody.lock"
GATE = "gate.sock"
BEAT = "room.time"
CLOCK_S = 1.5
"""How long a start waits for the outside clock; the log's own time serves until that answers."""
FIRST_CLOCK_S = 20.0
"""How long the very first start waits for it: there is no other time to begin with."""


def in_force(data: Path, offered: config.SiteFile, state: State) -> config.SiteFile:
    """Site file that two people approved, rules and wires; a changed one only waits (design: site file)."""
    keep(data, offered)
    if state.policy in {"", offered.plan.digest}:
        return offered
    file = data / "policies" / f"{state.policy}.toml"
    if not file.exists():
        raise ConfigError(
            f"{file}: the approved site file is missing; put it back, or start with the one that was approved"
        )
    approved = config.load(file)
    if approved.plan.digest != state.policy:
        raise ConfigError(f"{file}: this is not the site file that was approved; put that one back")
    return approved


def keep(data: Path, site: config.SiteFile) -> None:
    """Keep a site file by its digest, so that it can be in force later."""
    file = data / "policies" / f"{site.plan.digest}.toml"
    if not file.exists():
        keys.write_secret(file, site.text.encode())


@contextmanager
def controller(
    site_path: Path,
    data: Path,
    stopping: Flag | None = None,
    recorder: Place | None = None,
    console: ConsolePlace | None = None,
) -> Iterator[Controller]:
    """A controller that has started, with its drivers and its gate; everything is ended on leaving.

    Setting ``stopping`` ends its ``run``. ``recorder`` is where that comes in, without it DATA/eyes.sock;
    ``console`` where the console does, without it none does.
    Raises ConfigError, LogBusy, LogExposed, LogDamaged, LogDead.
    """
    _folder(data)
    offered = config.load(site_path)
    Hold.take(data / HOLD).release()
    make_room_to_start(data)
    sweep_at_start(data)
    clock = RoomClock()
    inbox = Inbox(clock)
    wiring = Wiring(offered, data, inbox.put)
    with (
        _guarded(wiring),
        CustodyLog.open(data / LOG, origin=offered.log.origin, keys=keys_of(data, offered.log.key)) as log,
        Beat(data / BEAT) as beat,
    ):
        state = remembered(log)
        chosen = in_force(data, offered, state)
        require_continued(chosen.log.witnesses, log)
        if chosen is not offered:
            wiring.stop()
            wiring = Wiring(chosen, data, inbox.put)
        wiring.settle(state)
        told_ms = _told_wall_ms(wiring, state)
        clock.begin(_room_time(log, beat, state, told_ms))
        site = Site(chosen.plan, keys.pepper(data), state)
        eyes = _eyes(chosen, data, recorder, inbox, log, clock)
        board = Board(
            clock, wiring.gpio, chosen.plan.locks, wiring.lamps, inbox.put, siren=wiring.siren, orders=wiring
        )
        hands = HandsAndEyes(board, eyes) if eyes else board
        witnesses = LogWitnesses(chosen.log.witnesses, log.file, inbox.put)
        loop = Loop(site, log, hands, witnesses.offer if chosen.log.witnesses else None)
        log_keys = keys_of(data, chosen.log.key)
        index = BackgroundIndexer(data / LOG, str(chosen.plan.zone))
        care = LogCare(loop, clock, log_keys, index, Housekeeping(loop, data, chosen.keeping))
        life = Life(wiring)
        running = Controller(loop, care, inbox, wiring, clock, beat, stopping or Flag())
        running.alive = life
        running.begin(offered.plan.digest, clock.now() + _offset(state) if told_ms is None else told_ms)
        board.resume(site.state)
        gate = Gate(data / GATE, inbox, frozenset({os.geteuid()}), wiring.badge_keys, wiring.health, eyes)
        days = chosen.keeping.picture_days
        desk = _desk(console, Box(data, chosen.plan, _origin(log), site.pepper, clock, days), inbox)
        with _awake(gate, running, witnesses, board, eyes, desk), _guarded(wiring), life:
            yield running


def _folder(data: Path) -> None:
    try:
        make_folder(data)
    except OSError as error:
        raise ConfigError(f"{data}: the folder cannot be made ({error}); name another with --data") from error


@contextmanager
def _guarded(wiring: Wiring) -> Iterator[None]:
    """Whatever leaves this block other than by its end drops the bolts and sounds, at once."""
    orderly = False
    try:
        yield
        orderly = True
    finally:
        if not orderly:
            wiring.alarm()


@contextmanager
def _awake(
    gate: Gate,
    running: Controller,
    witnesses: LogWitnesses,
    board: Board,
    eyes: Eyes | None,
    desk: ConsoleServer | None,
) -> Iterator[None]:
    """Drivers and gate, from their start to their end; bolts drop before anything else ends."""
    try:
        running.care.start()
        witnesses.start()
        running.wiring.start()
        if eyes is not None:
            eyes.start()
        gate.start()
        if desk is not None:
            desk.start()
        yield
    finally:
        running.inbox.close()
        board.stop()
        running.wiring.stop()
        gate.stop()
        if desk is not None:
            desk.stop()
        if eyes is not None:
            eyes.stop()
        witnesses.stop()
        running.care.stop()


def _origin(log: CustodyLog) -> str:
    """Name of the log, as its signed head says it."""
    return (log.note() or b"").partition(b"\n")[0].decode()


def _desk(place: ConsolePlace | None, box: Box, inbox: Inbox) -> ConsoleServer | None:
    """The console's line; None where no console was named. One of another user reads the log by its group."""
    if place is None:
        return None
    if place.user is not None and place.user != os.geteuid():
        let_group_read(box.data / LOG)
    return ConsoleServer(place, Desk(box, place, inbox))


def _eyes(
    chosen: config.SiteFile,
    data: Path,
    place: Place | None,
    inbox: Inbox,
    log: CustodyLog,
    clock: RoomClock,
) -> Eyes | None:
    """The line to the recorder; None in a site without cameras."""
    if chosen.eyes is None:
        return None
    where = place or Place(data / SOCKET)
    try:
        return Eyes(chosen.eyes, chosen.plan, data, where, inbox.put, log.recipients, clock.monotonic)
    except OSError as error:
        raise ConfigError(f"{data}: the folder of the pictures cannot be made ({error})") from error


def _told_wall_ms(wiring: Wiring, state: State) -> int | None:
    """What the clock says at the start; None when the outside one is silent: then the log's own serves."""
    if not wiring.has_clock:
        return system_wall_ms()
    first = not state.policy
    told = wiring.outside_wall_ms(FIRST_CLOCK_S if first else CLOCK_S)
    if told is None and first:
        raise ConfigError("clock: the time server does not answer, and the first start of a site needs it")
    return told


def _room_time(log: CustodyLog, beat: Beat, state: State, told_ms: int | None) -> int:
    if not log.size:
        return 0
    gone_ms = None if told_ms is None else told_ms - (log.last_at + _offset(state))
    return continued(log.last_at, beat.last(), gone_ms)


def _offset(state: State) -> int:
    """Wall clock minus room time, as far as the log knows."""
    return state.offset if state.claimed is None else state.claimed
