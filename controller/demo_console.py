"""The demo's console: the production process on localhost, and sample sign-ins that work at once.

Rule 1: everybody's sign-in is set up as at a bank: a one-time code of the box, a password, an app for codes.
The demo plays the box and the phone; passwords and secrets are drawn for one demo and kept nowhere.
Rule 2: whoever wants to sign a command makes a passkey in a browser, with a code that the demo makes.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pyotp

from controller.console.client import ConsoleClient
from controller.console.place import SOCKET
from controller.console.sign_in_codes import check_of, fresh_code
from controller.gate_client import GateClient
from controller.leashed_child import LeashedChild

PORT = 8480
STEP_S = 30
PEOPLE = ("zhao", "chen", "he", "li", "wang", "qian", "tang")
"""Who can sign in: a guard, two chiefs, two custodians, an auditor, an installer."""
WORDS = (
    *("amber", "birch", "cedar", "delta", "ember", "falcon", "granite", "harbor"),
    *("indigo", "juniper", "kestrel", "lantern", "maple", "nectar", "orchid", "pebble"),
)
OPTION = "--console-origin"
PATIENCE_S = 30.0
TRY_S = 0.2


@dataclass(slots=True)
class Phone:
    """Somebody's password and authenticator app; ``spent`` is the last step whose code was shown."""

    password: str
    secret: str
    spent: int = -1

    def code(self, wall_ms: int) -> str:
        """A code that counts now and was not shown before, as long as there is one."""
        now = wall_ms // 1000 // STEP_S
        self.spent = min(max(now, self.spent + 1), now + 1)
        return pyotp.TOTP(self.secret).generate_otp(self.spent)


class DemoConsole:
    """``ironroom console`` beside the controller whose data folder is ``data``; ``origin`` for a browser.

    One whose origin is given is served and set up by whoever gave it.
    """

    def __init__(self, data: Path, origin: str = "") -> None:
        self._data = data
        self._port = free_port()
        self._foreign = bool(origin)
        self.origin = origin or f"http://localhost:{self._port}"
        self.phones: dict[str, Phone] = {}
        self._stopping = Event()
        self._thread = Thread(target=self._set_up, name="demo console", daemon=True)
        command = ["console", "--socket", str(data / SOCKET), "--log", str(data / "custody.db")]
        listen = ["--listen", f"127.0.0.1:{self._port}", "--origin", self.origin]
        self._child = LeashedChild([*command, *listen])

    @property
    def options(self) -> Sequence[str]:
        """What the controller is told of it."""
        return (OPTION, self.origin)

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._child.running

    def start(self) -> None:
        """Begin to serve, and to set up the sign-ins; the controller must be there."""
        if self._foreign:
            return
        self._child.start()
        if not self.phones and not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE_S)
        self._child.stop()

    def box_code(self, person: str) -> str:
        """A one-time code of the box, for a passkey that is made in a browser; "" where it was refused."""
        made = fresh_code()
        with suppress(OSError), GateClient(self._data / "gate.sock") as gate:
            told = gate.ask("enrolment_code", "zhao", "wang", person=person, check=check_of(made))
            return made if "accepted" in told else ""
        return ""

    def _set_up(self) -> None:
        """Everybody's password and app, one after the other; tried again while the controller is off."""
        with ConsoleClient(self._data / SOCKET) as desk:
            for person in PEOPLE:
                while not self._stopping.is_set() and not self._one(desk, person):
                    self._stopping.wait(TRY_S)

    def _one(self, desk: ConsoleClient, person: str) -> bool:
        password = "-".join(secrets.choice(WORDS) for _ in range(4))
        try:
            code = self.box_code(person)
            asked = desk.tell({"do": "set_up_password", "person": person, "code": code, "password": password})
            if "secret" not in asked:
                return False
            phone = Phone(password, asked["secret"])
            with GateClient(self._data / "gate.sock") as gate:
                now = phone.code(gate.look()["wall_ms"])
            told = desk.tell({"do": "set_up_codes", "handle": asked["handle"], "code": now, "seat": "demo"})
        except OSError:
            return False
        if "token" not in told:
            return False
        self.phones[person] = phone
        with suppress(OSError):  # a controller that is switched off now has no session any more
            desk.tell({"do": "sign_out", "token": told["token"]})
        return True


def free_port() -> int:
    """The demo's usual port, or one that is free."""
    for port in (PORT, 0):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    return PORT
