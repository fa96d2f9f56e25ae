"""A whole room behind the console's line: the real core decides, pages read its Entries in a real log.

Rule: nothing is decided here; the line answers what view, core and log say. Pictures are one grey square.
"""

from __future__ import annotations

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from controller import config
from controller.console.site_shape import site_shape
from controller.core.console_roles import SEES_SEALED
from controller.gate import told as as_told
from controller.ledger.custody_log import CustodyLog
from controller.view import view
from tests.core import eyes
from tests.core.desk import DESK, Desk
from tests.web.peer import SITE, Peer, Told, person

FILE = Path(__file__).resolve().parents[2] / "controller" / "sites" / "passage.toml"
NAMES = {
    "sun": "Sun Li",
    "qian": "Qian Duo",
    "zhou": "Zhou Min",
    "zheng": "Zheng He",
    "li": "Li Wei",
    "wang": "Wang Fang",
    "guest": "Gao Yi",
}


class Scene:
    """The built-in passage, its people and its log; ``who`` is signed in."""

    def __init__(self, peer: Peer, log: CustodyLog, who: str = "sun") -> None:
        self.peer, self.log = peer, log
        self.room = Desk(config.load(FILE).plan, **{p: {**DESK.get(p, {})} for p in DESK})
        self.jpeg = _jpeg()
        self.shape = site_shape(self.room.plan)
        self.written = 0
        self.looks: list[Told] = []
        peer.answers.update(
            site={**SITE, "plan": self.shape},
            room=self._room,
            ask=self._ask,
            look=self._look,
            picture=self._picture,
            commands={"commands": []},
        )
        self.sign_in(who)
        self.write()

    def sign_in(self, who: str) -> None:
        """Somebody else is at the desk."""
        self.who, self.roles = who, tuple(DESK[who]["roles"])
        self.peer.answers["who"] = person(*self.roles, name=who)

    def write(self) -> None:
        """Everything that has happened is in the log."""
        new = [json.loads(json.dumps(body)) for body in self.room.entries[self.written :]]
        self.written += len(new)
        self.log.append([_named(body) for body in new])

    def force(self) -> None:
        """The iron door is opened by force, and cameras answer."""
        self.room.wait(5)
        self.room.open("main")
        self.pictured()

    def pictured(self) -> None:
        """Cameras answer the last Snapshot, if there is one."""
        number = str(eyes.last_shot(self.room))
        for part in ("now", "after"):
            if number in self.room.state.open_shots:
                self.room.wait(2)
                eyes.answer(self.room, part)
        self.write()

    def opened(self, *badges: str) -> None:
        """Two people open the vault and go in through the passage; Li and Wang unless told."""
        for door in ("outer", "main"):
            for badge in badges or ("B1", "B2"):
                self.room.tap(f"{door}.in", badge)
            self.room.through(door)
        self.write()

    def duress(self) -> None:
        """Somebody inside is forced to type a PIN, and types the other one."""
        self.opened()
        self.room.tap("c1", "B1")
        self.room.pin("c1", "4822")
        self.write()
        assert "duress" in self.room.alarms

    def view(self, *, sealed: bool = False) -> Told:
        """The room as the controller tells it."""
        told: Told = json.loads(json.dumps(view(self.room.site, sealed=sealed)))
        return told

    def _room(self, _said: Told) -> Told:
        return {"view": self.view(sealed=bool({*self.roles} & SEES_SEALED))}

    def _ask(self, said: Told) -> Told:
        outcome = self.room.says(said["ask"], self.who, **said["fields"])
        self.write()
        assert outcome.answer is not None
        return as_told(outcome.answer)

    def _look(self, said: Told) -> Told:
        self.looks.append(said)
        return {"n": self.log.size - 1}

    def _picture(self, said: Told) -> Told:
        return {"jpeg": b64encode(self.jpeg).decode(), "caption": f"{said['camera']} {said['moment']:+d} ms"}


def _named(body: dict[str, Any]) -> dict[str, Any]:
    """People of an Entry of an enrolment with the names that the book of people would have."""
    enrolled = body.get("person", {}) if body.get("kind") == "enrolled" else {}
    called = NAMES.get(enrolled.get("id", "")) if isinstance(enrolled, dict) else None
    return body | ({"personal": {enrolled["id"]: {"name": called}}} if called else {})


def _jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 40), (120, 124, 128)).save(file, "JPEG")
    return file.getvalue()
