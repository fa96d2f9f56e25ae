"""The box around a log witness: its key, its list of logs, its limits, its commands."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.errors import FormatRefused, LogBusy, LogExposed, LogMissing, UserMistake
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer
from controller.ledger.formats.witness_wire import (
    REQUEST_BYTES,
)
from controller.log_witness import memory as memory_file
from controller.log_witness import server as server_file
from controller.log_witness.commands import witness_group
from controller.log_witness.key import KEY, begin_key, load_key
from controller.log_witness.server import listening
from controller.log_witness.trusted import LOGS, Trusted
from tests.witness.houses import LONG_S, fork, founded, grow, house, post, request, trust


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


def test_a_key_that_the_disk_does_not_take_is_told_and_leaves_nothing_in_the_way(folder: Path) -> None:
    full = "import resource, controller.cli as c; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); c.main()"
    command = [
        sys.executable,
        "-c",
        full,
        "witness",
        "key",
        "--name",
        "bank.example/w",
        "--data",
        str(folder),
    ]
    ended = subprocess.run(command, capture_output=True, timeout=LONG_S, check=False, text=True)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr == f"{folder / KEY}: the key cannot be written (File too large)\n"
    assert begin_key(folder, "bank.example/w").vkey == load_key(folder).vkey


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
