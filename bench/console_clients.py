"""Live screens, a process of their own: so many streams, and when each of them hears that the log has grown.

Rule: one thread waits for all of them, so that the measured machine is not loaded by who measures it.
In use: ``python -m bench.console_clients PORT AUTHORITY COUNT``, the token on the standard input; it writes
``ready``, and then a line of nanoseconds (CLOCK_MONOTONIC) for each event that a screen hears.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import sys
import time

from bench.console_house import HERE, HOST

NEWS = b"event: entries"
LONGEST = 1 << 16


def main() -> None:
    """Hold the streams until the standard input ends."""
    port, authority, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    token = sys.stdin.readline().strip()
    trust = ssl.create_default_context(cafile=authority)
    with selectors.DefaultSelector() as ready:
        for _ in range(count):
            ready.register(_stream(trust, port, token), selectors.EVENT_READ)
        ready.register(sys.stdin, selectors.EVENT_READ)
        _say("ready")
        while all(_heard(key.fileobj) for key, _ in ready.select()):
            pass


def _heard(one: object) -> bool:
    """Take what there is; False at the end."""
    if not isinstance(one, ssl.SSLSocket):
        return False
    text = one.recv(LONGEST)
    while one.pending():
        text += one.recv(LONGEST)
    if NEWS in text:
        _say(str(time.monotonic_ns()))
    return bool(text)


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def _stream(trust: ssl.SSLContext, port: int, token: str) -> ssl.SSLSocket:
    line = trust.wrap_socket(socket.create_connection((HERE, port)), server_hostname=HOST)
    asked = f"GET /stream HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: __Host-ironroom={token}\r\n\r\n"
    line.sendall(asked.encode())
    begun = b""
    while b"event: tick" not in begun:
        more = line.recv(LONGEST)
        if not more or not begun.startswith((b"", b"HTTP/1.1 200")):
            raise SystemExit(f"a stream was refused: {begun[:60]!r}")
        begun += more
    return line


if __name__ == "__main__":
    main()
