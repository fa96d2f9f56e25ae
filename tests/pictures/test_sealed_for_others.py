"""A recorder that was taken over sealed pictures for itself: whoever looks is told who did that."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from pyrage import x25519

from controller.ledger.custody_log import CustodyLog
from controller.picture_commands import picture_group
from recorder.seal import seal
from tests.pictures.album import draft, keep, snapshot


def test_a_picture_that_the_recorder_sealed_for_itself_is_told_from_one_whose_key_is_gone(
    tmp_path: Path,
) -> None:
    with CustodyLog.open(tmp_path / "data" / "custody.db") as log:
        log.append([draft(log, "log_key", vkey=str(log.vkey))])
        n = snapshot(log, 1, "li")
        sealed = seal(b"what nobody will see", [str(x25519.Identity.generate().to_public())])
        told = {"sha256": keep(log.file.parent, sealed), "size": len(sealed), "camera": "door", "moment": 0}
        body = {"place": "vault", "why": "granted", "shot": 1, "part": "now", "missing": [], "frames": {}}
        log.append([draft(log, "pictures_taken", **body, pictures=[{**told, "thumbnail": False}])])
    asked = ["show", str(n), "--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    said = CliRunner().invoke(picture_group, asked)
    assert said.exit_code == 1
    assert "the recorder sealed it for others" in said.output
    assert not (tmp_path / "out").exists()
