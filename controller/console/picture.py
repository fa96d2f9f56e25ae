"""One picture for somebody who is signed in: opened here, so that the web process needs no key of any.

Rule 1: a picture is an Entry each; thumbnails beside the feed are one a session and hour (behaviour 61).
Rule 2: whoever had a room pictured to approve its opening sees those pictures, whatever their role (33b).
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from threading import Lock

from controller.console.lines import Request
from controller.console.parts import Me, Parts, require_role
from controller.console.refusals import NoError, Told, no
from controller.core.console_roles import SEES_SEALED, ConsoleRole, Via
from controller.core.custody import LIVE
from controller.core.events import Asking
from controller.core.words import Kind, Reason
from controller.errors import IronroomError, UserMistake
from controller.ledger.reading import LogReader
from controller.picture_evidence import Shot, Shown
from controller.picture_words import GIVEN

LOG = "custody.db"
SEES = (ConsoleRole.GUARD, ConsoleRole.CHIEF, ConsoleRole.AUDITOR)
"""Who is shown pictures of the room at all."""
THUMBNAIL, PICTURE = "thumbnail", "picture"
HOUR_MS = 3_600_000
LOOK_BEFORE = 50
"""Entries before the one with the pictures in which the look that asked for them stands."""
SHOTS = (Kind.SNAPSHOT, Kind.PICTURES_TAKEN)
MOST_KNOWN = 4_096


class Pictures:
    """The counter for pictures."""

    def __init__(self, parts: Parts, data: Path) -> None:
        self._parts, self._log = parts, data / LOG
        self._lock = Lock()
        self._feeds: dict[str, int] = {}

    def picture(self, said: Request) -> Told:
        """One picture of a Snapshot, by the counter of the Entry that asked for it, camera and moment."""
        small = said.fields["size"] == THUMBNAIL
        me = self._parts.me(said.fields["token"], quiet=small)
        if not {*me.roles} & {role.value for role in SEES} and not self._looked(me, said):
            require_role(me, *SEES)
        if said.fields["size"] not in (THUMBNAIL, PICTURE):
            return no(Reason.NOT_UNDERSTOOD)
        self._write_down(me, said, small=small)
        try:
            shown = self._shown(me, said, small=small)
        except UserMistake:
            return no("no_picture")
        except IronroomError:
            return no("no_answer")
        if shown is None:
            return no("no_picture")
        picture, caption = shown
        if picture.opened is None or picture.state != GIVEN:
            return no("no_picture", state=picture.state, why=picture.why)
        return {"jpeg": b64encode(picture.opened.picture).decode(), "caption": caption}

    def _looked(self, me: Me, said: Request) -> bool:
        """Tell whether the Snapshot was asked for by this person's own live look, just before it."""
        n = said.fields["shot_n"]
        with LogReader(self._log) as reader:
            asked = list(reader.entries(after=n - LOOK_BEFORE, before=n + 1, who=me.person))
            looks = [
                one for one in asked if one.get("kind") == Kind.EVIDENCE_READ and one.get("what") == LIVE
            ]
            shot = next(reader.entries(after=n - 1, before=n + 1), {})
            rooms = {str(one.get("filter", "")).removeprefix("room=") for one in looks}
        is_live = shot.get("kind") in SHOTS and shot.get("why") == Kind.EVIDENCE_READ
        return bool(looks) and is_live and shot.get("place") in rooms

    def _shown(self, me: Me, said: Request, *, small: bool) -> tuple[Shown, str] | None:
        asked = (said.fields["camera"], said.fields["moment"], small)
        with LogReader(self._log) as reader:
            shot = Shot(reader, said.fields["shot_n"], sealed=bool({*me.roles} & SEES_SEALED))
            for one in shot.wished():
                if one.sha256 and (one.camera, one.moment, one.thumbnail) == asked:
                    when, at = shot.asked.get("time", ""), shot.asked.get("place", "")
                    return shot.shown(one), f"{at}, {when}, {one.camera} {one.moment:+d} ms"
        return None

    def _write_down(self, me: Me, said: Request, *, small: bool) -> None:
        if small and self._is_known(me):
            return
        what = "feed" if small else "picture"
        chosen = "" if small else f"n={said.fields['shot_n']} moment={said.fields['moment']}"
        fields = {"what": what, "filter": chosen, "words": "" if small else f"camera={said.fields['camera']}"}
        answer = self._parts.core.ask(Asking(0, "read_evidence", me.person, "", fields, Via.SESSION))
        if "accepted" not in answer:
            raise NoError(Reason.NOT_ALLOWED)
        if small:
            self._know(me)

    def _is_known(self, me: Me) -> bool:
        with self._lock:
            at = self._feeds.get(me.session.id)
        return at is not None and self._parts.now_ms() - at < HOUR_MS

    def _know(self, me: Me) -> None:
        with self._lock:
            if len(self._feeds) >= MOST_KNOWN:
                self._feeds.clear()
            self._feeds[me.session.id] = self._parts.now_ms()
