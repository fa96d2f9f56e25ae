"""Bringing a controller up: site file, bolts, log, state, and the policy that is in force.

Rule: bolts first; then the log; nothing is started on a log that another controller keeps or that is damaged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from controller import config, keys
from controller.board import Board
from controller.clock import RoomClock, system_wall_ms
from controller.controller_process import Controller
from controller.core.fold import fold
from controller.core.freeze import from_json
from controller.core.site import Site
from controller.core.state import State
from controller.errors import ConfigError
from controller.gate import Gate
from controller.inbox import Inbox
from controller.ledger.custody_log import CustodyLog
from controller.loop import Loop
from controller.wiring import Wiring

LOG = "custody.db"
GATE = "gate.sock"


def remembered(log: CustodyLog) -> State:
    """State of the log: the newest saved state and the tail behind it."""
    saved = log.latest_state()
    state = from_json(json.loads(saved.state)) if saved else State()
    for entry in log.tail(saved.n if saved else -1):
        fold(state, entry)
    return state


def in_force(data: Path, offered: config.SiteFile, state: State) -> config.SiteFile:
    """Site file whose policy two people approved; a changed one only waits (design: site file)."""
    keep(data, offered)
    if state.policy in {"", offered.plan.digest}:
        return offered
    file = data / "policies" / f"{state.policy}.toml"
    if not file.exists():
        raise ConfigError(
            f"{file}: the approved site file is missing; put it back, or start with the one that was approved"
        )
    return config.load(file)


def keep(data: Path, site: config.SiteFile) -> None:
    """Keep a site file by its digest, so that it can be in force later."""
    file = data / "policies" / f"{site.plan.digest}.toml"
    if not file.exists():
        keys.write_secret(file, site.text.encode())


@contextmanager
def controller(site_path: Path, data: Path) -> Iterator[Controller]:
    """A controller that has started, with its drivers and its gate; everything is ended on leaving."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    offered = config.load(site_path)
    clock = RoomClock()
    inbox = Inbox(clock)
    wiring = Wiring(offered.plan, offered.addresses, data, inbox.put)
    with CustodyLog.open(data / LOG) as log:
        state = remembered(log)
        chosen = in_force(data, offered, state)
        if chosen.plan.digest != offered.plan.digest and chosen.addresses != offered.addresses:
            raise ConfigError(
                f"{site_path}: the wiring differs from the approved policy {state.policy[:12]}; "
                "start with the approved file and approve the new one first"
            )
        clock.begin(log.last_at + 1 if log.size else 0)
        site = Site(chosen.plan, keys.pepper(data), state)
        board = Board(clock, wiring.gpio, chosen.plan.locks, wiring.lamps, inbox.put, siren=wiring.siren)
        running = Controller(Loop(site, log, board), inbox, wiring, clock)
        running.begin(offered.plan.digest, _wall_ms(wiring, running))
        gate = Gate(data / GATE, inbox, frozenset({os.geteuid()}))
        wiring.start()
        gate.start()
        try:
            yield running
        finally:
            gate.stop()
            wiring.stop()


def _wall_ms(wiring: Wiring, running: Controller) -> int:
    """Wall clock at the start: with an outside clock, the log's own until that has answered."""
    state = running.site.state
    if wiring.has_clock and state.policy:
        return running.clock.now() + (state.offset if state.claimed is None else state.claimed)
    return system_wall_ms()
