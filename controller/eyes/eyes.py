"""The eyes of a room: orders to the recorder, its pictures onto the disk, its news into the inbox. Law 6.

Rule 1: whoever orders never waits, and every order comes to one end, recorder or not.
Rule 2: no recorder is told once, as a device that is lost; what a recorder sees is advice, never a decision.
Rule 3: a report follows its pictures: they are durable before the core hears of them.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from controller.core.effects import Snapshot
from controller.core.events import CameraLearned, DeviceBack, DeviceLost
from controller.core.plan import SitePlan
from controller.core.state import State
from controller.core.unseen import Unseen
from controller.eyes.health import health_of
from controller.eyes.hearing import Hearing
from controller.eyes.intake import Intake
from controller.eyes.learning import Learning
from controller.eyes.link import Link
from controller.eyes.news import News, Put
from controller.eyes.orders import inside, ordered
from controller.eyes.outbox import Outbox
from controller.eyes.picture_order import PictureOrder, Terms, never
from controller.eyes.picture_orders import PictureOrders
from controller.eyes.reception import Reception
from recorder.messages import Settings

RECORDER = "recorder"
SOCKET = "eyes.sock"
TICK_S = 0.25
ABSENT_S = 20.0
"""How long after the start a recorder may take to come; a busy box loads its libraries in some seconds."""
HANDING_S = 0.2
"""How long before a door's patience ends it is told what there is: that has yet to become an Entry."""
NOBODY = "the recorder is not there"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the recorder comes in, and the uid of its user where that is another one."""

    path: Path
    user: int | None = None

    @property
    def uids(self) -> frozenset[int]:
        """Users that may come in: we ourselves, and the recorder's."""
        return frozenset({os.geteuid(), os.geteuid() if self.user is None else self.user})


class Eyes:
    """The controller's end of the line; ``photograph``, ``learn`` and ``rooms`` are the loop's own to call.

    ``data`` is the folder of the log and of its pictures; ``recipients`` gives the public keys of subjects,
    ``second`` the monotonic second of a room time.
    Raises ConfigError, LogExposed and OSError when line or pictures cannot be made where they should be.
    """

    def __init__(
        self,
        settings: Settings,
        plan: SitePlan,
        data: Path,
        place: Place,
        put: Put,
        recipients: Callable[[Sequence[str]], list[str]],
        second: Callable[[int], float],
    ) -> None:
        self._settings, self._plan, self._put = settings, plan, put
        self._recipients, self._second = recipients, second
        self._intake, self._orders, self._learning = (
            Intake(data, settings.cameras),
            PictureOrders(),
            Learning(),
        )
        self._rooms: Mapping[str, str] = {}
        self._link: Link | None = None
        self._why, self._lost, self._well_at = NOBODY, False, 0.0
        self._begun = monotonic()
        self._came = False
        self._telling, self._stopping = Lock(), Event()
        self._reception = Reception(place.path, place.uids, self._welcome)
        self._clerk = Thread(target=self._report, name="eyes: clerk", daemon=True)

    def start(self) -> None:
        """Begin to wait for a recorder."""
        self._begun = monotonic()
        self._clerk.start()
        self._reception.start()

    def stop(self) -> None:
        """Hang up and end; what was ordered and did not come stays open, as after a power cut."""
        self._stopping.set()
        self._reception.stop()
        if link := self._link:
            link.hang_up("the controller ends")
            link.join()
        self._orders.wake()
        if self._clerk.ident is not None:
            self._clerk.join()

    def photograph(self, order: Snapshot, wall_ms: int) -> None:
        """Order the pictures of an event at ``wall_ms`` (UTC); what becomes of them comes to the inbox."""
        if not order.wanted:
            return
        link = self._link
        if link is None or not link.well:
            self._refuse(order, Unseen.RECORDER_SILENT)
            return
        keys, event = self._recipients(order.seals), self._second(order.at)
        patience_s = order.patience_ms / 1_000
        asked = ordered(order, self._plan.name, keys, event, patience_s / 2)
        terms = Terms(order.seals, asked.recipients, asked.caption)
        if not keys:
            self._refuse(order, Unseen.NO_KEY)
        elif not self._orders.begin(
            PictureOrder.of(order.wanted, terms, wall_ms, event, patience_s - HANDING_S)
        ):
            self._refuse(order, Unseen.BUSY)
        elif not link.outbox.order(asked):
            self._orders.give_up(order.shot, Unseen.RECORDER_SILENT if link.outbox.closed else Unseen.BUSY)

    def learn(self, cameras: Collection[str]) -> None:
        """Let cameras take what they see as what they should see; each answers with CameraLearned."""
        link = self._link
        if link is not None and link.well:
            self._learning.begin(cameras)
            link.outbox.learn(cameras)
            return
        for camera in cameras:
            self._put(CameraLearned(0, camera, NOBODY))

    def rooms(self, state: State) -> None:
        """Tell who is inside, when that has changed."""
        rooms = inside(self._plan, state)
        if rooms != self._rooms:
            self._rooms = rooms
            if link := self._link:
                link.outbox.rooms(rooms)

    @property
    def came(self) -> bool:
        """Whether a recorder has been well since the start; from then on it alone speaks for the cameras."""
        return self._came

    def health(self) -> dict[str, Any]:
        """Recorder and cameras as they are now, in plain values; from any thread."""
        return health_of(self._settings, self._link, self._why_now, len(self._orders))

    @property
    def _why_now(self) -> str:
        """Why there is no recorder, and what may be the cause."""
        if self._link is not None:
            return self._why
        return f"{self._why}; {self._reception.turned_away}"

    def _refuse(self, order: Snapshot, why: Unseen) -> None:
        for told in never(order.shot, order.wanted, why):
            self._put(told)

    def _welcome(self, peer: socket.socket) -> bool:
        if self._link is not None or self._stopping.is_set():
            return False
        news = News(self._settings, self._learning, self._put)
        hearing = Hearing(self._settings, self._orders, self._intake, news, self._well)
        outbox = Outbox(self._settings, self._rooms)
        self._link = Link(peer, hearing, outbox, self._ended, self._unsendable)
        self._link.start()
        return True

    def _well(self) -> None:
        with self._telling:
            self._came, self._lost, self._why, self._well_at = True, False, "", monotonic()
            self._put(DeviceBack(0, RECORDER))

    def _ended(self, link: Link, why: str) -> None:
        self._reception.left(monotonic() - self._well_at if link.hearing.well else 0.0)
        self._orders.abandon()
        self._overdue(gone=True)
        self._tell_lost(why)
        self._link = None  # last, so that the next one's news come behind this one's

    def _unsendable(self, number: int) -> None:
        self._orders.give_up(number, Unseen.BUSY)

    def _tell_lost(self, why: str, *, never_came: bool = False) -> None:
        with self._telling:
            if (never_came and self._came) or self._stopping.is_set():
                return
            self._why = why
            if not self._lost:
                self._lost = True
                self._put(DeviceLost(0, RECORDER, why))

    def _report(self) -> None:
        """Tell what has come to its end, and look after whoever is silent."""
        while not self._stopping.is_set():
            for shot, name in self._orders.due(TICK_S):
                self._tell(shot, name)
            self._overdue(gone=False)
            link = self._link
            if link is not None:
                link.look()
            elif monotonic() - self._begun > ABSENT_S:
                self._tell_lost(NOBODY, never_came=True)

    def _tell(self, shot: PictureOrder, name: str) -> None:
        part = shot.parts[name]
        store = self._intake.store
        for small in part.lone:
            store.forget(small["sha256"])
        try:
            if part.pictures:
                store.sync()
        except OSError:
            for one in (*part.pictures.values(), *part.thumbnails.values()):
                store.forget(one["sha256"])
            part.lose(Unseen.NO_ROOM)
        self._put(shot.told(name))

    def _overdue(self, *, gone: bool) -> None:
        for camera in self._learning.overdue(gone=gone):
            self._put(CameraLearned(0, camera, "the recorder did not answer"))
