"""What is thought of one camera: its lasting condition, its reference, and whether somebody is in the room.

Rule 1: it looks at pictures that others hand it, and at the camera's health; it has no thread.
Rule 2: a camera that gives no pictures is lost; whether it shows what it should, Honesty tells.
"""

from __future__ import annotations

from hardware.cameras.capture import Health
from hardware.cameras.honesty import Honesty, Verdict
from hardware.cameras.reference import Learning, NoReferenceError
from hardware.cameras.ring import Frame
from recorder.messages import CameraSettings, Condition, FromRecorder, Learned
from recorder.references import References

LOST, BACK = "lost", "back"
_LEARNS_WITHIN = 60
"""Looks in which a camera that was asked to learn must have shown enough pictures."""
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
        self._wish, self._asked, self._looks_left = False, False, _LEARNS_WITHIN
        self._bad_since: float | None = None
        self._kept_at = 0.0
        self.condition, self._why = BACK, ""

    def learn(self) -> None:
        """Take what it sees from now on as what it should see; from any thread."""
        self._wish = True

    def level(self) -> Condition:
        """The condition as it is."""
        return Condition(self.name, self.condition, self._why)

    def look(self, frame: Frame | None, health: Health, now: float, *, is_empty: bool) -> list[FromRecorder]:
        """Look at the newest frame; ``is_empty``: nobody is registered in the room that it watches."""
        before, said = self.condition, list[FromRecorder]()
        if self._wish:
            self._wish = False
            self._learning, self._asked, self._looks_left = Learning(self._areas), True, _LEARNS_WITHIN
        lost = self._lost(health, now)
        if frame is not None and health.state == "good":
            verdict = self._honesty.look(frame.jpeg, frame.at)
            said += self._learned(verdict)
            if is_empty:
                self._follow(verdict, now)
        elif self._asked:
            said += self._later()
        self.condition = LOST if lost else self._honesty.condition
        self._why = _words(health.why) if lost else ""
        if self.condition != before:
            said.append(self.level())
        return said

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
        if not self._asked and verdict.look.word:
            return []  # unasked it learns from what looks good only
        try:
            reference = self._learning.add(verdict.picture)
        except NoReferenceError as error:
            self._learning = Learning(self._areas)
            return self._not_learned(str(error))
        if reference is None:
            return []
        self._honesty.learn(reference)
        why = self._references.save(self.name, reference)
        self._learning, self._asked = None, False
        return [Learned(self.name, _words(why))]

    def _later(self) -> list[FromRecorder]:
        self._looks_left -= 1
        return [] if self._looks_left else self._not_learned("it gives no pictures")

    def _not_learned(self, why: str) -> list[FromRecorder]:
        """One who asked is told; one who did not is not bothered with every try."""
        if not self._asked:
            return []
        self._asked = False
        if self._honesty.reference is not None:
            self._learning = None  # what it knew before holds on
        return [Learned(self.name, _words(why))]


def _words(why: str) -> str:
    """As a message may hold them."""
    return "".join(sign for sign in why if sign.isprintable())[:200]
