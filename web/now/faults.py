"""What does not work now, in words. Rule: alarms are no faults; they stand for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from web.i18n import N_, _

View = Mapping[str, Any]
CAMERA_WORDS = {
    "covered": N_("covered"),
    "moved": N_("moved"),
    "frozen": N_("picture frozen"),
    "looped": N_("picture looped"),
    "blinded": N_("blinded"),
    "defocused": N_("out of focus"),
    "lost": N_("lost"),
}
LOG_WORDS = {
    "disk_low": N_("the disk fills up"),
    "reserve_used": N_("the disk is full, the reserve is used"),
    "backup_failed": N_("the backup failed"),
}


def faults(view: View) -> Iterator[str]:
    """What does not work, in words."""
    for one in view.get("lost", ()):
        yield _("%(what)s: no answer", what=one)
    for one in view.get("suspects", ()):
        yield _("%(what)s: not the device that was paired", what=one)
    for one in view.get("noisy", ()):
        yield _("%(what)s: the line chatters", what=one)
    for camera, how in view.get("cameras", {}).items():
        if how in CAMERA_WORDS:
            yield _("Camera %(what)s: %(how)s", what=camera, how=_(CAMERA_WORDS[how]))
    for one in view.get("log", {}).get("troubles", ()):
        yield _("Log: %(what)s", what=_(LOG_WORDS.get(str(one), str(one))))
