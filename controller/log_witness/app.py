"""The log witness as a WSGI application: one call, and a look at what was cosigned last.

    POST /add-checkpoint                       C2SP tlog-witness v1.0.0
    GET  /checkpoint/<SHA-256 of the origin>   the newest cosigned head; not in that specification, which
                                               leaves open how others get it; public as every head is

Rule 1: judged, remembered and cosigned under one lock, so that of two requests at once one is first.
Rule 2: after the disk has refused once nothing is cosigned any more: a head could be forgotten.
"""

import re
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, NamedTuple

from controller.errors import FormatRefused, IronroomError
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature, SignedNote
from controller.ledger.formats.witness_wire import (
    ADD_CHECKPOINT,
    REQUEST_BYTES,
    SIZE_TYPE,
    AddCheckpoint,
    Status,
    encode_cosignatures,
    encode_size,
)
from controller.log_witness.judge import judge
from controller.log_witness.memory import Memory
from controller.log_witness.trusted import Trusted

Application = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]
"""WSGI, PEP 3333."""

_PLAIN = "text/plain; charset=utf-8"
_head_of = re.compile(r"/checkpoint/([0-9a-f]{64})").fullmatch
_WORDS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    500: "Internal Server Error",
}


class Reply(NamedTuple):
    """Status code, body and Content-Type of an answer."""

    status: int
    body: bytes
    kind: str = _PLAIN


class App:
    """Answers requests out of one folder with one key."""

    def __init__(self, memory: Memory, trusted: Trusted, cosigner: Cosigner) -> None:
        self._memory, self._trusted, self._cosigner = memory, trusted, cosigner
        self._one = Lock()
        self._dead = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        reply = self._reply(environ)
        headers = [("Content-Type", reply.kind), ("Content-Length", str(len(reply.body)))]
        start(f"{reply.status} {_WORDS[reply.status]}", headers)
        return [reply.body]

    def _reply(self, environ: dict[str, Any]) -> Reply:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if path == f"/{ADD_CHECKPOINT}":
            return self._added(environ) if method == "POST" else Reply(405, b"POST it\n")
        known = _head_of(path)
        if known is None or method != "GET":
            return Reply(404, b"there is nothing here\n")
        with self._one:
            note = self._memory.by_digest(known[1])
        return Reply(200, note.to_bytes()) if note else Reply(404, b"nothing of this log was cosigned\n")

    def _added(self, environ: dict[str, Any]) -> Reply:
        octets = environ["wsgi.input"].read(REQUEST_BYTES + 1)
        try:
            request = AddCheckpoint.parse(octets)
        except FormatRefused as error:
            return _said(Status.BAD_REQUEST, error.sentence)
        with self._one:
            if self._dead:
                return Reply(500, self._dead.encode())
            try:
                return self._judged(request)
            except (OSError, IronroomError) as error:
                self._dead = f"nothing is cosigned any more, look at this box: {error}\n"
                return Reply(500, self._dead.encode())

    def _judged(self, request: AddCheckpoint) -> Reply:
        origin = request.checkpoint.origin
        vkeys = self._trusted.of(origin)
        before = self._memory.last(origin) if vkeys else None
        last = Checkpoint.parse(before.text) if before else None
        status, why, conflict = judge(request, last, vkeys)
        if before and conflict:
            signed = _only(request.note, {vkey.key_id for vkey in vkeys})
            self._memory.keep_conflict(conflict, origin, before, signed)
        if status is Status.CONFLICT:
            return Reply(status, encode_size(last.size if last else 0), SIZE_TYPE)
        if status is not Status.COSIGNED:
            return _said(status, why)
        signed = _only(request.note, {vkey.key_id for vkey in vkeys})
        cosignature = Signature.by(self._cosigner.vkey, self._cosigner.sign(request.note.text.encode()))
        self._memory.keep(origin, signed.joined([cosignature]))
        return Reply(status, encode_cosignatures([cosignature]))


def _said(status: int, why: str) -> Reply:
    return Reply(status, f"{why}\n".encode("utf-8", "replace"))


def _only(note: SignedNote, keys: set[bytes]) -> SignedNote:
    """The note without signatures that nobody here checked: what is kept cannot be filled with them."""
    name = note.text.partition("\n")[0]
    return SignedNote(note.text, tuple(s for s in note.signatures if s.name == name and s.key_id in keys))
