"""A recorder as a process of its own, as ``ironroom recorder`` starts it: begun, killed, begun again.

Rule: it is reached by its line alone, which is the controller's; whether it is well, the gate of that says.
"""

from __future__ import annotations

from pathlib import Path

from controller.leashed_child import LeashedChild

DOWN_S = 10.0


class RecorderChild(LeashedChild):
    """One recorder process at a time, for the socket of a controller; its worker dies with it.

    ``state`` is the folder that keeps what each camera should see; without it they learn anew at every start.
    The controller need not be there: the recorder comes in as soon as it is.
    """

    def __init__(self, line: Path, state: Path | None = None) -> None:
        kept = ["--state", str(state)] if state else []
        super().__init__(["recorder", "--line", str(line), *kept], down_s=DOWN_S)
