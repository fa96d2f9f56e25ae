"""What is thought of one camera: its lasting condition, its reference, and whether somebody is in the room.

Rule 1: it looks at pictures that others hand it, and at the camera's health; it has no thread.
Rule 2: a camera that gives no pictures is lost; whether it shows what it should, Honesty tells.
"""

from __future__ import annotations

from hardware.cameras.capture import Health
from hardware.cameras.honesty import Honesty, Verdict
from hardware.cameras.people import Occupied, presence
from hardware.cameras.reference import Learning, NoReferenceError
from hardware.cameras.ring import Frame
from recorder.messages import CameraSettings, Condition, FromRecorder, Learned, RoomLooks
from recorder.references import References

LOST, BACK = "lost", "back"
LEARNS_WITHIN_S = 40.0
"""How long a camera that was asked to learn may take to show enough pictures."""
_KEEPS_EVERY_S = 600.0


class Judge:
    """Of one camera; ``look`` gives what is to be said."""

    def __init__(self, name: str, settings: CameraSettings, references: References) -> None:
        self.name = name
        self._settings, self._references = settings, references
        self._areas = (*settings.masks, *settings.clock)
        reference = references.load(name, self._areas)
        self._honesty = Honesty(reference, self._areas, fault_after_s=settings.fault_after_s)
        self._learning: Learning | None = Learning(self._areas) if reference is None else None
        self._wish, self._asked_until = False, 0.0
        self._occupied = Occupied(settings.fault_after_s)
        self._bad_since: float | None = None
        self._kept_at = self._seen_at = 0.0
        self.condition, self._why = BACK, ""

    def learn(self) -> None:
        """Take what it sees from now on as what it should see; from any thread."""
        self._wish = True

    def level(self) -> Condition:
        """The condition as it is."""
        return Condition(self.name, self.condition, self._why)

    def levels(self) -> list[FromRecorder]:
        """All that is to be said to somebody who knows nothing yet."""
        inside = self._occupied.is_occupied
        return [self.level(), *([] if inside is None else [RoomLooks(self.name, inside)])]

    def look(self, frame: Frame | None, health: Health, now: float, *, is_empty: bool) -> list[FromRecorder]:
        """Look at the newest frame; ``is_empty``: nobody is registered in the room that it watches."""
        before, said = self.condition, list[FromRecorder]()
        self._heed(now)
        lost = self._lost(health, now)
        if frame is not None and frame.at > self._seen_at and health.state == "good":
            self._seen_at = frame.at
            verdict = self._honesty.look(frame.jpeg, frame.at)
            said += [*self._learned(verdict), *self._looked_through(verdict)]
            if is_empty:
                self._follow(verdict, now)
        if self._asked_until and now > self._asked_until:
            said += self._not_learned("it gave too few pictures")
        self.condition = LOST if lost else self._honesty.condition
        self._why = _words(health.why) if lost else ""
        if self.condition != before:
            said.append(self.level())
        return said

    def _heed(self, now: float) -> None:
        """Begin to learn, if that was asked for."""
        if self._wish:
            self._wish = False
            self._learning, self._asked_until = Learning(self._areas), now + LEARNS_WITHIN_S

    def _looked_through(self, verdict: Verdict) -> list[FromRecorder]:
        """Whether somebody is in the room that it watches, when that has changed."""
        reference, before = self._honesty.reference, self._occupied.is_occupied
        if not self._settings.watches or reference is None or verdict.picture is None:
            return []
        if verdict.condition != BACK:
            return []
        after = self._occupied.note(verdict.at, presence(verdict.picture, reference))
        return [] if after is None or after is before else [RoomLooks(self.name, after)]

    def _lost(self, health: Health, now: float) -> bool:
        """No good picture for as long as a fault may take."""
        if health.state == "good":
            self._bad_since = None
            return False
        if self._bad_since is None:
            self._bad_since = now - (health.age_s or 0.0)
        return now - self._bad_since >= self._settings.fault_after_s

    def _follow(self, verdict: Verdict, now: float) -> None:
        """Follow the light of the empty room, and remember it now and then."""
        before = self._honesty.reference
        self._honesty.follow(verdict)
        after = self._honesty.reference
        if after is not None and after is not before and now - self._kept_at > _KEEPS_EVERY_S:
            self._kept_at = now
            self._references.save(self.name, after)

    def _learned(self, verdict: Verdict) -> list[FromRecorder]:
        if self._learning is None or verdict.picture is None:
            return []
        if not self._asked_until and verdict.look.word:
            return []  # unasked it learns from what looks good only
        try:
            reference = self._learning.add(verdict.picture)
        except NoReferenceError as error:
            return self._not_learned(str(error))
        if reference is None:
            return []
        self._honesty.learn(reference)
        self._occupied = Occupied(self._settings.fault_after_s)
        self._references.save(self.name, reference)
        self._learning, self._asked_until = None, 0.0
        return [Learned(self.name, "")]  # also where it could not be kept: it is what counts from now on

    def _not_learned(self, why: str) -> list[FromRecorder]:
        """One who asked is told; one who did not is not bothered with every try."""
        asked, self._asked_until = self._asked_until, 0.0
        # What it knew before holds on; one that knows nothing goes on trying.
        self._learning = Learning(self._areas) if self._honesty.reference is None else None
        return [Learned(self.name, _words(why))] if asked else []


def _words(why: str) -> str:
    """As a message may hold them."""
    return "".join(sign for sign in why if sign.isprintable())[:200]
