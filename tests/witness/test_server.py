"""The log witness's own side, over real sockets: every answer of tlog-witness, and what it remembers."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner

from controller.errors import FormatRefused, LogBusy, LogExposed, LogMissing, UserMistake
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import Signature, SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.formats.witness_wire import (
    REQUEST_BYTES,
    SIZE_TYPE,
    AddCheckpoint,
    Status,
    decode_cosignatures,
)
from controller.ledger.proofs import consistency_proof
from controller.log_witness import memory as memory_file
from controller.log_witness import server as server_file
from controller.log_witness.commands import witness_group
from controller.log_witness.judge import Conflict
from controller.log_witness.key import KEY, begin_key, load_key
from controller.log_witness.memory import Memory
from controller.log_witness.server import listening
from controller.log_witness.trusted import LOGS, Trusted
from tests.witness.houses import LONG_S, founded, grow, head, house, post, request, trust


def fork(log: CustodyLog, tmp_path: Path, entries: int) -> CustodyLog:
    """Another history under the same name and key."""
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    (other / "log.key").write_bytes((log.file.parent / "log.key").read_bytes())
    (other / "log.key").chmod(0o600)
    twin = CustodyLog.open(other / "custody.db", origin=log.vkey.name)
    grow(twin, entries, place="somewhere else")
    return twin


def test_a_first_head_is_cosigned_and_the_next_one_with_a_proof(log: CustodyLog, folder: Path) -> None:
    vkey = founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        for old in (0, 3):
            status, _, body = post(witness.url, request(log, old))
            assert status == Status.COSIGNED
            assert verify(head(log).joined(decode_cosignatures(body)), [log.vkey, vkey]) == [log.vkey, vkey]
            grow(log, 5)


def test_a_head_may_be_cosigned_again(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        assert [post(witness.url, request(log, old))[0] for old in (0, 3, 3)] == [200, 200, 200]


def test_a_restart_remembers(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0)) == (409, SIZE_TYPE, b"3\n")
        assert post(witness.url, request(log, 3))[0] == 200


def test_an_unknown_log_is_404_and_an_unknown_key_403(log: CustodyLog, folder: Path) -> None:
    stranger = Ed25519Signer.generate(log.vkey.name)
    founded(folder, stranger.vkey)
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0))[0] == Status.UNSIGNED
        trust(folder)
        assert post(witness.url, request(log, 0))[0] == Status.UNKNOWN_LOG


def test_a_broken_signature_is_403_beside_a_good_one_of_a_stranger(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    note = grow(log, 1)
    broken = Signature.by(log.vkey, b"\0" * 64)
    stranger = signed(note.text, Ed25519Signer.generate("someone.example")).signatures
    with house(folder) as witness:
        body = AddCheckpoint(0, (), SignedNote(note.text, (broken, *stranger))).to_bytes()
        assert post(witness.url, body)[0] == Status.UNSIGNED
        assert not list(Memory(folder).all())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[:0],
        lambda body: b"\xff\xfe" + body,
        lambda body: body.replace(b"old ", b"old 0"),
        lambda body: body.replace(b"\n\n", b"\n", 1),
        lambda body: body[:-1],
        lambda body: body.replace(b"old 0", b"old 2"),
        lambda body: body.replace(b"old 0", b"old -1"),
        lambda body: body.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n" * 64),
        os.urandom(2000).__add__,
    ],
)
def test_what_is_not_a_request_is_400(log: CustodyLog, folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    founded(folder, log.vkey)
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, spoil(request(log, 0)))[0] == Status.BAD_REQUEST
        assert post(witness.url, request(log, 0))[0] == Status.COSIGNED


def test_another_old_size_is_409_with_the_size_cosigned_last(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 7)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        grow(log, 2)
        for old in (0, 6, 8, 9):
            assert post(witness.url, request(log, old)) == (409, SIZE_TYPE, b"7\n")


def test_a_proof_that_does_not_lead_is_422_and_kept(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    first = grow(log, 7)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        second = grow(log, 2)
        for proof in ((), (b"\0" * 32,) * 3, (b"\0" * 32,) * 63):
            body = AddCheckpoint(7, proof, second).to_bytes()
            assert post(witness.url, body)[0] == Status.NOT_CONSISTENT
        assert post(witness.url, request(log, 7))[0] == Status.COSIGNED
    (pair,) = Memory(folder).conflicts()
    assert (pair.kind, pair.cosigned.text, pair.shown.text) == (Conflict.FORKED, first.text, second.text)


def test_a_proof_from_nothing_is_empty(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    note = grow(log, 7)
    with house(folder) as witness:
        body = AddCheckpoint(0, (b"\0" * 32,), note).to_bytes()
        assert post(witness.url, body)[0] == Status.NOT_CONSISTENT


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


def test_one_process_serves_a_folder(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    with house(folder), pytest.raises(LogBusy), listening(folder, port=0):
        pass
    with house(folder):
        command = [sys.executable, "-m", "controller", "witness", "run", "--listen", "127.0.0.1:0"]
        ended = subprocess.run([*command, "--data", folder], capture_output=True, timeout=LONG_S, check=False)
    assert ended.returncode == 75
    assert b"another process" in ended.stderr


def test_a_program_serves_until_it_is_told_to_stop(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    command = [sys.executable, "-m", "controller", "witness", "run", "--listen", "127.0.0.1:0"]
    with subprocess.Popen([*command, "--data", folder], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        url = f"http://{process.stderr.readline().split()[-1]}"
        assert post(url, request(log, 0))[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG_S) == 0
        assert not process.stderr.read()


def test_the_list_of_logs_is_read_again_and_a_broken_one_changes_nothing(
    log: CustodyLog, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    founded(folder)
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0))[0] == 404
        trust(folder, log.vkey)
        assert post(witness.url, request(log, 0))[0] == 200
        (folder / LOGS).write_text("rubbish\n", encoding="utf-8")
        assert post(witness.url, request(log, 1))[0] == 200
    assert "line 1" in capsys.readouterr().err
    with pytest.raises(FormatRefused):
        Trusted(folder / LOGS)


def test_the_list_of_logs_has_remarks_and_takes_no_key_of_a_log_witness(
    log: CustodyLog, folder: Path
) -> None:
    vkey = founded(folder)
    (folder / LOGS).write_text(f"# vault\n\n {log.vkey}  # its key\n", encoding="utf-8")
    assert Trusted(folder / LOGS).of(log.vkey.name) == (log.vkey,)
    trust(folder, vkey)
    with pytest.raises(FormatRefused):
        Trusted(folder / LOGS)


def test_too_large_a_request_is_refused_before_it_is_read(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    with house(folder) as witness:
        host, port = witness.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), LONG_S) as peer:
            peer.sendall(
                f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {REQUEST_BYTES * 9}\r\n\r\n".encode()
            )
            assert peer.recv(64).startswith(b"HTTP/1.1 413")


def test_a_peer_that_drips_is_cut_off(log: CustodyLog, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(server_file._LIMITS, "channel_timeout", 1)
    monkeypatch.setitem(server_file._LIMITS, "cleanup_interval", 1)
    founded(folder, log.vkey)
    with house(folder) as witness:
        host, port = witness.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), LONG_S) as peer:
            peer.settimeout(0.1)
            end = time.monotonic() + LONG_S
            peer.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")
            cut = False
            while not cut and time.monotonic() < end:
                try:
                    peer.sendall(b"o")
                    cut = peer.recv(1) == b""
                except TimeoutError:
                    continue
                except OSError:
                    cut = True
            assert cut


def test_other_paths_and_methods_are_nothing(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    with house(folder) as witness:
        connection = http.client.HTTPConnection(witness.url.removeprefix("http://"), timeout=LONG_S)
        for method, path, status in (
            ("GET", "/add-checkpoint", 405),
            ("GET", "/", 404),
            ("POST", "/checkpoint/" + "0" * 64, 404),
            ("GET", "/checkpoint/" + "0" * 64, 404),
            ("GET", "/checkpoint/../cosigner.key", 404),
            ("GET", "/checkpoint/" + "0" * 60 + "%2e%2e", 404),
        ):
            connection.request(method, path)
            response = connection.getresponse()
            response.read()
            assert response.status == status, path
        connection.close()


def test_the_newest_cosigned_head_can_be_had(log: CustodyLog, folder: Path) -> None:
    vkey = founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        connection = http.client.HTTPConnection(witness.url.removeprefix("http://"), timeout=LONG_S)
        connection.request("GET", f"/checkpoint/{memory_file.digest(log.vkey.name)}")
        note = SignedNote.parse(connection.getresponse().read())
        connection.close()
    assert verify(note, [log.vkey, vkey]) == [log.vkey, vkey]


def test_the_key_is_made_once_and_is_nobody_elses(folder: Path) -> None:
    with pytest.raises(LogMissing):
        load_key(folder)
    made = begin_key(folder, "bank.example/w")
    assert load_key(folder).vkey == made.vkey
    with pytest.raises(FileExistsError):
        begin_key(folder, "bank.example/w")
    (folder / KEY).chmod(0o640)
    with pytest.raises(LogExposed):
        load_key(folder)


def test_an_address_that_cannot_be_had_is_a_mistake(log: CustodyLog, folder: Path, tmp_path: Path) -> None:
    founded(folder, log.vkey)
    founded(tmp_path / "second", log.vkey)
    with house(folder) as witness:
        second = listening(tmp_path / "second", port=int(witness.url.rpartition(":")[2]))
        with pytest.raises(UserMistake), second:
            pass


def test_commands_show_key_logs_age_and_conflicts(log: CustodyLog, folder: Path, tmp_path: Path) -> None:
    runner, data = CliRunner(), ["--data", str(folder)]
    made = runner.invoke(witness_group, ["key", *data, "--name", "bank.example/w"])
    assert (made.exit_code, made.output.strip()) == (0, str(load_key(folder).vkey))
    assert runner.invoke(witness_group, ["key", *data, "--name", "bank.example/w"]).exit_code == 2
    assert runner.invoke(witness_group, ["key", *data]).output == made.output
    trust(folder, log.vkey, Ed25519Signer.generate("bank.example/never").vkey)
    grow(log, 3)
    with fork(log, tmp_path, 3) as twin, house(folder) as witness:
        post(witness.url, request(log, 0))
        assert runner.invoke(witness_group, ["conflicts", *data]).exit_code == 0
        post(witness.url, request(twin, 3))
    shown = runner.invoke(witness_group, ["logs", *data, "--json", "--max-age", "3600"])
    rows = {row["origin"]: row for row in map(json.loads, shown.output.splitlines())}
    assert rows[log.vkey.name]["size"] == 3
    assert not rows[log.vkey.name]["silent"]
    assert rows["bank.example/never"]["silent"]
    assert shown.exit_code == 1
    assert runner.invoke(witness_group, ["logs", *data]).exit_code == 0
    told = runner.invoke(witness_group, ["conflicts", *data])
    assert told.exit_code == 1
    assert "one size, two roots" in told.output
