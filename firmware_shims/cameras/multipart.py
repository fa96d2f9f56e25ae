"""How a stream of JPEGs is wrapped for HTTP: one answer that never ends, a part with a length for each frame.

Rule: RFC 2046 5.1 for the parts; what the length says may be a lie, if somebody asks for one.
"""

from __future__ import annotations

from firmware_shims.cameras.feed import Frame

BOUNDARY = "ironroomframe"
OPENING = (
    "HTTP/1.1 200 OK\r\nServer: room-camera\r\nConnection: close\r\nCache-Control: no-store\r\n"
    f"Content-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n"
).encode()


def part(frame: Frame, jpeg: bytes | None = None, length: int | None = None) -> bytes:
    """One part; ``jpeg`` and ``length`` lie about what is in it."""
    body = frame.jpeg if jpeg is None else jpeg
    size = len(body) if length is None else length
    lines = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {size}\r\n"
    return f"{lines}X-Timestamp: {frame.at:.6f}\r\n\r\n".encode() + body + b"\r\n"
