"""How a process off a Pi finds pins under the real rpi-lgpio: the stand-in for its C module comes first.

Rule 1: nothing in hardware/ knows of this; environment and module path are set from outside.
"""

import os
import sys
from pathlib import Path

from firmware_shims.pin_wire import PATH_VARIABLE

_SHIM_PATH = str(Path(__file__).parent / "pi")
# A Raspberry Pi 5 Model B; rpi-lgpio asks the device tree unless it is told.
_REVISION = "d04170"


def child_environment(path: str | Path) -> dict[str, str]:
    """The environment in which a child process finds the PinBoard of ``path`` under RPi.GPIO."""
    paths = [_SHIM_PATH, *filter(None, [os.environ.get("PYTHONPATH")])]
    ours = {PATH_VARIABLE: str(path), "RPI_LGPIO_REVISION": _REVISION, "PYTHONPATH": os.pathsep.join(paths)}
    return {**os.environ, **ours}


def adopt(path: str | Path) -> None:
    """Make this very process find the PinBoard of ``path`` under RPi.GPIO, now or at the next board.

    Raises RuntimeError when the C module itself was imported before.
    """
    loaded = sys.modules.get("lgpio")
    if loaded is not None and not str(loaded.__file__).startswith(_SHIM_PATH):
        raise RuntimeError("the C module lgpio is already loaded in this process")
    if _SHIM_PATH not in sys.path:
        sys.path.insert(0, _SHIM_PATH)
    os.environ.update({PATH_VARIABLE: str(path), "RPI_LGPIO_REVISION": _REVISION})
