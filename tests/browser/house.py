"""A house with its console in a real browser: the demo's room, TLS, and people with passkeys.

Rule 1: everything is the production's own: controller, recorder, console and certificates; on the other end
of every wire stands a peer. Rule 2: a person's passkey is one key, which a browser's virtual authenticator
holds; the software key of tests/console beside it answers where no browser is meant.
"""

from __future__ import annotations

import base64
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, Self

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright

from controller.console.client import ConsoleClient
from controller.console.sign_in_codes import check_of, fresh_code
from controller.demo_room import DemoRoom
from controller.demo_words import translator
from controller.leashed_child import LeashedChild
from controller.ledger.reading import LogReader
from tests.console.authenticator import SoftKey
from tests.forked import ForkedChild
from tests.web.certified import HOST, certified

CHROMIUM = "/usr/bin/chromium"
HEADLESS = "/usr/bin/chromium-headless-shell"
"""The same engine without windows of its own: a flow takes some 0.6 of the processor's time with it."""
LONG = 60.0
PEOPLE = ("zhao", "li", "wang", "qian", "tang", "chen", "he")
"""A guard, custodians, an auditor, an installer; the chiefs last, because then a code calls the guard."""
QUIET = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
)
VIRTUAL = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
Told = dict[str, Any]


class WebHouse:
    """The demo's room, its console at ``origin``; ``people`` have passkeys, ``site`` changes its file."""

    def __init__(
        self,
        folder: Path,
        lang: str = "en",
        *,
        people: tuple[str, ...] = PEOPLE,
        site: Callable[[str], str] = str,
    ) -> None:
        self.folder, self._people = folder, people
        self.port = _free_port()
        self.origin = f"https://{HOST}:{self.port}"
        with ExitStack() as stack:
            self.room = DemoRoom(folder, translator(lang), console=self.origin, kind=ForkedChild)
            stack.callback(self.room.close)
            self.data = self.room.bench.data
            self.change_site(site)
            self.child = self.room.child
            self.tls = folder / "tls"
            self.tls.mkdir(mode=0o700)
            certified(self.tls)
            self.client = ConsoleClient(self.data / "console.sock", LONG)
            stack.callback(self.client.close)
            self.console = LeashedChild(self._command())
            stack.callback(self.console.stop)
            self._stack = stack.pop_all()
        self.keys: dict[str, SoftKey] = {}

    def __enter__(self) -> Self:
        self.room.open()
        self.settle()
        for person in self._people:
            self.set_up(person)
        self.console.start()
        self.until(self.answers)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        (self.data / "reserve").unlink(missing_ok=True)

    def settle(self) -> None:
        """Wait until the badges that the demo begins with are made: later that takes signatures."""

        def made() -> bool:
            self.room.follow()
            self.room.badges.news()
            return all(self.room.badges.carries(person) for person in ("li", "wang"))

        self.until(made)

    def _command(self) -> list[str]:
        where = ["--socket", str(self.data / "console.sock"), "--log", str(self.data / "custody.db")]
        listen = ["--listen", f"127.0.0.1:{self.port}", "--origin", self.origin]
        pair = ["--certificate", str(self.tls / f"{HOST}.pem"), "--key", str(self.tls / f"{HOST}.key")]
        return ["console", *where, *listen, *pair]

    def change_site(self, change: Callable[[str], str]) -> None:
        """Change the site file: it is read when the controller starts."""
        file = self.room.bench.site
        file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")

    def answers(self) -> bool:
        """Whether the console listens."""
        assert self.console.running, self.console.words
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def set_up(self, person: str) -> SoftKey:
        """Give somebody a passkey by a code of the box."""
        made = fresh_code()
        by, second = ("chen", "he") if {"chen", "he"} <= self.keys.keys() else ("", "")
        asked = self.child.ask("enrolment_code", by, second, person=person, check=check_of(made))
        assert "accepted" in asked, asked
        begun = self.client.tell({"do": "set_up_begin", "person": person, "code": made})
        key = SoftKey(self.origin, HOST)
        credential = key.create(begun["options"])
        said = {"handle": begun["handle"], "credential": credential, "label": "first", "seat": "test"}
        told = self.client.tell({"do": "set_up_finish", **said})
        assert "token" in told, told
        self.client.tell({"do": "sign_out", "token": told["token"]})
        self.keys[person] = key
        return key

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

    def until(self, true: Callable[[], bool], why: str = "") -> None:
        """Wait for what must come true."""
        end = time.monotonic() + LONG
        while not true():
            assert time.monotonic() < end, (why, self.child.words[-2000:], self.console.words[-2000:])
            Event().wait(0.02)


@dataclass
class Desk:
    """Somebody's browser: pages share its cookies; ``reports`` is whatever the browser complained of."""

    house: WebHouse
    context: BrowserContext
    reports: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """A new tab."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.reports.append(f"pageerror {error}"))
        return page

    def _console(self, message: Any) -> None:
        said = message.text
        if "Content Security Policy" in said or "Trusted" in said or "violat" in said:
            self.reports.append(said)

    def sign_in(self, person: str, path: str = "/") -> Page:
        """A tab in which somebody is signed in with their passkey."""
        page = self.page()
        hold(self.context, page, self.house, person)
        page.goto(f"{self.house.origin}/sign-in?next={path}")
        page.locator("[data-passkey]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page


@dataclass(frozen=True)
class Held:
    """An authenticator in a tab: what somebody has plugged in."""

    cdp: CDPSession
    ident: str

    def take(self) -> None:
        """Pull it out again."""
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.ident})


def plug(context: BrowserContext, page: Page) -> Held:
    """Give a tab a virtual authenticator that holds no passkey yet."""
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    return Held(cdp, made["authenticatorId"])


def signed_so_often() -> int:
    """A signature counter that has grown whenever somebody signs in again, in any of their browsers."""
    return int(time.monotonic() * 20)


def hold(context: BrowserContext, page: Page, house: WebHouse, person: str) -> Held:
    """Put somebody's passkey into a virtual authenticator of a tab."""
    held = plug(context, page)
    key = house.keys[person]
    private = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    credential = {
        "credentialId": base64.b64encode(key.credential).decode(),
        "isResidentCredential": True,
        "rpId": HOST,
        "privateKey": base64.b64encode(private).decode(),
        "userHandle": base64.b64encode(key.user).decode(),
        "signCount": signed_so_often(),
    }
    held.cdp.send("WebAuthn.addCredential", {"authenticatorId": held.ident, "credential": credential})
    return held


@contextmanager
def browser(play: Playwright, house: WebHouse, *more: str, program: str = HEADLESS) -> Iterator[Browser]:
    """Chromium on a computer that trusts the house's authority."""
    home = house.folder / f"home{len(list(house.folder.glob('home*')))}"
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    authority = str(house.tls / "authority.pem")
    for words in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "Ironroom", "-i", authority]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True, timeout=60)
    chromium = play.chromium.launch(
        executable_path=program,
        args=[*QUIET, *more],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    try:
        yield chromium
    finally:
        chromium.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
