"""A house whose console is measured: shims, the production controller, and ``ironroom console`` over TLS.

Rule: both are processes of their own, started as an installer would; nothing looks into them but the kernel.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPSConnection
from pathlib import Path
from threading import Event

import pyotp
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.console_log import build
from bench.eyes_world import cpu_s
from controller import config
from controller.child import Child
from controller.clock import system_wall_ms
from controller.console.client import ConsoleClient, Told
from controller.console.sign_in_codes import check_of, fresh_code
from controller.errors import IronroomError
from controller.leashed_child import LeashedChild
from firmware_shims.bench import Bench
from web.tls import Pair, authority, new_key, now_utc, server
from web.tls_files import AUTHORITY, keep

HERE, HOST = "127.0.0.1", "console.vault.lan"
UP_S = 60.0
CHIEF = "zhao"
PASSPHRASE = "seven lamps and a drawbridge"  # noqa: S105 - of a house that lives as long as the bench
SITE = """
[site]
name = "measured house"
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


class House:
    """One console with its controller; ``token`` is of a chief who is signed in."""

    def __init__(self, folder: Path) -> None:
        site = config.loads(SITE, "house.toml")
        self.bench = Bench(site.text, site.addresses, folder)
        self.port = free_port()
        self.origin = f"https://{HOST}:{self.port}"
        self.files, self.pin = certified(folder / "tls")
        self.child = Child(
            self.bench.site, self.bench.data, self.bench.environment(), more=["--console-origin", self.origin]
        )
        self.console = LeashedChild(self._command())
        self.token = ""

    def _command(self) -> list[str]:
        data = self.bench.data
        return [
            *("console", "--socket", str(data / "console.sock"), "--log", str(data / "custody.db")),
            *("--listen", f"{HERE}:{self.port}", "--origin", self.origin),
            *("--certificate", str(self.files / f"{HOST}.pem"), "--key", str(self.files / f"{HOST}.key")),
        ]

    def begin(self, entries: int, progress: Callable[[int], None]) -> None:
        """Write the log, start both processes, and sign the chief in."""
        log = self.bench.data / "custody.db"
        build(log, config.load(self.bench.site), entries, system_wall_ms(), progress)
        self.child.start()
        self.token = self._signed_in()
        self.console.start()
        self._until(lambda: self.page("/alive") == 204)

    def end(self) -> None:
        """Take everything away."""
        self.console.stop()
        self.child.stop()
        self.bench.stop()

    def line(self, port: int = 0) -> HTTPSConnection:
        """A connection that stays, as a browser's, to the console or another port; the caller closes it."""
        trust = ssl.create_default_context(cafile=str(self.files / f"{AUTHORITY}.pem"))
        line = HTTPSConnection(HOST, port or self.port, context=trust, timeout=UP_S)
        plain = socket.create_connection((HERE, port or self.port), UP_S)
        line.sock = trust.wrap_socket(plain, server_hostname=HOST)
        return line

    def page(self, path: str) -> int:
        """Status of a page over a connection of its own; 0 for none."""
        try:
            line = self.line()
        except OSError:
            return 0
        line.request("GET", path, headers=self.headers)
        status = line.getresponse().status
        line.close()
        return status

    @property
    def headers(self) -> dict[str, str]:
        """What the chief's browser sends."""
        return {"Cookie": f"__Host-ironroom={self.token}", "Host": f"{HOST}:{self.port}"}

    def cpu_s(self) -> tuple[float, float]:
        """Processor seconds so far of the console and of the controller, with their children."""
        return tree_cpu_s(self.console.pid), tree_cpu_s(self.child.pid)

    def _signed_in(self) -> str:
        """Sign in as somebody new does: by a code of the box, with a password and an authenticator app."""
        code = fresh_code()
        self._must(self.child.ask("enrolment_code", person=CHIEF, check=check_of(code)))
        with ConsoleClient(self.bench.data / "console.sock") as desk:
            said = {"do": "set_up_password", "person": CHIEF, "code": code, "password": PASSPHRASE}
            begun = self._must(desk.tell(said))
            typed = pyotp.TOTP(begun["secret"]).now()
            said = {"do": "set_up_codes", "handle": begun["handle"], "code": typed, "seat": "bench"}
            return str(self._must(desk.tell(said))["token"])

    def _must(self, told: Told) -> Told:
        if "refused" in told:
            raise IronroomError(f"the house that is measured cannot be set up: {told}")
        return told

    def _until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + UP_S
        while not true():
            if time.monotonic() > end or not self.console.running:
                raise IronroomError(f"the console does not serve: {self.console.words.strip()}")
            Event().wait(0.05)


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])


def certified(folder: Path) -> tuple[Path, str]:
    """A folder with an authority and the console's certificate, and the pin of its key (RFC 7469 § 2.4)."""
    folder.mkdir(mode=0o700)
    by, key = authority("vault.lan", [], now_utc()), new_key()
    keep(folder, AUTHORITY, by)
    keep(folder, HOST, Pair(server(by, key.public_key(), HOST, [], now_utc()), key))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return folder, b64encode(hashlib.sha256(spki).digest()).decode()


def family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from family(int(child))


def tree_cpu_s(pid: int) -> float:
    """Processor seconds so far of a process and all below it."""
    return sum(cpu_s(one) for one in family(pid))


@contextmanager
def house(folder: Path, entries: int, progress: Callable[[int], None]) -> Iterator[House]:
    """A house that serves, and is taken away again."""
    made = House(folder)
    try:
        made.begin(entries, progress)
        yield made
    finally:
        made.end()
