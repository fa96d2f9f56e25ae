"""Whoever may open the controller's socket may knock at it without end; the recorder waits in line."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Thread

from recorder.conversation import connected
from recorder.messages import Beat

LONG_S = 30.0


def test_a_recorder_waits_its_turn_behind_strangers_who_fill_the_queue(tmp_path: Path) -> None:
    path, came = tmp_path / "eyes.sock", list[str]()

    def come() -> None:
        with connected(path) as messages:
            came.append(type(messages.next(LONG_S)).__name__)

    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as stranger:
        listener.bind(str(path))
        listener.listen(0)
        listener.settimeout(LONG_S)
        stranger.connect(str(path))
        recorder = Thread(target=come, daemon=True)
        recorder.start()
        recorder.join(0.5)  # it has found the queue full by then
        listener.accept()[0].close()
        peer, _ = listener.accept()
        with peer:
            peer.sendall(b'{"beat":1}\n')
            recorder.join(LONG_S)
    assert came == [Beat.__name__]
