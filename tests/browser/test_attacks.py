"""Whatever somebody types anywhere stays text in a real browser, on the pages and papers that show it."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.house import Desk, Told, WebHouse

HIT = "window.hit=(window.hit||0)+1"
HOUR = 3_600_000


def nasty(n: int) -> str:
    """A text that is markup, script, attribute, template, style and link at once, if anything lets it."""
    markup = f"<img src=x{n} onerror={HIT}><script>{HIT}</script>"
    return f"n{n}'\">{markup}{{{{7*7}}}}"


LINK = "javascript:" + HIT
PERSON = f"<svg onload={HIT}>"
FETCHED = """async (path) => {
  const answer = await fetch(path), octets = new Uint8Array(await answer.arrayBuffer());
  return [answer.status, answer.headers.get("content-disposition") || "",
          btoa(Array.from(octets, (one) => String.fromCharCode(one)).join(""))]; }"""
PROBE = """() => ({hit: window.hit || 0,
  planted: document.querySelectorAll('img[src^="x"], svg[onload], script:not([nonce]):not([src])').length,
  links: [...document.querySelectorAll('[href],[action],[formaction]')].filter((one) =>
    /^\\s*(javascript|data|vbscript):/i.test(one.getAttribute('href') || one.getAttribute('action') ||
      one.getAttribute('formaction') || '')).length,
  shown: /n\\d+'">/.test(document.body.innerText)})"""
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|SubmitForm|ImportData|URI|RichMedia)\b")


class Typist:
    """Signs in as several people and types nasty texts into everything that takes one."""

    def __init__(self, house: WebHouse) -> None:
        self.house, self.tokens = house, dict[str, str]()

    def say(self, person: str, do: str, /, **fields: Any) -> Told:
        if person not in self.tokens:
            asked = self.house.client.tell({"do": "passkey_options"})
            seat = {"handle": asked["handle"], "credential": self.proof(person, asked), "seat": nasty(0)[:60]}
            self.tokens[person] = str(self.house.client.tell({"do": "sign_in", **seat})["token"])
        return dict(self.house.client.tell({"do": do, "token": self.tokens[person], **fields}))

    def proof(self, person: str, asked: Told) -> Told:
        """A signature that counts less than whatever a browser counts later (see ``hold``)."""
        return self.house.keys[person].get(asked["options"])

    def ask(self, person: str, ask: str, /, **fields: Any) -> Told:
        told = self.say(person, "ask", ask=ask, fields=fields, key="")
        assert "accepted" in told, (ask, told)
        return told

    def sign(self, people: tuple[str, ...], ask: str, /, **fields: Any) -> str:
        asked = self.say(people[0], "propose", ask=ask, fields=fields)
        command = str(asked["command"])
        for person in people:
            asked = self.say(person, "sign_options", command=command)
            said = {"command": command, "handle": asked["handle"], "credential": self.proof(person, asked)}
            told = self.say(person, "sign", **said)
            assert "refused" not in told, (ask, told)
        return command

    def plant(self) -> str:
        """Type; the id of a visit whose pass can be printed."""
        claims = {"name": nasty(1), "company": nasty(2), "contact": LINK, "department": nasty(3)}
        posts = {"posts": [nasty(4)], "badges": [nasty(5)[:40]]}
        self.sign(("chen", "he"), "enrol", person=PERSON, roles=["guard"], **claims, **posts)
        visit = self.visit()
        self.ask("zhao", "lockdown", reason=nasty(10))
        self.sign(("chen",), "lift_lockdown")
        self.ask("chen", "note_entry", n=self.house.newest, text=nasty(11), exception=True)
        self.ask("zhao", "hand_over", to="chen", note=nasty(12))
        self.ask("zhao", "block_badge", badge=nasty(5)[:40], reason=nasty(13))
        self.sign(("chen",), "release_door", door="outer", seconds=5, reason=nasty(14))
        self.guess()
        return visit

    def visit(self) -> str:
        wall = self.house.child.look()["wall_ms"]
        times = {"from": wall, "until": wall + HOUR}
        who = {
            "name": nasty(6),
            "company": nasty(7),
            "contact": LINK,
            "purpose": nasty(8),
            "group": nasty(9)[:40],
        }
        paper = {"document": "E12345678", "document_kind": "passport", "host": "li", "areas": ["main"]}
        visit = str(self.ask("zhao", "request_visit", **times, **who, **paper)["visit"])
        self.sign(("chen",), "approve_visit", visit=visit)
        devices = [{"what": "phone", "locker": nasty(15)[:40]}]
        given = {"identity_checked": True, "instruction_given": True, "privacy_notice_given": True}
        self.ask(
            "zhao",
            "issue_pass",
            visit=visit,
            badge="P3",
            escort="li",
            devices=devices,
            no_photo=nasty(16),
            **given,
        )
        return visit

    def guess(self) -> None:
        """A name that nobody has, typed by whoever is in the network."""
        said = {"person": nasty(17), "password": "x", "code": "", "seat": nasty(18)[:60]}
        assert self.house.client.tell({"do": "sign_in_password", **said})["refused"] == "wrong"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    folder = tmp_path_factory.mktemp("a")
    with WebHouse(folder, people=("zhao", "li", "chen", "he")) as house:
        yield house


@pytest.fixture(scope="module")
def visit(house: WebHouse) -> str:
    return Typist(house).plant()


def test_markup_that_was_typed_is_text_wherever_it_is_shown(
    house: WebHouse, visit: str, desk: Callable[..., Desk]
) -> None:
    """No element, no link and no script comes of it; ``desk`` sees to it that the browser's policy was not
    even needed: no page complained."""
    page, shown = desk().sign_in("chen", "/now"), []
    person, newest = quote(PERSON, safe=""), house.newest
    for path in (
        *("/now", "/now/hand-over", f"/visitors?visit={visit}", "/people", f"/people/{person}"),
        *(f"/people/{person}/book", f"/people/{person}/change", "/commands", "/account", "/review"),
        *("/review?text=n11", "/review/sign-off", f"/review/{newest - 2}", f"/review/{newest - 7}"),
    ):
        page.goto(house.origin + path, wait_until="domcontentloaded")
        found = page.evaluate(PROBE)
        assert (found["hit"], found["planted"], found["links"]) == (0, 0, 0), (path, found)
        shown += [path] if found["shown"] else []
    assert len(shown) >= 3, shown


def test_markup_in_a_link_that_somebody_was_sent_is_text(house: WebHouse, desk: Callable[..., Desk]) -> None:
    page, query = desk().sign_in("chen", "/now"), "x%27%22%3E%3Cimg%20src%3Dx1%20onerror%3Dwindow.hit%3D1%3E"
    for path in (
        *("/people?q=", "/review?text=", "/now/room/vault?at=", "/commands/order/release_door?door="),
        *("/visitors?visit=", "/sign-in?again=1&next=/now?", "/now/room/"),
    ):
        page.goto(house.origin + path + query)
        found = page.evaluate(PROBE)
        assert (found["hit"], found["planted"], found["links"]) == (0, 0, 0), (path, found)


def test_papers_carry_no_script_and_no_link(house: WebHouse, visit: str, desk: Callable[..., Desk]) -> None:
    guard = desk().sign_in("zhao", "/visitors")
    for path in (
        f"/visitors/{visit}/pass.pdf",
        "/visitors/notice.pdf",
        "/now/roll-call/sheet",
        "/proof/slip",
    ):
        status, head, text = guard.evaluate(FETCHED, path)
        assert status == 200, path
        paper = base64.b64decode(text)
        assert paper.startswith(b"%PDF"), path
        assert not re.search(r"n\d+|<|\\r", head), head
        streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL)
        texts = [zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x"]
        assert not ACTIVE.search(
            b"\n".join([re.sub(rb"stream.*?endstream", b"", paper, flags=re.DOTALL), *texts])
        )


def test_what_a_screen_left_alone_can_be_made_to_do(house: WebHouse, desk: Callable[..., Desk]) -> None:
    """Somebody at the guard's open screen without the guard's passkey: nothing signed, no factor changed."""
    page = desk().sign_in("zhao", "/now")
    script = """async ([path, body]) => {
      const head = {"X-Ironroom-Mark": document.querySelector('[name=mark]').value,
                    "Content-Type": "application/x-www-form-urlencoded"};
      return (await fetch(path, {method: "POST", headers: head, body, redirect: "manual"})).status; }"""
    before = house.newest
    for path, body in (
        ("/enrol", "person=eve&roles=chief"),
        ("/people/zhao/change", "roles=chief"),
        ("/people/zhao/invite", ""),
        ("/review/sign-off", "first=0&last=5"),
        ("/review/export", "form=jsonl"),
        ("/commands/order/release_door", "door=outer&seconds=5&reason=x"),
        ("/devices/order/pair_reader", "device=main.in"),
        ("/people/chen/sign-out", ""),
    ):
        assert page.evaluate(script, [path, body]) in {400, 403, 404}, path
    for path in ("/review", "/review/0", "/people/zhao/book", "/review/export", "/devices", "/enrol"):
        assert page.goto(house.origin + path).status in {403, 404}, path  # type: ignore[union-attr]
    done = {one["kind"] for one in house.entries(after=before)}
    assert (
        done
        <= {"evidence_read", "signed_in", "signed_out", "refused", "witnessed", "log_witnessed"} | QUIET_KINDS
    )


QUIET_KINDS = {"alarm_raised", "pictures_taken", "no_picture", "clock_checked", "state_kept", "snapshot"}
"""What the room itself may tell meanwhile."""
