"""Where a site comes from: a file, a text, a table inside a drill; and what happens when there is none."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config import from_table, load, loads
from controller.errors import ConfigError
from controller.site_faults import Fault
from controller.toml_lines import below, key_lines
from tests.config.small import SMALL, unhurried


def fault_of(path: Path) -> Fault:
    with pytest.raises(ConfigError) as refused:
        load(path)
    (fault,) = refused.value.args
    assert isinstance(fault, Fault)
    return fault


def test_a_file_that_is_not_there_is_a_fault_and_no_traceback(tmp_path: Path) -> None:
    assert "no such file" in fault_of(tmp_path / "none.toml").problem
    assert "is a folder" in fault_of(tmp_path).problem
    assert "no such file" in fault_of(tmp_path / "a\0b").problem


def test_a_file_that_is_no_text_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_bytes(SMALL.encode() + b"# caf\xe9\n")
    fault = fault_of(file)
    assert fault.line == SMALL.count("\n") + 1
    assert "UTF-8" in fault.remedy


def test_a_file_that_is_too_long_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    with file.open("wb") as out:
        out.truncate(10_000_000_000)
    assert "characters" in fault_of(file).problem


def test_a_file_saved_on_windows_is_read(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load(file).plan == loads(SMALL, "x").plan


def test_half_a_character_is_a_fault() -> None:
    with pytest.raises(ConfigError, match="x:2: "):
        loads("# one\n# \ud800\n", "x")


def test_a_table_inside_a_drill_makes_the_same_site() -> None:
    of_table, of_text = from_table(tomllib.loads(SMALL), "drill.toml"), loads(SMALL, "site.toml")
    assert of_table.plan.doors == of_text.plan.doors
    assert dict(of_table.addresses) == dict(of_text.addresses)


def test_a_table_inside_a_drill_may_hold_the_keys_of_site_directly() -> None:
    drill = SMALL.replace("[", "[site.").replace("[site.site]", "[site]")
    assert from_table(tomllib.loads(drill)["site"], "x").plan.doors == loads(SMALL, "x").plan.doors
    faulty = "\n" + drill.replace('"UTC"', '"UTX"').replace('"legacy, may', '"legacy; may')
    with pytest.raises(ConfigError) as refused:
        from_table(tomllib.loads(faulty)["site"], "x", below(key_lines(faulty), "site"))
    assert [(f.line, f.key) for f in refused.value.args] == [(4, "site.timezone"), (5, "site.legacy_uid")]


def test_the_digest_of_a_table_is_that_of_what_it_says_and_not_of_how_it_is_written() -> None:
    table = tomllib.loads(SMALL)
    turned = dict(reversed(table.items()))
    other = {**table, "site": {**table["site"], "attempts": 4}}
    assert from_table(turned, "x").plan.digest == from_table(table, "x").plan.digest
    assert from_table(other, "x").plan.digest != from_table(table, "x").plan.digest


def test_a_fault_inside_a_drill_is_told_on_the_line_of_the_drill() -> None:
    drill = 'title = "x"\n' + SMALL.replace("[", "[site.").replace("gpio:relay/1", "gpio:relay/0")
    with pytest.raises(ConfigError) as refused:
        from_table(tomllib.loads(drill)["site"], "drill.toml", below(key_lines(drill), "site"))
    (fault,) = refused.value.args
    assert drill.splitlines()[fault.line - 1] == 'strike = "gpio:relay/0"'


def test_a_site_file_cannot_be_changed_after_it_was_read() -> None:
    site = loads(SMALL, "x")
    with pytest.raises(TypeError):
        site.addresses["main"] = "gpio:relay/2"  # type: ignore[index]
    with pytest.raises(AttributeError):
        site.text = ""  # type: ignore[misc]


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.dates(),
        st.datetimes(),
        st.times(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
PATHS = [path for path in key_lines(SMALL) if all(isinstance(part, str) for part in path)]


@unhurried
@given(st.sampled_from(PATHS), ANYTHING)
def test_any_value_at_any_place_makes_a_site_or_a_list_of_faults(
    path: tuple[str, ...], value: object
) -> None:
    table = tomllib.loads(SMALL)
    *around, last = path
    inner = table
    for part in around:
        inner = inner[part]
    inner[last] = value
    try:
        site = from_table(table, "x")
    except ConfigError as refused:
        faults = refused.args
    else:
        faults = ()
        assert site.plan.digest
    assert all(isinstance(fault, Fault) and str(fault).isprintable() for fault in faults)
