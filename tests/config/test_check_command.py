import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from controller.check_command import check_command
from controller.config import builtin
from tests.config.small import SMALL

TOKEN = "pkcs11:token=vault?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/ironroom/pin"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(check_command, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_a_good_file_is_summed_up() -> None:
    code, told = run(str(builtin("example")))
    assert code == 0
    assert "site example: 1 room, 1 door, 1 window, 1 cabinet, 4 compartments, 3 readers, 13 inputs" in told
    assert "legacy, may be copied" in told
    assert "\nlog example, its key in a file, cosigned by nobody\n" in told


def test_who_cosigns_the_log_is_told(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    sample = (Path(__file__).parents[2] / "site.example.toml").read_text(encoding="utf-8")
    file.write_text(sample.replace('key = "file"', f'key = "{TOKEN}"'), encoding="utf-8")
    assert "\nlog bank.example/head-office, its key in a token, cosigned by branch\n" in run(str(file))[1]
    assert json.loads(run("--json", str(file))[1])["log_witnesses"] == ["branch"]


def test_a_good_file_is_summed_up_in_json() -> None:
    code, told = run("--json", str(builtin("passage")))
    found = json.loads(told)
    assert code == 0
    assert (found["ok"], found["site"], found["doors"], found["cameras"]) == (True, "passage", 2, 2)
    assert len(found["policy"]) == 64


def test_faults_in_json_are_objects(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(SMALL.replace("gpio:relay/1", "gpio:relay/9"), encoding="utf-8")
    code, told = run("--json", str(file))
    (fault,) = json.loads(told)["faults"]
    assert code == 2
    assert (fault["file"], fault["line"], fault["key"]) == (str(file), 13, "door.main.strike")
    assert fault["remedy"] == "write a number from 1 to 7"


def test_a_file_cannot_command_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(SMALL + '"\\u001b[2J\\u202e" = 1\n[camera]\nx.url = "\\u001b]0;x"\n', encoding="utf-8")
    code, told = run(str(file))
    assert code == 2
    assert told.replace("\n", "").isprintable()
    assert len(told.splitlines()) == 2


def test_help_shows_an_example() -> None:
    code, told = run("--help")
    assert code == 0
    assert "\n  Example:  ironroom check site.toml\n" in told


def test_the_command_ends_with_2_and_without_a_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("[site]\nname = \n", encoding="utf-8")
    program = "from controller.check_command import check_command; check_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stdout.startswith(f"{file}:2: site.name: ")
    assert done.stderr == ""


def test_a_password_in_an_address_is_not_told_again(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    for url in ("rtsp://guard:s3cret@192.0.2.2/x", "rtps://guard:s3cret@192.0.2.2/x"):
        file.write_text(f'{SMALL}\n[camera.eye]\nurl = "{url}"\n', encoding="utf-8")
        code, told = run(str(file))
        assert code == 2
        assert "camera.eye.url" in told
        assert "s3cret" not in told


def test_an_example_address_can_be_copied_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(SMALL.replace("strike =", "# strike ="), encoding="utf-8")
    assert 'write strike = "gpio:relay/1" (1 to 7)' in run(str(file))[1]
