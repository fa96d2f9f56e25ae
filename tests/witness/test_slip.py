"""The slip for the guard's book: what is on it leads back to the log, and to nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import segno
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from controller.cli import main
from controller.errors import FormatRefused
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature, SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.reading import LogReader
from controller.ledger.slip import Copied, Slip, code_of, copied
from controller.log_witness.key import posix_seconds
from controller.slip_drawing import PAPERS, plain, svg
from controller.slip_words import WORDS
from tests.witness.houses import fork, grow, head

NOW = "2026-03-02T01:00:00.000Z"
SVG = "{http://www.w3.org/2000/svg}"


def cosigned(note: SignedNote, *privates: Ed25519PrivateKey | MLDSA44PrivateKey) -> SignedNote:
    for number, private in enumerate(privates):
        by = Cosigner(f"bank.example/w{number}", private, posix_seconds)
        note = note.joined([Signature.by(by.vkey, by.sign(note.text.encode()))])
    return note


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["log", *map(str, words)], catch_exceptions=False)
    return result.exit_code, result.output


def closed(log: CustodyLog) -> Path:
    log.close()
    return log.file.parent


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("paper", PAPERS)
def test_the_drawing_says_all_that_is_needed_and_its_code_is_the_note(
    log: CustodyLog, language: str, paper: str
) -> None:
    grow(log, 1234)
    slip = Slip(cosigned(head(log), Ed25519PrivateKey.generate()), NOW)
    drawing = ET.fromstring(svg(slip, WORDS[language], paper))  # noqa: S314 - our own drawing
    assert drawing.get("width") == f"{PAPERS[paper][0]}mm"
    texts = [one.text or "" for one in drawing.iter(f"{SVG}text")]
    for wanted in ("bank.example/vault-1", "1\u00a0234", "2026-03-02 01:00:00", slip.code, "bank.example/w0"):
        assert wanted in texts
    groups = [text for text in texts if re.fullmatch("[0-9A-F]{4}", text)]
    assert bytes.fromhex("".join(groups)) == log.root
    assert drawn(drawing) == [
        [int(bool(x)) for x in row] for row in segno.make(slip.qr_text, error="m").matrix
    ]


def drawn(drawing: ET.Element) -> list[list[int]]:
    """The modules of the code, out of its path."""
    (path,) = [one.get("d", "") for one in drawing.iter(f"{SVG}path") if "z" in one.get("d", "")]
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)]
    size = 1 + max(y for _, y, _ in runs)
    dark = {(x + step, y) for x, y, width in runs for step in range(width)}
    return [[int((x, y) in dark) for x in range(size)] for y in range(size)]


@pytest.mark.parametrize("language", WORDS)
def test_the_text_fits_a_terminal_and_says_the_same(log: CustodyLog, language: str) -> None:
    grow(log, 12)
    slip = Slip(head(log), NOW)
    text = plain(slip, WORDS[language])
    assert slip.code in text
    assert WORDS[language].nobody in text
    for row in slip.root_groups:
        assert "  ".join(row) in text
    assert max(map(len, text.splitlines())) <= 80


def test_nothing_leaves_the_drawing_however_long_a_name_is(tmp_path: Path) -> None:
    with CustodyLog.open(tmp_path / "data" / "custody.db", origin="<&\"'" + "長" * 80) as log:
        grow(log, 1)
        drawing = ET.fromstring(svg(Slip(head(log), NOW), WORDS["zh"], "a6"))  # noqa: S314 - our own drawing
    assert len([one for one in drawing.iter(f"{SVG}text") if "長" in (one.text or "")]) <= 3


def test_cosignatures_that_do_not_fit_are_left_out_of_the_code_alone(log: CustodyLog) -> None:
    grow(log, 5)
    keys = (MLDSA44PrivateKey.generate(), Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    slip = Slip(cosigned(head(log), *keys), NOW)
    short = SignedNote.parse(slip.qr_text)
    assert [one.name for one in short.signatures] == [
        "bank.example/vault-1",
        "bank.example/w1",
        "bank.example/w2",
    ]
    assert verify(short, [log.vkey]) == [log.vkey]
    assert [one.name for one in slip.cosigners] == ["bank.example/w0", "bank.example/w1", "bank.example/w2"]


def test_a_head_is_checked_by_its_code_its_root_or_its_note(log: CustodyLog, tmp_path: Path) -> None:
    grow(log, 7)
    slip = Slip(head(log), NOW)
    grow(log, 9)
    data, file = closed(log), tmp_path / "scanned"
    file.write_bytes(slip.qr_text)
    root = " ".join(" ".join(row) for row in slip.root_groups)
    for said in (
        f"7 {slip.code}",
        f"7 {slip.code.lower().replace('-', ' ')}",
        f"7 {slip.code.replace('1', 'l').replace('0', 'O')}",
        f"7 {root}",
        slip.qr_text.decode(),
        slip.qr_text.decode().replace("\n", "\r\n"),
        slip.qr_text.decode().rstrip(),
        str(file),
    ):
        code, told = run("check-slip", said, data)
        assert (code, told.split(":")[0]) in {
            (0, "the log continues the slip"),
            (0, "the log continues the remembered head of 7"),
        }, told
    with LogReader(data / "custody.db") as reader:
        looks = list(reader.entries(kind="evidence_read"))
    assert len(looks) == 8
    assert {look["what"] for look in looks} == {"slip"}


def test_a_log_that_was_changed_behind_the_slip_is_told_and_gets_no_further_entry(
    log: CustodyLog, tmp_path: Path
) -> None:
    grow(log, 7)
    slip = Slip(head(log), NOW)
    with fork(log, tmp_path, 9) as twin:
        other = closed(twin)
    for said in (f"7 {slip.code}", slip.qr_text.decode()):
        assert run("check-slip", said, other)[0] == 1
    with LogReader(other / "custody.db") as reader:
        assert reader.count() == 9


def test_a_log_that_lost_what_the_slip_counts_is_told(log: CustodyLog, tmp_path: Path) -> None:
    grow(log, 7)
    slip = Slip(head(log), NOW)
    with fork(log, tmp_path, 3) as twin:
        other = closed(twin)
    for said in (f"7 {slip.code}", slip.qr_text.decode()):
        code, told = run("check-slip", said, other)
        assert code == 1
        assert "3" in told


def test_a_slip_that_this_log_did_not_sign_proves_nothing(log: CustodyLog) -> None:
    grow(log, 7)
    forged = signed(head(log).text, Ed25519Signer.generate(log.vkey.name))
    code, _ = run("check-slip", forged.to_bytes().decode(), closed(log))
    assert code == 1


@pytest.mark.parametrize(
    "said", ["", "7", "7 ", "7 ABCD", "seven 7K2M-9QXA-01ZP-RT4W", "7 UUUU-9QXA-01ZP-RT4W", "7 " + "0" * 63]
)
def test_what_is_no_slip_is_refused(said: str) -> None:
    with pytest.raises(FormatRefused):
        copied(said)


@pytest.mark.parametrize("between", [" ", "\u00a0", "\u202f", ",", "'", ""])
def test_a_number_is_copied_with_the_gap_it_is_printed_with(between: str) -> None:
    code = "123M-9QXA-01ZP-RT4W"
    assert copied(f"1{between}234 {code}") == Copied(1234, code=code)
    assert copied(f"12{between}345{between}678: 123 M9Q XA01 ZPRT4W") == Copied(12345678, code=code)
    assert copied(f"1{between}234 {'0aF1 ' * 16}") == Copied(1234, root=bytes.fromhex("0aF1" * 16))


def test_a_slip_that_cannot_be_read_is_a_wrong_question_and_no_alarm(log: CustodyLog, tmp_path: Path) -> None:
    grow(log, 7)
    slip = Slip(head(log), NOW)
    data, printed = closed(log), tmp_path / "slip.txt"
    printed.write_text(plain(slip, WORDS["en"]), encoding="utf-8")
    for said in (f"7 {slip.code[:-1]}", slip.code, "nowhere.txt", str(printed)):
        code, told = run("check-slip", said, data)
        assert code == 2, told
        assert told.startswith(f"{said[:60]!r}: this is no slip; give what its QR code says"), told
    code, told = run("check-slip", "7", slip.code, "--data", data)  # the quotes forgotten
    assert (code, "one pair of quotes" in told) == (2, True)
    with LogReader(data / "custody.db") as reader:
        assert reader.count() == 7


def test_a_code_changes_with_every_part_of_the_head() -> None:
    text = "a\n1\n" + "A" * 43 + "=\n"
    others = {code_of(text), code_of("b" + text[1:]), code_of(text.replace("1", "2")), code_of(text + " ")}
    assert len(others) == 4
    assert all(re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-?){4}", one) for one in others)


def test_the_command_writes_the_look_first_and_shows_a_head_with_it(log: CustodyLog, tmp_path: Path) -> None:
    grow(log, 7)
    data = closed(log)
    code, text = run("slip", "--data", data)
    assert code == 0
    assert "8" in text
    for language in WORDS:
        out = tmp_path / f"{language}.svg"
        assert run("slip", "--data", data, "--out", out, "--language", language, "--paper", "a5")[0] == 0
        assert WORDS[language].title in out.read_text(encoding="utf-8")
    assert run("slip", "--data", data, "--out", tmp_path / "slip.pdf")[0] == 2
    with LogReader(data / "custody.db") as reader:
        assert [one["what"] for one in reader.entries(kind="evidence_read")] == ["slip"] * 3


def test_an_export_is_checked_like_a_log(log: CustodyLog, tmp_path: Path) -> None:
    grow(log, 300)
    slip = Slip(head(log), NOW)
    grow(log, 300)
    vkey = str(log.vkey)
    data = closed(log)
    assert run("export", tmp_path / "export", "--data", data)[0] == 0
    for said in (f"300 {slip.code}", slip.qr_text.decode()):
        assert run("check-slip", said, tmp_path / "export", "--vkey", vkey)[0] == 0
    wrong = "0" if slip.code[0] != "0" else "2"
    assert run("check-slip", f"300 {wrong}{slip.code[1:]}", tmp_path / "export", "--vkey", vkey)[0] == 1


def test_the_time_on_the_slip_is_that_of_its_last_entry(log: CustodyLog) -> None:
    grow(log, 3)
    folder = closed(log)
    _, said = run("slip", "--data", folder)
    with LogReader(folder / "custody.db") as reader:
        (last,) = reader.entries(newest_first=True, limit=1)
    assert str(last["time"])[:19].replace("T", " ") in said
