"""Whatever is done to a site file, the answer is a site or a list of faults, never a traceback."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from controller.config import SiteFile, builtin, loads
from controller.errors import ConfigError
from controller.site_faults import Fault
from controller.toml_lines import key_lines
from tests.config.small import unhurried
from tests.config.test_site_schema import SAMPLE

TEXTS = [
    builtin("passage").read_text(encoding="utf-8"),
    SAMPLE.read_text(encoding="utf-8"),
]
PIECES = [*"\"'[]{}=\n#.,\\\0\ud800é", '"""', "-1", "99999", "true"]
# No key of a site file may have one of these values.
NEVER_RIGHT = [
    "-1",
    "1e400",
    "nan",
    '""',
    "{}",
    "2026-10-01",
    "18:00:00",
    "[[[[1]]]]",
    '"\\u0000"',
    "99999999",
]


def read(text: str) -> SiteFile | list[Fault]:
    """Read a text; faults have lines of the text and are one printable line each."""
    try:
        return loads(text, "site.toml")
    except ConfigError as refused:
        faults = list(refused.args)
    assert faults
    assert all(1 <= fault.line <= text.count("\n") + 2 for fault in faults)
    assert all(fault.key and fault.problem and fault.remedy and str(fault).isprintable() for fault in faults)
    return faults


@unhurried
@given(st.data())
def test_random_edits_never_give_a_traceback(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = min(len(text), begin + data.draw(st.integers(0, 40)))
        text = text[:begin] + data.draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))) + text[end:]
    read(text)


@unhurried
@given(st.data())
def test_moved_and_repeated_lines_never_give_a_traceback(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(data.draw(st.integers(1, 5))):
        line = lines[data.draw(st.integers(0, len(lines) - 1))]
        lines.insert(data.draw(st.integers(0, len(lines))), line)
        del lines[data.draw(st.integers(0, len(lines) - 1))]
    read("\n".join(lines))


@unhurried
@given(st.data())
def test_a_value_that_is_never_right_is_always_told_on_its_line(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(TEXTS)).split("\n")
    at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if re.match("[a-z]", line)]))
    key, _, _ = lines[at].partition(" = ")
    lines[at] = f"{key} = {data.draw(st.sampled_from(NEVER_RIGHT))}"
    found = read("\n".join(lines))
    assert isinstance(found, list)
    assert any(fault.line == at + 1 and fault.key.split("[")[0].endswith(f".{key}") for fault in found)


@unhurried
@given(st.data())
def test_a_misspelt_key_is_always_noticed_on_its_line(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    path = data.draw(
        st.sampled_from([path for path in key_lines(text) if isinstance(path[-1], str) and len(path) > 1])
    )
    at = key_lines(text)[path] - 1
    assume(lines[at].startswith(f"{path[-1]} ="))
    lines[at] = f"x{lines[at]}"
    found = read("\n".join(lines))
    assert isinstance(found, list)
    assert any(fault.line == at + 1 and fault.key.endswith(f"x{path[-1]}") for fault in found)
