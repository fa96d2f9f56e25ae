"""A house in which much goes on: visits of every kind, a command that waits, somebody who has left.

Rule: all of it is asked for as a desk would, at the gate or with a passkey; nothing is put into the log.
"""

from __future__ import annotations

from typing import Any

from tests.browser.house import Told, WebHouse, signed_so_often

GUESSED, MOST_GUESSES = "wang", 12
HOUR = 3_600_000
SOON = 6_000
"""So long is the visit of somebody who overstays, in milliseconds."""
VISITORS = {
    "waits": ("Ada Lund", "Nord AB"),
    "expected": ("Bo Lind", "Berg AG"),
    "inside": ("陈晓明", "上海精密仪器有限公司"),
    "late": ("Eve Hart", "Hart & Sons"),
    "blocked": ("Dan Frey", "Frey Ltd"),
    "left": ("Fay Moss", "Moss Ltd"),
}
"""Visits of the scene by their name here: who, from where."""


class Scene:
    """What goes on in a house; ``visits`` are ids by the names above."""

    def __init__(self, house: WebHouse) -> None:
        self.house = house
        self.visits: dict[str, str] = {}
        self.tokens: dict[str, str] = {}

    def guess(self) -> None:
        """Somebody guesses passwords until nobody is let try any more."""
        said = {"person": GUESSED, "password": "x" * 20, "code": "", "seat": "scene"}
        told: Told = {}
        for _ in range(MOST_GUESSES):
            told = self.house.client.tell({"do": "sign_in_password", **said})
        assert told.get("wait_s"), told

    def begin(self) -> None:
        """Let all of it happen."""
        self._overstay()
        for name in ("waits", "expected", "inside", "blocked", "left"):
            self._request(name)
        for name in ("expected", "inside", "left"):
            self.propose("li", "approve_visit", visit=self.visits[name])
        self._issue("inside", "P3", [{"what": "phone", "locker": "12"}])
        self._issue("left", "P4", [])
        self.asks("check_out", "zhao", visit=self.visits["left"], badge_returned=False)
        who = self.house.child.look()["visits"]["book"][self.visits["blocked"]]["visitor"]
        self.asks("block_visitor", "zhao", visitor=who, reason="left with a file")
        self.propose("chen", "end_person", person="sun")
        self.propose("chen", "release_door", door="outer", seconds=5, reason="fire brigade")
        self.house.until(self._is_late, "nobody overstays")

    @property
    def names(self) -> dict[str, str]:
        """Ids of the visits by their names here; "v0" while there is none."""
        return dict.fromkeys(VISITORS, "v0") | self.visits

    def alarms(self) -> list[Told]:
        """Alarms that stand."""
        self.house.room.follow()
        return list(self.house.room.scene.view.get("alarms", ()))

    def propose(self, person: str, ask: str, /, **fields: Any) -> str:
        """A command that somebody signs first; its id."""
        asked = self._as(person, "propose", ask=ask, fields=fields)
        self._sign(person, str(asked["command"]), asked)
        return str(asked["command"])

    def alone(self, inside: list[str]) -> None:
        """Two people have counted who is in the vault."""
        command = self.propose("chen", "recount", room="vault", inside=inside)
        self._sign("he", command, self._as("he", "sign_options", command=command))

    def _overstay(self) -> None:
        self._request("late", until=SOON)
        self.propose("li", "approve_visit", visit=self.visits["late"])
        self._issue("late", "P2", [])

    def _is_late(self) -> bool:
        return bool(self.house.child.look()["visits"]["book"][self.visits["late"]]["overstayed"])

    def _request(self, name: str, until: int = HOUR) -> None:
        wall = self.house.child.look()["wall_ms"]
        who, company = VISITORS[name]
        answer = self.asks(
            "request_visit",
            "zhao",
            **{"from": wall, "until": wall + until},
            name=who,
            company=company,
            document=f"E{len(self.visits):08}",
            document_kind="passport",
            purpose="meeting",
            host="li",
            areas=["main"],
        )
        self.visits[name] = str(answer["visit"])

    def _issue(self, name: str, badge: str, devices: list[Told]) -> None:
        self.asks(
            "issue_pass",
            "zhao",
            visit=self.visits[name],
            badge=badge,
            escort="li",
            devices=devices,
            identity_checked=True,
            no_photo="camera is being repaired",
            instruction_given=True,
            privacy_notice_given=True,
        )

    def asks(self, name: str, by: str, /, **fields: Any) -> Told:
        """Ask at the gate for what needs no signature."""
        answer = self.house.child.ask(name, by, **fields)
        assert "accepted" in answer, (name, answer)
        return answer

    def _sign(self, person: str, command: str, asked: Told) -> None:
        proof = self._proof(person, asked)
        answer = self._as(person, "sign", command=command, handle=asked["handle"], credential=proof)
        assert "refused" not in answer, answer

    def _proof(self, person: str, asked: Told) -> Told:
        """A signature that counts on from whatever a browser has counted (see ``hold``)."""
        key = self.house.keys[person]
        key.count = max(key.count, signed_so_often())
        return key.get(asked["options"])

    def _as(self, person: str, do: str, /, **fields: Any) -> Told:
        if person not in self.tokens:
            asked = self.house.client.tell({"do": "passkey_options"})
            said = {"handle": asked["handle"], "credential": self._proof(person, asked), "seat": "scene"}
            self.tokens[person] = self.house.client.tell({"do": "sign_in", **said})["token"]
        return self.house.client.tell({"do": do, "token": self.tokens[person], **fields})
