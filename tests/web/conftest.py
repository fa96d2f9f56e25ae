"""A console without a server, against a peer that answers as it is told."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from controller.ledger.custody_log import CustodyLog
from tests.web.peer import TOKEN, Peer, person
from web.factory import create_app
from web.page import Page
from web.settings import Settings

ORIGIN = "https://console.vault.lan"
ROOM = {"view": {"clock": "trusted", "alarms": []}}


class Console:
    """A browser's requests: Origin and the form's mark with every POST, as a page of ours would send them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=ORIGIN, **more)

    def post(self, path: str, told: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        headers = {"Origin": ORIGIN, "X-Ironroom-Mark": mark(), **more.pop("headers", {})}
        body = {"data": told} if told is not None and "json" not in more else {}
        return self.client.post(path, base_url=ORIGIN, headers=headers, **body, **more)

    def sign_in(self) -> None:
        self.client.set_cookie("__Host-ironroom", TOKEN, domain="console.vault.lan", secure=True)

    def cookie(self, name: str) -> str:
        kept = self.client.get_cookie(name, "console.vault.lan", "/")
        return kept.value if kept else ""


def mark(token: str = TOKEN) -> str:
    """A form's mark, worked out on its own."""
    return hmac.new(token.encode(), b"ironroom form 1", sha256).hexdigest()


@pytest.fixture
def draft() -> Callable[..., dict[str, object]]:
    def make(at: int = 0, **more: object) -> dict[str, object]:
        time = f"2026-03-02T01:00:{at // 1000 % 60:02}.{at % 1000:03}Z"
        return {"at": at, "time": time, "clock": "synced", "policy": "p1", "kind": "granted", **more}

    return make


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    with CustodyLog.open(tmp_path / "data" / "custody.db") as opened:
        yield opened


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    made = Peer(tmp_path / "desk.sock", {"who": person("chief", "guard"), "room": ROOM})
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path, log: CustodyLog) -> Settings:
    file = tmp_path / "srv.pem"
    return Settings(
        tmp_path / "desk.sock", log.file, ORIGIN, certificate=file, key=file, streams=2, patience_s=2.0
    )


@pytest.fixture
def start(peer: Peer) -> Iterator[Callable[..., Flask]]:
    """Make a console that hangs up when the test is over."""
    made: list[Flask] = []

    def begin(settings: Settings, *pages: tuple[Page, ...]) -> Flask:
        made.append(create_app(settings, *pages))
        return made[-1]

    yield begin
    for app in made:
        app.extensions["live"].stop()
        app.extensions["client"].close()


@pytest.fixture
def app(settings: Settings, start: Callable[..., Flask]) -> Flask:
    return start(settings)


@pytest.fixture
def stranger(app: Flask) -> Console:
    """A browser that nobody has signed in with."""
    return Console(app.test_client())


@pytest.fixture
def console(app: Flask) -> Console:
    """A browser of somebody who is chief and guard."""
    made = Console(app.test_client())
    made.sign_in()
    return made
