"""From a picture that came to a file on the disk: it must be what was ordered, and there must be room for it.

Rule: what cannot be opened with the keys of all whom it is sealed for never reaches the disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from controller.core.unseen import Unseen
from controller.eyes.opening import NoKeyError, Opening
from controller.eyes.picture_order import PictureOrder
from controller.eyes.picture_store import NotKeptError, PictureStore
from controller.eyes.rations import Rations
from controller.ledger.verifying import DATABASE
from recorder.messages import Picture


class NotTakenError(Exception):
    """The picture is not on the disk, for which the recorder is not to blame; ``why`` is a stable word."""

    def __init__(self, why: Unseen) -> None:
        super().__init__(why)
        self.why = why


class Intake:
    """Of one data folder; raises OSError and LogExposed when its pictures cannot be kept there."""

    def __init__(self, data: Path, cameras: Iterable[str]) -> None:
        self.store = PictureStore(data)
        self._opening, self._rations = Opening(data / DATABASE), Rations(cameras)

    def take(self, picture: Picture, shot: PictureOrder) -> str:
        """Keep a picture of a shot and give its SHA-256; raises NotTakenError and WrongPictureError."""
        camera, size = picture.camera, len(picture.sealed)
        if not self._rations.take(camera, size):
            raise NotTakenError(Unseen.NO_ROOM)
        try:
            self._opening.require(picture, shot.terms)
            return self.store.put(picture.sealed, shot.wall_ms)
        except NoKeyError:
            self._rations.give(camera, size)
            raise NotTakenError(Unseen.NO_KEY) from None
        except NotKeptError:
            self._rations.give(camera, size)
            raise NotTakenError(Unseen.NO_ROOM) from None
