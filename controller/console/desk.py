"""The desk: every request of the console's line and the counter that answers it. Law 5.

Rule: what a request is worth is known here and nowhere in the web process, which is trusted with nothing:
it hands over a browser's token, and the desk knows whose that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from controller.clock import RoomClock
from controller.console.asking import Counter
from controller.console.core_line import CoreLine
from controller.console.factors import Factors
from controller.console.handles import Handles
from controller.console.lines import BadLineError, Request, parsed
from controller.console.lockout import Lockout
from controller.console.news import RefusalNews
from controller.console.parts import Parts
from controller.console.passkeys import Passkeys
from controller.console.passwords import Passwords
from controller.console.photos import Photos
from controller.console.picture import LOG, Pictures
from controller.console.place import ConsolePlace
from controller.console.refusals import NoError, Told, no
from controller.console.sessions import Sessions
from controller.console.set_ups import SetUps
from controller.console.sign_ins import SignIns
from controller.console.signing import Signing
from controller.console.site_shape import site_shape
from controller.console.store import Store
from controller.console.totp import Codes
from controller.console.visitor import Visitors
from controller.core.plan import SitePlan
from controller.core.words import Reason
from controller.errors import IronroomError
from controller.inbox import Inbox
from controller.ledger.sqlite import sqlite3

SWEEP_S = 30.0
STOP_S = 1.0
"""How long an end waits for the sweeper; whoever still asks then is told that nobody answers."""


@dataclass(frozen=True, slots=True)
class Box:
    """What the desk is given of the controller that runs: folder, plan, log's name, pepper, clock, days."""

    data: Path
    plan: SitePlan
    origin: str
    pepper: bytes
    clock: RoomClock
    picture_days: int


class Desk:
    """Answers a line, from any thread; raises LogExposed when its file can be touched by others."""

    def __init__(self, box: Box, place: ConsolePlace, inbox: Inbox) -> None:
        self._box, self._place = box, place
        self._store = Store(box.data)
        core = CoreLine(inbox)
        self._parts = Parts(
            self._store,
            core,
            Sessions(self._store, box.clock.now),
            Passkeys(place.rp_id, place.origin, box.plan.name),
            Passwords(self._store),
            Codes(self._store),
            Lockout(monotonic),
            Handles(monotonic),
            RefusalNews(core, monotonic),
            box.clock.now,
            monotonic,
        )
        for one in self._parts.sessions.all():
            self._parts.lockout.knows(one.person, one.seat)
        self._stopping = Event()
        self._sweeper = Thread(target=self._sweep, name="console: sweeper", daemon=True)
        self._photos = Photos(self._parts, box.data, box.picture_days)
        self._answers = self._counters()

    def start(self) -> None:
        """Begin to look for sessions whose time is over."""
        self._sweeper.start()

    def stop(self) -> None:
        """End; sessions last on."""
        self._stopping.set()
        if self._sweeper.ident is not None:
            self._sweeper.join(STOP_S)
        self._store.close()

    def answer(self, line: bytes) -> Told:
        """What is said to one line."""
        try:
            said = parsed(line)
            return self._answers[said.do](said)
        except BadLineError as error:
            return no(Reason.NOT_UNDERSTOOD, str(error))
        except NoError as error:
            return error.answer
        except sqlite3.Error:
            return no("no_answer")

    def _counters(self) -> Mapping[str, Callable[[Request], Told]]:
        sign_ins, factors, counter = SignIns(self._parts), Factors(self._parts), Counter(self._parts)
        set_ups = SetUps(self._parts, sign_ins)
        signing = Signing(self._parts, self._box.origin, self._box.pepper, self._box.data / LOG)
        pictures = Pictures(self._parts, self._box.data)
        visitors = Visitors(self._parts, self._box.pepper)
        return {
            "site": self._site,
            "passkey_options": sign_ins.passkey_options,
            "sign_in": sign_ins.sign_in,
            "sign_in_password": sign_ins.sign_in_password,
            "set_up_begin": set_ups.set_up_begin,
            "set_up_finish": set_ups.set_up_finish,
            "set_up_password": set_ups.set_up_password,
            "set_up_codes": set_ups.set_up_codes,
            "who": sign_ins.who,
            "prove": sign_ins.prove,
            "prove_password": sign_ins.prove_password,
            "sign_out": sign_ins.sign_out,
            "sessions": sign_ins.sessions,
            "end_session": sign_ins.end_session,
            "passkey_begin": factors.passkey_begin,
            "passkey_finish": factors.passkey_finish,
            "offered": factors.offered,
            "set_password": factors.set_password,
            "totp_begin": factors.totp_begin,
            "totp_finish": factors.totp_finish,
            "room": counter.room,
            "ask": counter.ask,
            "look": counter.look,
            "propose": signing.propose,
            "sign": signing.sign,
            "sign_options": signing.sign_options,
            "commands": signing.commands,
            "withdraw": signing.withdraw,
            "picture": pictures.picture,
            "visitor": visitors.visitor,
            "pass_code": visitors.pass_code,
            "pass_of": visitors.pass_of,
            "keep_photo": self._photos.keep,
            "photo": self._photos.photo,
        }

    def _site(self, _said: Request) -> dict[str, Any]:
        """What everybody may know of the site, signed in or not: names, and whether the house signs."""
        plan = self._box.plan
        return {
            "site": plan.name,
            "zone": str(plan.zone),
            "rp_id": self._place.rp_id,
            "origin": self._place.origin,
            "set_up": self._parts.core.sight().signs,
            "plan": site_shape(plan),
        }

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_S):
            try:
                self._parts.sweep()
                self._photos.sweep()
            except (NoError, sqlite3.Error, IronroomError):
                continue  # a loop that is busy or a full disk is looked at again in half a minute
