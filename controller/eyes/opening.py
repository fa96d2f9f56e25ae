"""Whether a sealed picture is what was ordered: it is opened, looked at, and let go again.

Rule 1: each key of those it is sealed for is needed in its turn, and no other key opens anything of it.
Rule 2: secret keys and the plain picture live for one call, and no message and no log ever has them.
Rule 3: it knows a JPEG by its first and last marker and by our caption; pixels are never parsed here.
"""

from __future__ import annotations

from pathlib import Path

import pyrage
from pyrage import x25519

from controller.errors import IronroomError
from controller.eyes.picture_order import Terms
from controller.ledger.reading import LogReader
from recorder.caption import Caption, CaptionError, caption_of, time_of_frame
from recorder.messages import Picture, Said
from recorder.seal import SealError, opened_in_turn

NOT_SEALED = "the recorder sends a picture that is not sealed as it was told"
NOT_ORDERED = "the recorder sends a picture that does not say what was ordered"
_END = b"\xff\xd9"
"""EOI of ISO/IEC 10918-1, Table B.1."""


class WrongPictureError(Exception):
    """A recorder that keeps to its orders sends no such picture; the text says why, as an Entry tells it."""


class NoKeyError(Exception):
    """It cannot be opened, by anybody: somebody it is sealed for was erased since it was ordered."""


class Opening:
    """Opens pictures with the keys that lie beside the log ``file``; from any thread."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def require(self, picture: Picture, terms: Terms) -> None:
        """Raises WrongPictureError unless it is what was ordered, NoKeyError where nobody can tell any more.

        A picture of a few people takes some milliseconds.
        """
        try:
            plain = opened_in_turn(picture.sealed, self._identities(terms))
        except SealError:
            raise WrongPictureError(NOT_SEALED) from None
        if not says(plain, picture, terms.said):
            raise WrongPictureError(NOT_ORDERED)

    def _identities(self, terms: Terms) -> list[str]:
        try:
            with LogReader(self._file) as reader:
                identities = reader.picture_identities(terms.seals)
            # Whoever was erased and named again has another key, which opens nothing older.
            public = [str(x25519.Identity.from_str(one).to_public()) for one in identities]
        except (IronroomError, pyrage.IdentityError):
            raise NoKeyError from None
        if public != [*terms.recipients]:
            raise NoKeyError
        return identities


def says(plain: bytes, picture: Picture, said: Said) -> bool:
    """Whether an opened picture is a JPEG from its start to its end, with the caption that it should have."""
    due = Caption(
        site=said.site,
        place=said.place,
        why=said.why,
        shot=said.shot,
        camera=picture.camera,
        moment=picture.moment,
        taken=picture.taken,
        time=time_of_frame(said.time, picture.taken),
        clock=said.clock,
        masked=picture.masked,
    )
    try:
        return caption_of(plain) == due and plain.endswith(_END)
    except CaptionError:
        return False
