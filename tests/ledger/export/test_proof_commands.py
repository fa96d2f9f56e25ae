"""`ironroom log export`, `verify DIR`, `prove` and `check` as a person at the terminal meets them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.cli import main
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.receipt import Receipt
from controller.ledger.formats.signer import Ed25519Signer
from controller.ledger.reading import LogReader
from tests.config.small import SMALL
from tests.ledger.export.exporting import COSIGNER, DIGEST, Make, cosign


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["log", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def data(grown: CustodyLog, draft: Make) -> Path:
    grown.append([draft(600, kind="duress", sealed=True)])
    cosign(grown)
    grown.close()
    return grown.file.parent


@pytest.fixture
def vkey(data: Path) -> str:
    with CustodyLog.open(data / "custody.db") as log:
        return str(log.vkey)


def looks(data: Path) -> list[tuple[object, object]]:
    with LogReader(data / "custody.db") as reader:
        return [(entry["what"], entry["filter"]) for entry in reader.entries(kind="evidence_read")]


def test_an_export_is_an_entry_that_is_in_the_export_and_verifies_without_another(
    data: Path, folder: Path, vkey: str
) -> None:
    told = json.loads(run("export", folder, "--data", data, "--json").stdout)
    assert (told["ok"], told["entries"], told["cosigned"], told["pictures"]) == (True, 602, 601, 1)
    assert [what for what, _ in looks(data)] == ["export"]
    found = run("verify", folder, "--vkey", vkey, "--json")
    assert (found.exit_code, found.stderr.count("WARNING")) == (0, 0)
    assert json.loads(found.stdout)["trusted_from_outside"] is True
    assert [what for what, _ in looks(data)] == ["export"]


def test_a_policy_inside_the_folder_is_used_with_a_loud_sentence_only(data: Path, folder: Path) -> None:
    run("export", folder, "--data", data)
    told = run("verify", folder, "--json")
    assert told.exit_code == 0
    assert "proves nothing about who wrote the folder" in told.stderr.replace("\n", " ")
    assert json.loads(told.stdout)["trusted_from_outside"] is False


def test_a_wrong_export_ends_with_1_and_names_file_and_entry(data: Path, folder: Path, vkey: str) -> None:
    run("export", folder, "--data", data)
    bundle = folder / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b"wang", b"zhao", 1))
    told = run("verify", folder, "--vkey", vkey, "--json")
    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert (said["ok"], said["file"], said["entry"]) == (False, str(bundle), 0)


def test_the_log_witnesses_of_a_site_file_come_into_the_policy(
    data: Path, folder: Path, tmp_path: Path, vkey: str
) -> None:
    cosigner = str(COSIGNER.vkey)
    site = tmp_path / "site.toml"
    lines = ["[log]", "witnesses_needed = 1", "[log_witness.office]", 'url = "https://office.example"']
    site.write_text("\n".join([SMALL, *lines, f'vkey = "{cosigner}"', ""]), encoding="utf-8")
    told = run("export", folder, "--data", data, "--site", site)
    assert told.exit_code == 0, told.output
    policy = (folder / "policy").read_text()
    assert f"log {vkey}\nwitness office {cosigner}\n" in policy
    assert policy.endswith("quorum ENOUGH\n")
    checked = json.loads(run("verify", folder, "--policy", folder / "policy", "--json").stdout)
    assert checked["witnessed"] == 601


def test_a_data_folder_is_verified_against_keys_from_outside(data: Path, vkey: str, tmp_path: Path) -> None:
    assert run("verify", data, "--vkey", vkey).exit_code == 0
    stranger = Ed25519Signer.generate("bank.example/other").vkey
    assert run("verify", "--data", data, "--vkey", stranger, "--jobs", 2).exit_code == 1
    policy = tmp_path / "policy"
    policy.write_text(f"log {vkey}\nquorum none\n")
    assert run("verify", data, "--policy", policy).exit_code == 0
    assert [what for what, _ in looks(data)] == ["verify"] * 3


def test_a_receipt_is_checked_without_any_log(data: Path, tmp_path: Path, vkey: str) -> None:
    receipt, entry = tmp_path / "7.tlog-proof", tmp_path / "7.json"
    assert run("prove", 7, "--data", data, "--out", receipt, "--entry", entry).exit_code == 0
    assert looks(data) == [("prove", "n=7")]
    told = run("check", receipt, "--entry", entry, "--vkey", vkey, "--json")
    assert (told.exit_code, json.loads(told.stdout)["n"]) == (0, 7)
    assert len(Receipt.parse(receipt.read_bytes()).note.signatures) == 2  # the cosigned head
    entry.write_bytes(entry.read_bytes().replace(b"wang", b"zhao"))
    assert run("check", receipt, "--entry", entry, "--vkey", vkey).exit_code == 1
    assert run("check", receipt, "--entry", entry).exit_code == 2


def test_an_entry_behind_the_cosigned_head_is_proven_by_the_newest(data: Path, tmp_path: Path) -> None:
    run("verify", "--data", data)  # an Entry of this look
    told = run("prove", 601, "--data", data)
    assert told.exit_code == 0
    assert len(Receipt.parse(told.stdout_bytes).note.signatures) == 1
    assert run("prove", 9_999, "--data", data).exit_code == 2


def test_a_sealed_entry_is_proven_and_shown_only_on_purpose(data: Path, tmp_path: Path) -> None:
    entry, receipt = tmp_path / "entry", tmp_path / "receipt"
    told = run("prove", 600, "--data", data, "--entry", entry, "--out", receipt)
    assert (told.exit_code, entry.exists(), receipt.exists()) == (2, False, False)
    assert run("prove", 600, "--data", data, "--entry", entry, "--sealed").exit_code == 0
    assert b"duress" in entry.read_bytes()


def test_receipts_are_never_written_over(data: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt"
    receipt.write_bytes(b"mine")
    assert run("prove", 7, "--data", data, "--out", receipt).exit_code == 2
    assert receipt.read_bytes() == b"mine"


def test_an_altered_picture_ends_the_export_with_1_and_its_name(data: Path, folder: Path) -> None:
    (data / "pictures" / DIGEST).write_bytes(b"b picture")
    told = run("export", folder, "--data", data)
    assert told.exit_code == 1
    assert DIGEST in told.stderr
    assert (folder / "checkpoint").exists()


def test_help_says_for_whom_an_export_is() -> None:
    assert "For the chief and the auditor only" in run("export", "--help").output


@pytest.mark.parametrize("key", ["", "log", "a+b+c", "x" * 3000])
def test_what_is_no_key_is_the_callers_mistake(data: Path, folder: Path, key: str) -> None:
    run("export", folder, "--data", data)
    assert run("verify", folder, "--vkey", key).exit_code == 2


def test_a_receipt_that_does_not_fit_names_both_files(data: Path, vkey: str, tmp_path: Path) -> None:
    receipt, entry, other = tmp_path / "5.tlog-proof", tmp_path / "5.json", tmp_path / "6.json"
    run("prove", 5, "--data", data, "--out", receipt, "--entry", entry)
    other.write_bytes(entry.read_bytes().replace(b"main", b"east"))
    told = run("check", receipt, "--entry", other, "--vkey", vkey)
    assert told.exit_code == 1
    assert told.stderr.startswith(
        f"{other}: these are not the bytes that {receipt} is about, or one of the two"
    )
    told = run("check", entry, "--entry", entry, "--vkey", vkey)
    assert (told.exit_code, told.stderr.startswith(f"{entry}: a receipt begins with")) == (1, True)
    told = run("diff", entry, data)
    assert (told.exit_code, told.stderr.startswith(f"{entry}: this is no signed head")) == (1, True)


def test_a_disk_that_takes_no_receipt_and_no_slip_keeps_no_half_of_one(data: Path, tmp_path: Path) -> None:
    copy, stick = tmp_path / "copy", tmp_path / "stick"
    for folder in (copy, stick):
        folder.mkdir(mode=0o700)
    shutil.copy2(data / "custody.db", copy)
    full = (
        "import resource, controller.cli as c; resource.setrlimit(resource.RLIMIT_FSIZE, (99, 99)); c.main()"
    )
    for command in (["prove", "5"], ["slip"]):
        file = stick / f"{command[0]}.txt"
        words = [*command, "--out", str(file), "--data", str(copy), "--copy"]
        ended = subprocess.run(
            [sys.executable, "-c", full, "log", *words],
            capture_output=True,
            timeout=60,
            check=False,
            text=True,
        )
        assert ended.returncode == 2, ended.stderr
        assert ended.stderr.endswith(f"\n{file}: it cannot be written (File too large)\n")
    assert not list(stick.iterdir())
