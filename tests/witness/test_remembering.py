"""What a log witness remembers, across restarts, races, kills and logs that change their past."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import verify
from controller.ledger.formats.signer import signed
from controller.ledger.formats.witness_wire import (
    SIZE_TYPE,
    AddCheckpoint,
)
from controller.ledger.proofs import consistency_proof
from controller.log_witness import memory as memory_file
from controller.log_witness.judge import Conflict
from controller.log_witness.memory import Memory
from tests.witness.houses import LONG_S, fork, founded, grow, head, house, post, request


def test_a_restart_remembers(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0)) == (409, SIZE_TYPE, b"3\n")
        assert post(witness.url, request(log, 3))[0] == 200


def test_a_forked_log_is_refused_and_both_heads_are_kept(
    log: CustodyLog, folder: Path, tmp_path: Path
) -> None:
    vkey = founded(folder, log.vkey)
    ours = grow(log, 7)
    with fork(log, tmp_path, 7) as twin, house(folder) as witness:
        assert post(witness.url, request(log, 0))[0] == 200
        for old in (7, 0):
            assert post(witness.url, request(twin, old))[0] == 409
        split = head(twin)
        longer = grow(twin, 3)
        assert post(witness.url, request(twin, 7))[0] == 422
    pairs = {pair.kind: pair for pair in Memory(folder).conflicts()}
    assert {kind: pair.shown.text for kind, pair in pairs.items()} == {
        Conflict.SPLIT: split.text,
        Conflict.FORKED: longer.text,
    }
    for pair in pairs.values():
        assert pair.cosigned.text == ours.text
        assert verify(pair.cosigned, [log.vkey, vkey]) == [log.vkey, vkey]
        assert verify(pair.shown, [log.vkey]) == [log.vkey]


def test_a_rewound_log_is_refused_and_kept(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    early = request(log, 0)
    grow(log, 3)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0))[0] == 200
        assert post(witness.url, early) == (409, SIZE_TYPE, b"6\n")
    assert [pair.kind for pair in Memory(folder).conflicts()] == [Conflict.BEHIND]


def test_evidence_does_not_fill_the_disk(
    log: CustodyLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_file, "MOST_CONFLICTS", 3)
    founded(folder, log.vkey)
    for _ in range(9):
        grow(log, 1)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        for size in range(1, 9):
            root = log.subtree(0, size)
            note = signed(Checkpoint(log.vkey.name, size, root).text(), log.signer)
            assert post(witness.url, AddCheckpoint(0, (), note).to_bytes())[0] == 409
    assert len(list(Memory(folder).conflicts())) == 3


def test_of_requests_at_once_one_wins(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 4)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        bodies = []
        for _ in range(6):
            grow(log, 1)
            bodies.append(request(log, 4))
        statuses: list[int] = []
        together = Barrier(len(bodies))

        def race(body: bytes) -> None:
            together.wait()
            statuses.append(post(witness.url, body)[0])

        racers = [Thread(target=race, args=(body,)) for body in bodies]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert sorted(statuses) == [200, 409, 409, 409, 409, 409]


def test_no_head_is_lost_or_passed_over_however_many_ask(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    heads = [grow(log, 1) for _ in range(12)]
    with house(folder) as witness:

        def climb(steps: range) -> None:
            for size in steps:
                had = 0
                for _ in range(20):
                    proof = consistency_proof(had, size, subtree) if 0 < had < size else []
                    body = AddCheckpoint(min(had, size), tuple(proof), heads[size - 1]).to_bytes()
                    status, _, told = post(witness.url, body)
                    if status == 200 or int(told) > size:
                        break
                    had = int(told)

        roots = {(a, b): log.subtree(a, b) for a, b in _spans(12)}

        def subtree(start: int, end: int) -> bytes:
            return roots[start, end]

        climbers = [Thread(target=climb, args=(range(1 + shift, 13, 3),)) for shift in range(3)]
        for climber in climbers:
            climber.start()
        for climber in climbers:
            climber.join()
    (last,) = Memory(folder).all()
    assert last.text == heads[-1].text
    assert {pair.kind for pair in Memory(folder).conflicts()} <= {Conflict.BEHIND}


def _spans(size: int) -> list[tuple[int, int]]:
    aligned = [(a, b) for a in range(size) for b in range(a + 1, size + 1)]
    return [(a, b) for a, b in aligned if a % (1 << (b - a - 1).bit_length()) == 0]


KILLED = """
import os, signal, sys
from pathlib import Path
from controller.log_witness import server
from controller.log_witness.memory import Memory

class Dies(Memory):
    def keep(self, origin, note):
        super().keep(origin, note)
        os.kill(os.getpid(), signal.SIGKILL)

server.Memory = Dies
with server.listening(Path(sys.argv[1]), port=0) as serving:
    print(serving.address, flush=True)
    serving.run()
"""


def test_a_kill_between_the_disk_and_the_answer_forgets_nothing(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    command = [sys.executable, "-c", KILLED, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = f"http://{process.stdout.readline().strip()}"
        with pytest.raises((http.client.HTTPException, OSError)):
            post(url, request(log, 0))
        assert process.wait(LONG_S) == -signal.SIGKILL
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0)) == (409, SIZE_TYPE, b"3\n")
        assert post(witness.url, request(log, 3))[0] == 200


def test_after_the_disk_refused_nothing_is_cosigned(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        (folder / "seen").rmdir()
        assert post(witness.url, request(log, 0))[0] == 500
        (folder / "seen").mkdir()
        assert post(witness.url, request(log, 0))[0] == 500


def test_what_was_cosigned_last_and_is_unreadable_is_not_taken_for_nothing(
    log: CustodyLog, folder: Path
) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
    (file,) = (folder / "seen").iterdir()
    file.write_bytes(b"")
    with house(folder) as witness:
        assert post(witness.url, request(log, 0))[0] == 500
