"""What the recorder says, judged: nothing of it is believed that was not asked for. Law 6.

Rule 1: a picture is on the disk before anybody hears of it, and only if it was ordered and looks sealed.
Rule 2: of conditions only a change is news; a beat repeats them all, so that none is ever missed. That a
camera is well is not believed of a recorder that has not looked long enough to know.
Rule 3: whoever says too much, or what nobody ordered, is hung up.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from controller.core.effects import Body, Wanted
from controller.core.events import CameraLearned, CameraSeen, RoomSeen
from controller.core.unseen import Unseen
from controller.eyes.allowance import Allowance
from controller.eyes.learning import Learning
from controller.eyes.picture_store import NotKeptError, PictureStore
from controller.eyes.shot import Claim, Shot
from controller.eyes.shots import PICTURE, THUMBNAIL, Shots
from controller.inbox import Report
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
"""Messages a second that nobody ordered: beats, conditions, looks."""
NEWS_A_SECOND = 1.0
"""How many of them may be news, which are Entries: in the long run; a whole site may change at once."""
BURST, NEWS_BURST = 64, 16
FOR_EACH_CAMERA = 8
AGE = b'"}\nage-encryption.org/v1\n'
LONGEST_KEY = 65_536
LONGEST_THUMBNAIL = 524_288
BACK = "back"

Put = Callable[[Report], None]


class HangUpError(Exception):
    """The recorder is not what it should be; the text says why, as an Entry tells it."""


class Hearing:
    """The judge of one connection, in its reading thread alone; ``put`` may wait.

    ``on_well`` is called once, when the recorder has taken its settings and before its first news.
    """

    def __init__(
        self,
        settings: Settings,
        shots: Shots,
        learning: Learning,
        store: PictureStore,
        put: Put,
        on_well: Callable[[], None],
    ) -> None:
        self._cameras = frozenset(settings.cameras)
        self._longest = 2 * settings.picture_bytes + LONGEST_KEY  # one with masks was encoded anew
        self._shots, self._learning, self._store = shots, learning, store
        self._put, self._on_well = put, on_well
        more = FOR_EACH_CAMERA * len(self._cameras)
        self._said = Allowance(BURST + more, A_SECOND)
        self._news = Allowance(NEWS_BURST + more, NEWS_A_SECOND)
        self._settings = settings.cameras
        self._levels: dict[str, str] = {}  # as they were said last
        self._conditions: dict[str, str] = {}  # as they were passed on
        self._occupied: dict[str, bool] = {}
        self.hello: Hello | None = None
        self.health: Health | None = None
        self.beat_at = monotonic()
        self.well = False
        self._well_at = 0.0

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
                self._levels |= {camera: condition} if camera in self._cameras else {}
                self._see(camera)
            case RoomLooks(camera, occupied):
                self._looks(camera, occupied=occupied)
            case Learned(camera, why):
                if self._learning.ended(camera):  # else it is its own affair: of its first look, say
                    self._put(CameraLearned(0, camera, why))
            case _:
                raise HangUpError("the recorder says what nobody asked for")

    def _beat(self, health: Health) -> None:
        self.health, self.beat_at = health, monotonic()
        self._levels |= {
            camera: one.condition for camera, one in health.cameras.items() if camera in self._cameras
        }
        if not self.well and self._levels.keys() >= self._cameras:
            self.well, self._well_at = True, monotonic()
            self._on_well()
        for camera in self._levels:
            self._see(camera)

    def _see(self, camera: str) -> None:
        condition = self._levels.get(camera)
        if not self.well or condition is None or self._conditions.get(camera) == condition:
            return
        if condition == BACK and camera not in self._conditions and not self._knows(camera):
            return  # the next beat says it again
        self._conditions[camera] = condition
        self._tell(CameraSeen(0, camera, condition))

    def _knows(self, camera: str) -> bool:
        """Whether a fault would have been found by now, if there were one."""
        one = self._settings[camera]
        return monotonic() - self._well_at > one.fault_after_s + 2 * one.check_s

    def _looks(self, camera: str, *, occupied: bool) -> None:
        if camera in self._cameras and self._occupied.get(camera) is not occupied:
            self._occupied[camera] = occupied
            self._tell(RoomSeen(0, camera, occupied))

    def _tell(self, news: Report) -> None:
        if not self._news.take(monotonic()):
            raise HangUpError("the recorder changes its mind too often")
        self._put(news)

    def _picture(self, picture: Picture) -> None:
        one, what = Wanted(picture.camera, picture.moment), THUMBNAIL if picture.thumbnail else PICTURE
        shot = self._ordered(self._shots.claim(picture.shot, what, one), picture.shot)
        if shot is None:
            return
        if len(picture.sealed) > (LONGEST_THUMBNAIL if picture.thumbnail else self._longest):
            raise HangUpError("the recorder sends a picture that is larger than it was told")
        if not looks_sealed(picture.sealed, shot.layers):
            raise HangUpError("the recorder sends a picture that is not sealed as it was told")
        try:
            digest = self._store.put(picture.sealed, shot.wall_ms)
        except NotKeptError:
            if not picture.thumbnail:
                self._shots.missing(picture.shot, one, Unseen.NO_ROOM)
            return
        if not self._shots.kept(picture.shot, one, _told(picture, digest)):
            self._store.forget(digest)

    def _no_picture(self, said: NoPicture) -> None:
        one = Wanted(said.camera, said.moment)
        if self._ordered(self._shots.claim(said.shot, PICTURE, one), said.shot):
            self._shots.missing(said.shot, one, said.why)

    def _frames(self, said: FramesSeen) -> None:
        counts = {"seen": said.seen, "missed": said.missed, "gap_ms": said.gap_ms}
        self._ordered(self._shots.frames(said.shot, said.part, said.camera, counts), said.shot)

    def _ordered(self, claim: Claim, number: int) -> Shot | None:
        """The shot that something is for; None when it is too late for it. Raises HangUpError."""
        if claim is Claim.UNORDERED:
            raise HangUpError("the recorder sends what nobody ordered")
        return self._shots.shot(number) if claim is Claim.WANTED else None


def looks_sealed(octets: bytes, layers: int) -> bool:
    """Whether a file begins as recorder/seal.py writes it: for so many keys, and then age v1."""
    head = b'{"ironroom":"picture","version":1,"for":%d,"key":"' % layers
    end = octets.find(b'"}\n', 0, LONGEST_KEY)
    return octets.startswith(head) and octets.startswith(AGE, end) and octets.find(b"\n") == end + 2


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
