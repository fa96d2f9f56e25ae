"""Requests of an RTSP client, and what they are answered.

Rule: RFC 2326; no I/O. What the client sends in between (RTCP, 10.12) is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST = 65_536
SESSION = "49524F4E"
TRACK = "track1"
WORDS = {200: "OK", 401: "Unauthorized", 302: "Moved Temporarily", 454: "Session Not Found"} | {
    405: "Method Not Allowed",
    461: "Unsupported Transport",
    500: "Internal Server Error",
}


class TooMuchError(ValueError):
    """A request larger than any request is."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; names of headers in small letters."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def channel(self) -> int | None:
        """Channel on which packets are wanted in this connection; None when they are wanted elsewhere."""
        fields = self.headers.get("transport", "").split(";")
        if not fields[0].upper().startswith("RTP/AVP/TCP"):
            return None
        given = [f.partition("=")[2] for f in fields if f.startswith("interleaved=")]
        return int(given[0].partition("-")[0]) if given else 0


class Requests:
    """Takes bytes as they come, and gives whole requests."""

    def __init__(self) -> None:
        self._held = b""

    def take(self, data: bytes) -> Iterator[Request]:
        """Requests that are whole now; TooMuchError for one that never ends."""
        self._held += data
        while self._held:
            if self._held[0] == ord("$"):
                if len(self._held) < 4 or len(self._held) < (size := 4 + int.from_bytes(self._held[2:4])):
                    return
                self._held = self._held[size:]
                continue
            text, end, rest = self._held.partition(b"\r\n\r\n")
            if len(text) > MOST:
                raise TooMuchError
            if not end:
                return
            request = _parsed(text.decode("latin-1"))
            body = int(request.headers.get("content-length", "0"))
            if len(rest) < body:
                return
            self._held = rest[body:]
            yield request


def _parsed(text: str) -> Request:
    first, *lines = text.split("\r\n")
    words = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Request(words[0], words[1] if len(words) > 1 else "", headers)


def answer(request: Request, status: int = 200, body: str = "", **headers: str) -> bytes:
    """An answer; underscores in names of headers are written as hyphens."""
    lines = [f"RTSP/1.0 {status} {WORDS[status]}", f"CSeq: {request.headers.get('cseq', '0')}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def description(media: str) -> str:
    """What DESCRIBE says of a camera (RFC 8866); ``media`` are the lines about its stream."""
    head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=room camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n"
    return f"{head}{media}a=control:{TRACK}\r\n"
