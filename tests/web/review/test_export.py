"""Taking evidence away: no signature, no file; what is taken is what was signed for."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.export_check import verify_export
from controller.ledger.formats.policy import NONE, Policy, PolicyLog
from tests.web.conftest import Console
from tests.web.peer import Peer
from tests.web.review.proposed import COMMAND
from web.review import taking

ASKED = "from=2026-03-02+00:00&to=2026-03-03+00:00&only=all"
FILTER = "from=2026-03-02+00%3A00&to=2026-03-03+00%3A00&only=all"


def sign(log: CustodyLog, form: str, chosen: str = FILTER, who: str = "c1") -> None:
    """What the controller writes when somebody has signed."""
    at = {"at": 95_000, "time": "2026-03-02T01:00:59.500Z", "clock": "synced", "policy": "p1"}
    log.append(
        [{**at, "kind": "evidence_read", "who": [who], "what": "export", "form": form, "filter": chosen}]
    )


def test_what_is_signed_for_is_the_question_and_its_form(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    peer.answers["propose"] = COMMAND
    told = {
        "from": "2026-03-02 00:00",
        "to": "2026-03-03 00:00",
        "only": "all",
        "words": "forced",
        "form": "xlsx",
    }
    answer = console.post("/review/export", told)
    (said,) = peer.said("propose")
    assert said["ask"] == "export_evidence"
    assert said["fields"] == {"form": "xlsx", "filter": FILTER, "words": "forced"}
    assert answer.json is not None
    assert answer.json["next"].startswith("/review/export/ready?form=xlsx")
    assert console.post("/review/export", told | {"form": "sqlite"}).status_code == 400


def test_without_a_signature_for_exactly_this_there_is_no_file(written: CustodyLog, console: Console) -> None:
    paths = [f"/review/export/file?form={form}&{ASKED}" for form in taking.FORMS]
    assert [console.get(path).status_code for path in paths] == [404] * 3
    sign(written, "pdf")
    sign(written, "xlsx", chosen="from=2026-03-01")
    sign(written, "folder", chosen="", who="somebody-else")
    assert [console.get(path).status_code for path in paths] == [200, 404, 404]


def test_a_signature_of_yesterday_is_none(written: CustodyLog, console: Console, peer: Peer) -> None:
    sign(written, "pdf")
    view = {"alarms": [], "clock": "trusted", "wall_ms": 1_772_413_200_000 + 86_400_000, "log": {}}
    peer.answers["room"] = {"view": view}
    assert console.get(f"/review/export/file?form=pdf&{ASKED}").status_code == 404


def test_a_register_is_a_paper_and_a_workbook_is_a_workbook(written: CustodyLog, console: Console) -> None:
    sign(written, "pdf")
    sign(written, "xlsx")
    assert console.get(f"/review/export/file?form=pdf&{ASKED}").data[:5] == b"%PDF-"
    assert console.get(f"/review/export/file?form=xlsx&{ASKED}").data[:2] == b"PK"


def test_a_long_list_is_no_paper(
    written: CustodyLog, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_PRINTED", 3)
    assert "disabled" in console.get(f"/review/export?{ASKED}").text
    sign(written, "pdf")
    assert console.get(f"/review/export/file?form=pdf&{ASKED}").status_code == 400


def test_an_evidence_folder_verifies_where_it_is_unpacked(
    written: CustodyLog, console: Console, tmp_path: Path
) -> None:
    sign(written, "folder", chosen="")
    answer = console.get(f"/review/export/file?form=folder&{ASKED}")
    assert answer.content_type == "application/x-tar", answer.text[-2500:]
    with tarfile.open(fileobj=BytesIO(answer.data)) as tar:
        assert {(one.uname, one.uid) for one in tar} == {("", 0)}
        tar.extractall(tmp_path)  # noqa: S202 - our own, whose members were just looked at
    policy = Policy((PolicyLog(written.vkey),), (), (), NONE)
    report = verify_export(tmp_path / "evidence", policy, lambda _done, _all: None, 1)
    assert report.entries == written.size
