"""Every page of the console in the states that somebody meets it in, for audits and for pictures.

Rule 1: a page that is in the URL map and in no state here is a fault (test_axe.py says so).
Rule 2: states stand in the order of a day: what one of them needs has happened in the house before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.scene import Scene

SOON_MS = 60_000
STRANGER = ""
"""Nobody has signed in."""
Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class State:
    """What somebody sees at a path, which names a visit of the scene as ``{waits}``; ``act``: and then does.

    ``leads``: endpoint of the page that this leads to; ``signs``: with a passkey, held by a tab of its own.
    ``before``: what happens in the house just before.
    """

    name: str
    path: str
    who: str = "chen"
    act: Act | None = None
    leads: str = ""
    signs: bool = False
    before: Callable[[Scene], None] | None = None

    def show(self, page: Page, scene: Scene) -> None:
        """Lead a page of that person's into the state."""
        if self.before:
            self.before(scene)
        page.goto(scene.house.origin + self.path.format(**scene.names))
        page.locator("main").first.wait_for(timeout=SOON_MS)
        if self.act:
            self.act(page)


@dataclass(frozen=True, slots=True)
class Hour:
    """A part of the day: what happens in the house, and what is seen then."""

    begin: Callable[[Scene], None]
    states: tuple[State, ...]


def click(first: str, then: str) -> Act:
    """Click, and wait for what comes of it."""

    def act(page: Page) -> None:
        page.locator(first).first.click()
        page.locator(then).first.wait_for(timeout=SOON_MS)

    return act


def empty(form: str, button: str = ".primary") -> Act:
    """Send a form with nothing in it, past the browser's own check; wait for what is wrong."""

    def act(page: Page) -> None:
        page.locator(form).evaluate("one => { one.noValidate = true; }")
        page.locator(form).locator(button).first.click()
        page.locator(".wrong:visible, main.alone").first.wait_for(timeout=SOON_MS)

    return act


def follow(link: str) -> Act:
    """Open where a link leads, as a browser without scripts does."""

    def act(page: Page) -> None:
        page.locator(link).first.wait_for(timeout=SOON_MS)
        page.goto(str(page.locator(link).first.evaluate("one => one.href")))

    return act


def sheet(page: Page) -> None:
    """Ask for the sheet of keys."""
    page.keyboard.press("?")
    page.locator("#sheet[open]").wait_for(timeout=SOON_MS)


def guess(page: Page) -> None:
    """Try a password of somebody's whom guessing has locked out."""
    page.locator("details summary").click()
    for name in ("person", "password", "code"):
        page.locator(f"#{name}").fill("wang")
    page.locator("form[action$='/sign-in'] .primary, details .primary").first.click()
    page.locator(".wrong:visible").first.wait_for(timeout=SOON_MS)


def exported(page: Page) -> None:
    """Sign for an export."""
    page.locator("main form .primary").first.click()
    with page.expect_navigation():
        page.locator("[data-sign-go]").click()


MENU = click("details.me summary", "details.me[open]")
SIGN = click("#chosen form[data-sign] .primary", "#sign[open] [data-sign-go]:enabled")
NOT_YET = (
    State("now calm", "/now"),
    State("visitors empty", "/visitors", "zhao"),
    State("visitors empty of a custodian", "/visitors", "li"),
    State("commands empty", "/commands", "he"),
    State("sign-in", "/sign-in", STRANGER),
    State("sign-in by password", "/sign-in", STRANGER, click("details summary", "details[open]")),
    State("sign-in locked out", "/sign-in", STRANGER, guess, before=Scene.guess),
    State("set-up", "/set-up", STRANGER),
    State("set-up by password", "/set-up/password", STRANGER),
    State("404", "/no-such-page", STRANGER),
    State("404 signed in", "/no-such-page"),
    State("403", "/people", "tang"),
)
BUSY = (
    State("now overstay", "/now", "zhao"),
    State("now of a custodian", "/now", "li"),
    State("now menu", "/now?quiet=1", "chen", MENU),
    State("now keys", "/now", "chen", sheet),
    State("room", "/now/room/vault"),
    State("hand over", "/now/hand-over", "zhao"),
    State("roll call", "/now/roll-call", "zhao"),
    State("lockdown", "/now/lockdown", "zhao"),
    State("daily closing", "/closing", "zhao"),
    State("visitors", "/visitors", "zhao"),
    State("visitor form wrong", "/visitors", "zhao", empty("#visit", ".bar.sticky .primary")),
    State("visit waits", "/visitors?visit={waits}", "zhao"),
    State("visit signed for", "/visitors?visit={waits}", "chen", SIGN),
    State("visit expected", "/visitors?visit={expected}", "zhao"),
    State(
        "visit pass wrong", "/visitors?visit={expected}", "zhao", empty("#issue", ":scope > .bar .primary")
    ),
    State("visit issued", "/visitors?issued={inside}", "zhao"),
    State("visit inside", "/visitors?visit={inside}", "zhao"),
    State("visit overstay", "/visitors?visit={late}", "zhao"),
    State("visit blocked", "/visitors?visit={blocked}", "zhao"),
    State("visit badge missing", "/visitors?visit={left}", "zhao"),
    State("people", "/people"),
    State("people nobody", "/people?words=qqqq"),
    State("person", "/people/li"),
    State("person ended", "/people/sun"),
    State("person back", "/people/sun/back"),
    State("person book", "/people/li/book"),
    State("person leave", "/people/li/leave"),
    State("person change", "/people/li/change"),
    State("badge", "/people/li/badge"),
    State("enrol", "/enrol"),
    State("enrol wrong", "/enrol", "chen", empty("form.person")),
    State("commands first signer", "/commands"),
    State("commands second signer", "/commands", "he"),
    State("order", "/commands/order/release_door"),
    State("order wrong", "/commands/order/release_door", "chen", empty("main form"), "devices.order"),
    State("order recount", "/commands/order/recount"),
    State("devices", "/devices", "tang"),
    State("device order", "/devices", "tang", click("a[href*='/devices/order/']", "main form")),
    State("review", "/review?only=all"),
    State("review nothing", "/review?words=qqqq"),
    State("entry", "/review/40"),
    State(
        "entry of an alarm",
        "/review?kind=alarm_raised",
        "qian",
        click("td a[href*='/review/']", ".said"),
        "review.entry",
    ),
    State("sign-off", "/review/sign-off"),
    State("export", "/review/export"),
    State("export ready", "/review/export", "qian", exported, "export.ready", signs=True),
    State("proof", "/proof"),
    State("account", "/account"),
    State("account passkey", "/account/passkey"),
    State("account password", "/account/password"),
    State("account code", "/account/code"),
    State("seat", "/seat"),
    State("keys", "/keys"),
    State("help", "/help"),
)
ALARMED = (
    State("now alarm", "/now", "zhao"),
    State("alarm", "/now", "zhao", click(".alarm-card h2 a", "#one-alarm"), "now.alarm"),
    State("alarm picture", "/now", "zhao", click(".alarm-card .thumb", "#large[open]")),
    State("alarm picture alone", "/now", "zhao", follow(".alarm-card .thumb"), "now.look_at"),
    State("now lone", "/now"),
    State("room lone", "/now/room/vault"),
)
TAKEN = (
    State("now alarm taken", "/now", "zhao"),
    State("now alarm taken by another", "/now", "chen"),
    State("alarm to be closed", "/now", "zhao", click(".alarm-card:has-text('north') h2 a", "#closing")),
)
CLOSED = (
    State("now alarm closed", "/now", "zhao"),
    State("now locked down, wire cut", "/now"),
    State("room locked down", "/now/room/vault"),
    State("commands locked down", "/commands"),
)

GONE = (State("503", "/now", "zhao"),)


def _alarmed(scene: Scene) -> None:
    scene.house.room.window()
    scene.alone(["li"])
    scene.house.until(lambda: len(scene.alarms()) > 1, "no alarm of the window")


def _taken(scene: Scene) -> None:
    for one in scene.alarms():
        scene.asks("take_alarm", "zhao", alarm=one["alarm"], place=one["place"])


def _closed(scene: Scene) -> None:
    scene.house.room.window()
    scene.alone([])
    for one in scene.alarms():
        scene.house.child.ask("acknowledge", "zhao", alarm=one["alarm"], place=one["place"], reason="wind")
    scene.house.room.cut()
    scene.asks("lockdown", "zhao", reason="a call from the police")


DAY = (
    Hour(lambda _: None, NOT_YET),
    Hour(Scene.begin, BUSY),
    Hour(_alarmed, ALARMED),
    Hour(_taken, TAKEN),
    Hour(_closed, CLOSED),
    Hour(lambda scene: scene.house.child.kill(), GONE),
)
NO_PAGES = frozenset(
    {"now.home", "now.roll_call_printed", "proof.slip", "review.octets", "review.proof", "export.fetch"}
    | {"closing.sheet", "sign_off.sheet", "visitors.pass_pdf", "visitors.notice_pdf"}
)
"""What a person opens and is no page: papers, files, and the start, which leads on."""
