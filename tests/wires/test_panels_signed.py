"""From a signature to the wall: log, loop, board, wire and display as they are in a controller."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.effects import Outcome
from controller.core.events import Asking, ConsoleNews, Event, Started
from controller.core.site import Site
from controller.core.words import Kind
from controller.errors import LogDead
from controller.ledger.custody_log import CustodyLog
from controller.loop import Loop
from tests.wires.test_panels import Written
from tests.wires.wired import LONG, WALL_MS

CODE, DIGEST = "4F2A-91C0", "4f2a91c0" + 56 * "0"
CHIEFS = {person: {"badges": [f"B-{person}"], "roles": ["chief"]} for person in ("li", "wang")}
INSIDE = {"room": "vault", "inside": ["li", "wang"]}


class Signed(Written):
    """A controller without its drivers' inputs, at whose console two chiefs may sign."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        plan = self.wiring.plan
        self.log = CustodyLog.open(folder / "custody.db")
        self.loop = Loop(Site(plan), self.log, self.board)
        self.turn(
            Started(self.at, WALL_MS, plan.digest), Asking(self.at, "found", "", "", {"people": CHIEFS})
        )
        for person in CHIEFS:
            code = {"person": person, "check": sha256(person.encode()).hexdigest()}
            key = {"credential": f"key-{person}", "key": "public", "label": "blue"}
            self.turn(
                Asking(self.at, "enrolment_code", "", fields=code),
                ConsoleNews(self.at, Kind.PASSKEY_ENROLLED, (person,), key),
            )

    @property
    def at(self) -> int:
        return self.clock.now()

    def turn(self, *events: Event) -> list[Outcome]:
        outcomes = self.loop.turn(events)
        assert all(one.answer is None or one.answer.accepted for one in outcomes)
        return outcomes

    def sign(self, name: str, by: str, second: str = "", /, **fields: Any) -> None:
        signatures = [{"credential": f"key-{person}"} for person in (by, second) if person]
        ask = fields.get("ask", name)
        proof = {"ask": ask, "digest": DIGEST, "code": CODE, "signatures": signatures}
        self.turn(Asking(self.at, name, by, second, fields, Via.SIGNATURE, proof))

    def close(self) -> None:
        self.log.close()
        super().close()


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[Signed]:
    signed = Signed(tmp_path)
    yield signed
    signed.close()


def test_a_command_stands_on_the_wall_when_one_has_signed_it_and_before_it_is_carried_out(
    signed: Signed,
) -> None:
    signed.sign("sign_command", "li", ask="recount", fields=INSIDE, room="vault")
    assert signed.panel("p2").wait_shows("by li", LONG)
    assert signed.panel("p2").shows == ("RECOUNT vault li", "wang", f"{CODE} WAITS", "by li")
    assert signed.loop.site.state.room("vault").inside == ()
    signed.sign("recount", "li", "wang", **INSIDE)
    assert signed.panel("p2").wait_shows(f"{CODE} DONE", LONG)
    assert set(signed.loop.site.state.room("vault").inside) == {"li", "wang"}


def test_a_command_that_was_taken_back_leaves_the_wall(signed: Signed) -> None:
    signed.sign("sign_command", "li", ask="recount", fields=INSIDE, room="vault")
    assert signed.panel("p1").wait_shows(CODE, LONG)
    about = {"ask": "recount", "digest": DIGEST, "code": CODE, "why": "withdrawn"}
    signed.turn(ConsoleNews(signed.at, Kind.COMMAND_EXPIRED, ("li",), about))
    assert signed.panel("p1").wait_blank(LONG)


def test_what_cannot_be_written_down_is_told_on_no_wall(signed: Signed) -> None:
    signed.log.close()
    with pytest.raises(LogDead):
        signed.sign("sign_command", "li", ask="recount", fields=INSIDE, room="vault")
    signed.show("p1", "last")
    assert signed.panel("p1").wait_shows("last", LONG)
    assert not any(b"4F2A" in text for text in signed.panel("p1").texts)
