"""A camera on loopback that looks at the shared room, and everything that can be wrong with it, by name.

Rule: one fault at a time; ``back()`` ends it. What a fault does to the lens, to the frames or to the wire is
said in lens.py, feed.py and mjpeg_faults.py; here they only meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Self

from firmware_shims.cameras.eye import OPTICAL, Eye
from firmware_shims.cameras.feed import FEEDS, Feed
from firmware_shims.cameras.layout import VIEWS
from firmware_shims.cameras.mjpeg import MjpegSender
from firmware_shims.cameras.rtsp import RtspSender
from firmware_shims.cameras.rtsp_mpeg4 import Mpeg4Sender
from firmware_shims.cameras.scene import Scene
from firmware_shims.cameras.sender import LOST
from firmware_shims.cameras.space import View

SENDERS: dict[str, type[MjpegSender | RtspSender]] = {
    "http": MjpegSender,
    "rtsp": RtspSender,
    "rtsp+mpeg4": Mpeg4Sender,
}


@dataclass(frozen=True, slots=True)
class Make:
    """What kind of camera it is.

    ``view`` is one of VIEWS, or a View; without one it is the view of the camera's name, or else "room".
    ``size`` is width and height in pixels (multiples of 8), ``fps`` 1 … 60. ``scheme`` is one of SENDERS:
    MJPEG, RTP/JPEG, MPEG-4. ``login`` is what it asks for: name and password. ``clock`` burns the time in;
    ``loop_s`` is how long a loop is, in seconds; ``seed`` is that of its noise.
    """

    view: str | View = ""
    size: tuple[int, int] = (1280, 720)
    fps: float = 10.0
    scheme: str = "http"
    login: tuple[str, str] | None = None
    clock: bool = True
    loop_s: float = 1.5
    seed: int = 1


class CameraShim:
    """A camera called ``name`` that sees ``scene``, with an address of its own from the start.

    ``faults`` are those it knows; ValueError for any other. A context that starts and stops it.
    """

    def __init__(self, name: str, scene: Scene, make: Make | None = None) -> None:
        made = make or Make()
        self.name = name
        view = made.view or (name if name in VIEWS else "room")
        self.eye = Eye(scene, view, made.size, label=name, seed=made.seed)
        self.eye.clock = made.clock
        self.feed = Feed(self.eye, made.fps, made.loop_s)
        self.sender = SENDERS[made.scheme](self.feed, made.login)
        self.faults = (*OPTICAL, *FEEDS, *self.sender.faults, LOST)
        self._fault = ""
        self._turn = Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it is looked at."""
        return f"{self.sender.scheme}://{self.sender.address}/{self.name}"

    def start(self) -> None:
        """Listen, and draw while somebody looks."""
        self.feed.start()
        self.sender.start()

    def stop(self) -> None:
        """Take it away."""
        self.sender.stop()
        self.feed.stop()

    def fault(self, name: str) -> None:
        """Let this be wrong with it from the next frame on, instead of what was wrong before."""
        if name not in self.faults:
            raise ValueError(f"{self.name} cannot be {name}; it can be {', '.join(self.faults)}")
        self._become(name)

    def back(self) -> None:
        """Let nothing be wrong with it any more."""
        self._become("")

    def _become(self, name: str) -> None:
        with self._turn:
            self.eye.lens = name if name in OPTICAL else ""
            if name in FEEDS or self._fault in FEEDS:
                self.feed.play(name if name in FEEDS else "")
            self.sender.behave(name if name not in OPTICAL and name not in FEEDS else "")
            self._fault = name
