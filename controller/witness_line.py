"""One HTTP connection to a log witness. Rule: bytes and limits; whatever a peer does ends in time.

No redirects, no proxies from the environment, no cookies; a connection is kept and, when it was dropped
meanwhile, made once more. A peer that drips is cut off when the whole call has lasted too long.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from http.client import HTTPException
from threading import Timer
from typing import NamedTuple
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

STEP_S = 3.0
"""For connecting, and for every piece of an answer."""

CALL_S = 6.0
"""For a whole call."""


class WitnessSilentError(Exception):
    """Nothing useful came back; the sentence says what happened."""


class Answer(NamedTuple):
    """Status code, Content-Type in lower case without parameters, and body of an answer."""

    status: int
    kind: str
    body: bytes


class Line:
    """Calls below one URL prefix, one at a time."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._connection: HTTPConnection | None = None
        self._over = False

    def call(self, method: str, path: str, body: bytes | None, limit: int) -> Answer:
        """Call `<prefix>/<path>`; raises WitnessSilentError for a silent peer and more than `limit` bytes."""
        was_open = self._connection is not None and self._connection.sock is not None
        for again in (was_open, False):
            try:
                return self._called(method, path, body, limit)
            except ConnectionError:  # of a kept connection that was dropped meanwhile nothing is known
                if not again or self._over:
                    break
        raise WitnessSilentError("the connection broke off")

    def hang_up(self) -> None:
        """End a call under way, from any thread; no further one succeeds."""
        self._over = True
        if (connection := self._connection) is not None:
            _hang_up(connection)

    def close(self) -> None:
        """Let go of the connection, between calls."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _called(self, method: str, path: str, body: bytes | None, limit: int) -> Answer:
        connection = self._connection = self._connection or self._connected()
        if self._over:
            raise WitnessSilentError("we hung up")
        guard = Timer(CALL_S, _hang_up, (connection,))
        guard.daemon = True
        guard.start()
        whole = False
        try:
            answer = _exchange(connection, method, f"{self._parts.path}/{path}", body, limit)
            whole = True
        except ConnectionError:
            raise
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise WitnessSilentError(_short(error)) from None
        finally:
            guard.cancel()
            if not whole:  # what is left in the connection belongs to no call
                connection.close()
                self._connection = None
        return answer

    def _connected(self) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return HTTPSConnection(host, port, timeout=STEP_S, ssl_context=ssl.create_default_context())
        return HTTPConnection(host, port, timeout=STEP_S)


def _exchange(connection: HTTPConnection, method: str, path: str, body: bytes | None, limit: int) -> Answer:
    headers = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}
    connection.request(method, path, body, headers, preload_content=False, decode_content=False)
    response = connection.getresponse()
    octets = response.read(limit + 1, decode_content=False)
    if len(octets) > limit:
        raise WitnessSilentError(f"it answers with more than {limit} bytes")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(response.status, kind, octets)


def _hang_up(connection: HTTPConnection) -> None:
    if (opened := connection.sock) is not None:
        with suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)


def _short(error: Exception) -> str:
    said = str(error).rsplit(": ", 1)[-1]
    return f"{type(error).__name__}: {said}"[:200]
