"""Whoever talks to a gate without the manners of its client."""

from __future__ import annotations

import socket

from tests.wires.wired import LONG, Wired


def line_of(room: Wired) -> socket.socket:
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(LONG)
    peer.connect(str(room.bench.data / "gate.sock"))
    return peer


def heard(peer: socket.socket) -> bytes:
    """What a peer hears next; nothing when the gate has hung up, in whichever way."""
    try:
        return peer.recv(1)
    except ConnectionResetError:
        return b""
