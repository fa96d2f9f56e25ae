"""Somebody at the pair of wires: listens, keeps, repeats, changes. Rule 1: no key is known here.

tap = Wiretap(hub)                       hears every frame from now on
tap.said(Reply.RAW, reply=True)          what was said, by code, as far as it can be read from outside
tap.edit = lambda frame: [frame]         what arrives instead: a middleman
hub.say(encode(frame))                   speaks on the pair himself
tap.remove()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.osdp.codec import MARK, Frame, Parser, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_shims.rs485 import Rs485Hub

    Edit = Callable[[Frame], list[Frame]]


class Wiretap:
    """Sits on a hub, in the place of its ``mangle``, until ``remove``.

    ``frames`` is everything that was said, oldest first. ``edit`` gets each frame and gives the frames that
    arrive in its place; none: it never arrives. Bytes that are no frame are not carried while it edits.
    """

    def __init__(self, hub: Rs485Hub) -> None:
        self.frames: list[Frame] = []
        self.edit: Edit | None = None
        self._parsers: dict[int, Parser] = {}
        self._hub = hub
        hub.mangle = self._carry

    def remove(self) -> None:
        """Leaves the wires as they were."""
        self._hub.mangle = None

    def said(self, code: int, *, reply: bool, since: int = 0) -> list[Frame]:
        """Every frame with this code after the first ``since``, in this direction."""
        frames = self.frames[since:]
        return [frame for frame in frames if frame.reply == reply and frame.body[0] == code]

    def _carry(self, port: int, data: bytes) -> bytes:
        heard = self._parsers.setdefault(port, Parser()).feed(data)
        self.frames += heard
        if self.edit is None:
            return data
        return b"".join(MARK + encode(frame) for one in heard for frame in self.edit(one))
