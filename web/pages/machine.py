"""What browsers fetch and no person reads: files, the stream, a sign of life, reports of the CSP.

Rule: these answer 401 and touch no cookie; none of them keeps anybody signed in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Response, current_app, request

from web.desk import me
from web.live import Live
from web.page import ANYBODY, OPEN, Page
from web.statics import serve

page = Page("machine", __name__)
REPORT = 16 << 10
"""Bytes of one report; browsers send about 1,000."""
REPORTS = 200
"""Reports that are written down between two starts: a broken page must not fill a disk."""


@page.route("/static/<digest>/<path:name>", roles=OPEN, machine=True)
def static_file(digest: str, name: str) -> Response:
    """A file of web/static."""
    return serve(digest, name)


@page.route("/alive", roles=OPEN, machine=True)
def alive() -> Response:
    """204 while the controller answers, else 503: what a page that waits asks for."""
    answers = _live().answers
    return Response(status=204 if answers else 503, headers={} if answers else {"Retry-After": "3"})


@page.route("/signed-in", roles=ANYBODY, machine=True)
def signed_in() -> Response:
    """204 for whoever is signed in: why a stream was refused."""
    return Response(status=204)


@page.route("/stream", roles=ANYBODY, machine=True)
def stream() -> Response:
    """Server-sent events: kinds and counters of new entries, and a tick every three seconds."""
    live, person = _live(), me()
    if not live.open(person.person):
        return Response(status=503, headers={"Retry-After": "10"})
    news = live.events(_after(), sealed=person.sees_sealed, watches=person.has("guard"))
    events = _Streamed(live, person.person, news)
    return Response(events, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@page.route("/csp-report", roles=OPEN, machine=True, methods=["POST"])
def csp_report() -> Response:
    """A browser says that a page tried what it may not; it goes into the console's own log."""
    if (request.content_length or REPORT + 1) > REPORT:
        return Response(status=413)
    heard = current_app.extensions.setdefault("csp_reports", [])
    if len(heard) < REPORTS:
        heard.append(_report(request.get_data()))
        current_app.logger.warning("content security policy: %s", heard[-1])
    return Response(status=204)


class _Streamed(Iterator[bytes]):
    """A stream that gives its place back, however it ends."""

    def __init__(self, live: Live, person: str, events: Iterator[str]) -> None:
        self._live, self._person, self._events, self._open = live, person, events, True

    def __next__(self) -> bytes:
        return next(self._events).encode()

    def close(self) -> None:
        """Give the place back; called by the server (PEP 3333), once or more."""
        if self._open:
            self._open = False
            self._live.close(self._person)


def _live() -> Live:
    kept: Live = current_app.extensions["live"]
    return kept


def _after() -> int | None:
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _report(body: bytes) -> str:
    """What was tried, without anything of the page's address behind its path."""
    try:
        report = json.loads(body).get("csp-report", {})
        words = (
            str(report.get(name, "-")) for name in ("effective-directive", "blocked-uri", "document-uri")
        )
        return " ".join(_one_line(word.split("?")[0][:120]) for word in words)
    except (ValueError, AttributeError):
        return "a report that is none"


def _one_line(text: str) -> str:
    """ASCII that prints: whoever sends a report, and anybody may, forges no line of the console's log."""
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in text)
