"""Why the controller does not answer, as far as can be seen from outside. Rule: what is not sure is silence.

The console needs no room on any disk itself: a full one is the controller's, which then lets nothing open.
"""

from __future__ import annotations

import os
from enum import StrEnum

from web.i18n import N_
from web.settings import Settings

FULL_BYTES = 1_000_000
"""With less free space on its disk the log has used up its reserve, and a controller ended for that."""


class Outage(StrEnum):
    """What stands between console and controller."""

    SILENT = "silent"
    FULL = "full"
    RIGHTS = "rights"


WORDS = {
    Outage.SILENT: (
        N_("The controller does not answer"),
        N_("Doors and alarms do not depend on this screen. It goes on once the controller answers."),
    ),
    Outage.FULL: (
        N_("The controller does not answer, and its disk is full"),
        N_(
            "What cannot be written down does not open; ways out stay free. "
            "Call the installer: it goes on once there is room again."
        ),
    ),
    Outage.RIGHTS: (
        N_("The console may not speak to the controller"),
        N_(
            "Its socket is closed to the console's user. Doors and alarms do not depend on this screen. "
            "Call the installer."
        ),
    ),
}


def outage(settings: Settings, error: BaseException | None) -> Outage:
    """What ``error``, raised where the controller was asked, comes from."""
    if isinstance(error, PermissionError):
        return Outage.RIGHTS
    return Outage.FULL if _is_full(settings) else Outage.SILENT


def _is_full(settings: Settings) -> bool:
    try:
        found = os.statvfs(settings.log.parent)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < FULL_BYTES
