"""The demo's second box: a log witness on loopback, in a folder and a thread of its own.

Rule: it is the production one; the sample room reaches it by its address alone.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import Thread

from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.private import make_folder
from controller.log_witness.key import begin_key
from controller.log_witness.server import listening
from controller.log_witness.trusted import begin_list

NAME = "branch"
KEY_NAME = "branch.example/log-witness"


class DemoWitness:
    """Serves from construction to ``stop``, for the one log that it is told to trust."""

    def __init__(self, folder: Path, log: VerifierKey) -> None:
        make_folder(folder)
        vkey = begin_key(folder, KEY_NAME).vkey
        begin_list(folder).write_text(f"{log}\n", encoding="ascii")
        self._open = ExitStack()
        self._server = self._open.enter_context(listening(folder, port=0))
        self.table = f'\n[log_witness.{NAME}]\nurl = "http://{self._server.address}"\nvkey = "{vkey}"\n'
        """What a site file says of it."""
        self._thread = Thread(target=self._server.run, name="log witness", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End serving and let go of the socket."""
        self._server.stop()
        self._thread.join()
        self._open.close()
