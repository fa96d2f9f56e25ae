"""A log with pictures in it, sealed as the recorder seals them. Rule: decides nothing."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from controller.ledger.custody_log import CustodyLog
from recorder.seal import seal

JPEG = b"\xff\xd8\xff\xe0 two people at the iron door \xff\xd9"
SMALL = b"\xff\xd8\xff\xe0 small \xff\xd9"
CAMERAS = ("door", "vault")
STAMP = {"time": "2026-03-02T01:00:00.000Z", "clock": "trusted", "policy": "p1"}


def draft(log: CustodyLog, kind: str, **more: object) -> dict[str, Any]:
    return {**STAMP, "at": log.last_at, "kind": kind, **more}


def jpeg(camera: str, moment: int, *, small: bool = False) -> bytes:
    """What is in a picture; the time the camera burnt in, so to say, is its moment."""
    return (SMALL if small else JPEG) + f"{camera} {moment}".encode()


def snapshot(log: CustodyLog, shot: int, *seals: str, **more: object) -> int:
    """Ask for pictures before and after an event; the Entry's counter."""
    wanted = [{"camera": camera, "moment": moment} for moment in (-2000, 500) for camera in CAMERAS]
    body = {"place": "vault", "why": "granted", "shot": shot, "wanted": wanted, "seals": list(seals)} | more
    return log.append([draft(log, "snapshot", **body)])[0]


def take(log: CustodyLog, shot: int, part: str, *seals: str, lacks: str = "", why: str = "granted") -> int:
    """Seal and keep the pictures of one part, all but those that a camera lacks; the Entry's counter."""
    moment = -2000 if part == "now" else 500
    pictures, missing = [], []
    for camera in CAMERAS:
        if camera == lacks:
            missing.append({"camera": camera, "moment": moment, "why": "stalled"})
            continue
        for small in (False, True):
            sealed = seal(jpeg(camera, moment, small=small), log.recipients(seals))
            name = keep(log.file.parent, sealed)
            told = {"sha256": name, "size": len(sealed), "camera": camera, "moment": moment, "taken": moment}
            pictures.append({**told, "width": 64, "height": 48, "masked": False, "thumbnail": small})
    body = {"place": "vault", "why": why, "shot": shot, "part": part, "missing": missing, "frames": {}}
    return log.append([draft(log, "pictures_taken", **body, pictures=pictures)])[0]


def keep(data: Path, sealed: bytes) -> str:
    """A file in the folder of pictures, as the controller writes it."""
    folder = data / "pictures"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = sha256(sealed).hexdigest()
    (folder / name).write_bytes(sealed)
    return name


def none(log: CustodyLog, shot: int, part: str, why: str) -> int:
    """Nothing was taken."""
    moment = -2000 if part == "now" else 500
    missing = [{"camera": camera, "moment": moment, "why": why} for camera in CAMERAS]
    body = {"place": "vault", "why": why, "shot": shot, "part": part, "missing": missing, "frames": {}}
    return log.append([draft(log, "no_picture", **body, reason=why)])[0]


def erase(log: CustodyLog, *people: str) -> int:
    """Two people had somebody erased."""
    return log.append([draft(log, "erased", person=people[0], erases=list(people))])[0]


def identities(log: CustodyLog) -> dict[str, str]:
    """Every secret there is, by subject: what must not be found after an erasure."""
    return dict(log._fetch("SELECT subject, identity FROM picture_key", ()))
