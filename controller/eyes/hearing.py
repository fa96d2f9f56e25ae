"""What the recorder says, judged: nothing of it is believed that was not asked for. Law 6.

Rule 1: a picture is on the disk before anybody hears of it, and only if it is what was ordered: opened with
the keys of all whom it is sealed for, it says so.
Rule 2: whoever floods the line, or says what nobody ordered, is hung up.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from controller.core.effects import Body, Wanted
from controller.core.unseen import Unseen
from controller.eyes.allowance import Allowance
from controller.eyes.intake import Intake, NotTakenError
from controller.eyes.news import News
from controller.eyes.opening import WrongPictureError
from controller.eyes.picture_order import Claim, PictureOrder
from controller.eyes.picture_orders import PICTURE, THUMBNAIL, PictureOrders
from recorder.messages import (
    Condition,
    FramesSeen,
    Health,
    Hello,
    Learned,
    Message,
    NoPicture,
    Picture,
    RoomLooks,
    Settings,
)

A_SECOND = 10.0
"""Messages a second that nobody ordered, beside those that looking through cameras gives."""
BURST = 64
FOR_EACH_CAMERA = 8
FOR_EACH_LOOK = 3
"""What a camera may give each time it is looked through: its condition, its room, that it has learned."""
LONGEST_KEY = 65_536
LONGEST_THUMBNAIL = 524_288


class HangUpError(Exception):
    """The recorder is not what it should be; the text says why, as an Entry tells it."""


class Hearing:
    """The judge of one connection, in its reading thread alone.

    ``on_well`` is called once, when the recorder has taken its settings and before its first news.
    """

    def __init__(
        self,
        settings: Settings,
        shots: PictureOrders,
        intake: Intake,
        news: News,
        on_well: Callable[[], None],
    ) -> None:
        self._longest = 2 * settings.picture_bytes + LONGEST_KEY  # one with masks was encoded anew
        self._orders, self._intake, self._news, self._on_well = shots, intake, news, on_well
        cameras = settings.cameras.values()
        looks = sum(FOR_EACH_LOOK / one.check_s for one in cameras)
        self._said = Allowance(BURST + FOR_EACH_CAMERA * len(cameras), A_SECOND + looks)
        self.hello: Hello | None = None
        self.health: Health | None = None
        self.beat_at = monotonic()
        self.well = False

    def hear(self, message: Message) -> None:
        """Take one message; raises HangUpError."""
        if self.hello is None and not isinstance(message, Hello):
            raise HangUpError("what speaks is not the recorder: it does not say hello first")
        match message:
            case Picture():
                self._picture(message)
            case NoPicture():
                self._no_picture(message)
            case FramesSeen():
                self._frames(message)
            case _:
                self._unordered(message)

    def _unordered(self, message: Message) -> None:
        if not self._said.take(monotonic()):
            raise HangUpError("the recorder says too much")
        match message:
            case Hello() if self.hello is None:
                self.hello = message
            case Health():
                self._beat(message)
            case Condition(camera, condition):
                self._news.conditions({camera: condition})
            case RoomLooks(camera, occupied):
                self._news.looks(camera, occupied=occupied)
            case Learned(camera, why):
                self._news.learned(camera, why)
            case _:
                raise HangUpError("the recorder says what nobody asked for")

    def _beat(self, health: Health) -> None:
        """A beat repeats every condition, so that none is ever missed, and what had to wait is told."""
        self.health, self.beat_at = health, monotonic()
        self._news.conditions({camera: one.condition for camera, one in health.cameras.items()})
        if not self.well and self._news.complete:
            self.well = True
            self._on_well()
            self._news.begin()
        self._news.catch_up()

    def _picture(self, picture: Picture) -> None:
        one, what = Wanted(picture.camera, picture.moment), THUMBNAIL if picture.thumbnail else PICTURE
        shot = self._ordered(self._orders.claim(picture.shot, what, one), picture.shot)
        if shot is None:
            return
        if len(picture.sealed) > (LONGEST_THUMBNAIL if picture.thumbnail else self._longest):
            raise HangUpError("the recorder sends a picture that is larger than it was told")
        try:
            digest = self._intake.take(picture, shot)
        except WrongPictureError as wrong:
            self._orders.missing(picture.shot, one, Unseen.BROKEN)
            raise HangUpError(str(wrong)) from None
        except NotTakenError as not_taken:
            if not picture.thumbnail:
                self._orders.missing(picture.shot, one, not_taken.why)
            return
        if not self._orders.kept(picture.shot, one, _told(picture, digest)):
            self._intake.store.forget(digest)

    def _no_picture(self, said: NoPicture) -> None:
        one = Wanted(said.camera, said.moment)
        if self._ordered(self._orders.claim(said.shot, PICTURE, one), said.shot):
            self._orders.missing(said.shot, one, said.why)

    def _frames(self, said: FramesSeen) -> None:
        counts = {"seen": said.seen, "missed": said.missed, "gap_ms": said.gap_ms}
        self._ordered(self._orders.frames(said.shot, said.part, said.camera, counts), said.shot)

    def _ordered(self, claim: Claim, number: int) -> PictureOrder | None:
        """The shot that something is for; None when it is too late for it. Raises HangUpError."""
        if claim is Claim.UNORDERED:
            raise HangUpError("the recorder sends what nobody ordered")
        return self._orders.shot(number) if claim is Claim.WANTED else None


def _told(picture: Picture, digest: str) -> Body:
    return {
        "sha256": digest,
        "size": len(picture.sealed),
        "camera": picture.camera,
        "moment": picture.moment,
        "taken": picture.taken,
        "width": picture.width,
        "height": picture.height,
        "masked": picture.masked,
        "thumbnail": picture.thumbnail,
    }
