"""How recorder and cameras are, in plain values for the gate. Rule: it only tells what was heard last."""

from __future__ import annotations

from time import monotonic
from typing import Any

from controller.eyes.link import Link
from recorder.messages import CameraHealth, Settings


def health_of(settings: Settings, link: Link | None, why: str, waiting: int) -> dict[str, Any]:
    """Recorder and every camera of the site; None stands for what nobody knows."""
    hearing = link.hearing if link else None
    health = hearing.health if hearing else None
    recorder = {
        "state": _state(link),
        "why": why,
        "pid": hearing.hello.pid if hearing and hearing.hello else None,
        "connected_s": round(monotonic() - link.begun, 1) if link else None,
        "rss_mb": health.rss_mb if health else None,
        "cpu_percent": health.cpu_percent if health else None,
        "shed": health.shed if health else None,
        "waiting": waiting,
    }
    known = health.cameras if health else {}
    cameras = [_camera(name, known.get(name)) for name in sorted(settings.cameras)]
    return {"recorder": recorder, "cameras": cameras}


def _state(link: Link | None) -> str:
    if link is None:
        return "gone"
    return "well" if link.well else "coming"


def _camera(name: str, one: CameraHealth | None) -> dict[str, Any]:
    words = ("fps", "age_ms", "condition", "ring_bytes", "ring_s", "reconnects")
    return {"camera": name} | {word: getattr(one, word) if one else None for word in words}
