"""Text for displays: one spelling on the wire, printable characters only, pages that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.osdp.display import Display, Text, text_command, text_of
from hardware.osdp.messages import Command, MalformedError, Message

SMALL = Display(2, 16)
WRITTEN = {
    (1, 1, "4F2A-91C0 WAITS", 6): "00030601010f344632412d393143302057414954 53",
    (2, 9, "x", 0): "00010002090178",
    (4, 40, " ", 255): "0003ff04280120",
}


@pytest.mark.parametrize("said", WRITTEN)
def test_a_text_says_where_it_stands_and_for_how_long(said: tuple[int, int, str, int]) -> None:
    assert text_command(*said) == Message(Command.TEXT, bytes.fromhex(WRITTEN[said]))
    assert text_of(bytes.fromhex(WRITTEN[said])) == Text(*said)


@pytest.mark.parametrize("said", [(0, 1, "x", 0), (1, 0, "x", 0), (1, 1, "x", 256), (1, 1, "", 0)])
def test_a_text_that_cannot_be_said_is_refused(said: tuple[int, int, str, int]) -> None:
    with pytest.raises(ValueError, match="text"):
        text_command(*said)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "000100010100",
        "00010001010178782020",
        "000100010102",
        "01010001010178",  # of another reader
        "00010000010178",
        "00010001000178",
        "00020001010178",  # with wrapping
        "00010601010178",  # for good, and for a time
        "00030001010178",
        "0001000101011b",
        "000100010101ff",
    ],
)
def test_what_is_no_text_is_refused(data: str) -> None:
    with pytest.raises(MalformedError):
        text_of(bytes.fromhex(data))


@given(st.text(max_size=200), st.integers(1, 4), st.integers(8, 40), st.integers(0, 255))
def test_no_text_brings_control_characters_or_anything_beyond_the_display(
    text: str, rows: int, columns: int, for_s: int
) -> None:
    display = Display(rows, columns)
    for page in display.pages(text):
        commands = display.commands(page, for_s)
        told = [text_of(command.data) for command in commands]
        covered = {(one.row, one.column + at) for one in told for at in range(len(one.text))}
        assert covered == {(r, c) for r in range(1, rows + 1) for c in range(1, columns + 1)}
        assert all(0x20 <= byte <= 0x7E for command in commands for byte in command.data[6:])


@given(st.text("ab ?\n", max_size=120), st.integers(1, 4), st.integers(8, 40))
def test_every_word_of_a_text_stands_on_its_pages_in_order(text: str, rows: int, columns: int) -> None:
    shown = [row for page in Display(rows, columns).pages(text) for row in page]
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert all(0 < len(row) <= columns for row in shown)


def test_lines_begin_rows_and_words_are_not_torn_where_they_fit() -> None:
    assert SMALL.pages("RELEASE DOOR main 20 s\n4F2A-91C0 WAITS\nli") == (
        ("RELEASE DOOR", "main 20 s"),
        ("4F2A-91C0 WAITS", "li"),
    )
    assert SMALL.pages("\n \n") == ()


@pytest.mark.parametrize("size", [(0, 16), (5, 16), (2, 7), (2, 41)])
def test_a_display_that_there_is_not_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="a display of"):
        Display(*size)
