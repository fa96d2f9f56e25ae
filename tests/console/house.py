"""A house with a console's line: shims, a controller process, people with roles, and their passkeys.

Rule: it reaches the controller as anybody would, by gate and console socket; nothing looks inside.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, Self

from controller import config
from controller.child import Child
from controller.console.client import ConsoleClient
from controller.console.sign_in_codes import check_of, fresh_code
from controller.ledger.reading import LogReader
from firmware_shims.bench import Bench
from tests.console.authenticator import SoftKey
from tests.forked import ForkedChild
from tests.wires.wired import WALL_MS

ORIGIN, RP_ID = "https://console.vault.lan", "console.vault.lan"
LONG = 60.0
SETTLED_S = 5.0
SITE = """
[site]
name = "small house"
timezone = "Asia/Shanghai"
legacy_uid = "legacy, may be copied"

[room.vault]
duty = "always"

[door.main]
room = "vault"
reader_in = "osdp:///dev/ttyAMA1?address=1"
reader_out = "osdp:///dev/ttyAMA1?address=2"
strike = "gpio:relay/1"
contact = "gpio:input/1"
"""
ROLES: dict[str, list[str]] = {
    "zhao": ["chief"],
    "chen": ["chief"],
    "sun": ["chief"],
    "li": ["guard"],
    "wang": ["custodian"],
    "gao": ["auditor"],
    "ma": [],
}
Told = dict[str, Any]


class House:
    """One site, its controller and whoever signs in; ``more`` are further options of ``ironroom run``."""

    def __init__(self, folder: Path, *more: str, site_text: str = SITE) -> None:
        site = config.loads(site_text, "house.toml")
        self.bench = Bench(site.text, site.addresses, folder, wall_ms=WALL_MS)
        self.data = self.bench.data
        options = ["--console-origin", ORIGIN, *more]
        self.child: Child = ForkedChild(self.bench.site, self.data, self.bench.environment(), more=options)
        self.client = ConsoleClient(self.data / "console.sock", LONG)
        self.keys: dict[str, SoftKey] = {}
        self.tokens: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.child.kill()
        self.bench.stop()
        (self.data / "reserve").unlink(missing_ok=True)

    def founded(self, *signed_in: str) -> Self:
        """Start, enrol the people, and let some of them set up their passkey and sign in."""
        self.child.start()
        people = {person: {"roles": roles} for person, roles in ROLES.items()}
        assert self.child.ask("found", people=people) == {"accepted": True}
        self._settle()
        for person in signed_in:
            by, second = [*self.keys, "", ""][:2] if len(self.keys) >= 2 else ("", "")
            self.set_up(person, by, second)
        return self

    def _settle(self) -> None:
        """Wait until the controller believes its contacts: what comes of that is no deed of a test."""
        end = time.monotonic() + SETTLED_S
        while "unknown" in self.child.look()["inputs"].values() and time.monotonic() < end:
            Event().wait(0.02)

    def set_up(self, person: str, by: str = "", second: str = "") -> SoftKey:
        """Give somebody their first passkey by a code of the box; they are signed in with it."""
        code = self.code(person, by, second)
        begun = self.tell("set_up_begin", person=person, code=code)
        key = SoftKey(ORIGIN, RP_ID)
        told = self.tell(
            "set_up_finish", handle=begun["handle"], credential=key.create(begun["options"]), label="first"
        )
        self.keys[person], self.tokens[person] = key, told["token"]
        return key

    def code(self, person: str, by: str = "", second: str = "") -> str:
        """A code of the box for somebody."""
        code = fresh_code()
        asked = self.child.ask("enrolment_code", by, second, person=person, check=check_of(code))
        assert "accepted" in asked, asked
        return code

    def sign_in(self, person: str, seat: str = "desk") -> str:
        """Sign somebody in by passkey; the token."""
        asked = self.tell("passkey_options")
        proof = self.keys[person].get(asked["options"])
        told = self.tell("sign_in", handle=asked["handle"], credential=proof, seat=seat)
        self.tokens[person] = told["token"]
        return self.tokens[person]

    def tell(self, do: str, /, **fields: Any) -> Told:
        """One request."""
        return self.client.tell({"do": do, **fields})

    def as_(self, person: str, do: str, /, **fields: Any) -> Told:
        """One request with somebody's token."""
        return self.tell(do, token=self.tokens[person], **fields)

    def propose(self, person: str, ask: str, /, **fields: Any) -> Told:
        """A command that somebody wants."""
        return self.as_(person, "propose", ask=ask, fields=fields)

    def sign(self, person: str, asked: Told, command: str = "", key: SoftKey | None = None) -> Told:
        """Sign what was asked, as a browser would."""
        proof = (key or self.keys[person]).get(asked["options"])
        said = {"command": command or asked["command"], "handle": asked["handle"], "credential": proof}
        return self.as_(person, "sign", **said)

    def second(self, person: str, command: str) -> Told:
        """Sign a command as the second."""
        return self.sign(person, self.as_(person, "sign_options", command=command), command)

    def both(self, first: str, second: str, ask: str, /, **fields: Any) -> Told:
        """A command that two people sign."""
        asked = self.propose(first, ask, **fields)
        waits = self.sign(first, asked)
        assert waits.get("waits") == 1, waits
        return self.second(second, asked["command"])

    def entries(self, *kinds: str, after: int = -1) -> list[Told]:
        """Durable Entries of some kinds, or all."""
        with LogReader(self.data / "custody.db") as reader:
            found = reader.entries(after=after, sealed=True)
            return [dict(e) for e in found if not kinds or e.get("kind") in kinds]

    @property
    def newest(self) -> int:
        """Counter of the newest Entry."""
        with LogReader(self.data / "custody.db") as reader:
            return reader.count() - 1

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for what must come true."""
        end = time.monotonic() + LONG
        while not true():
            assert time.monotonic() < end, self.child.words
            Event().wait(0.01)
