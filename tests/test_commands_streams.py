"""What a command does with standard output and error as pipes, full disks and old terminals give them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from costlib.__main__ import main

REPOSITORY = Path(__file__).parents[1]
RULES = "version: 1\nrules: []\n"


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    """The exit code of a command in this process; streams that it opened itself are closed."""
    before = sys.stdout, sys.stderr
    monkeypatch.setattr(sys, "argv", ["costlib", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    for given, used in zip(before, (sys.stdout, sys.stderr), strict=True):
        if given is None:
            used.close()
    return end.value.code


@pytest.fixture
def nobody_reads() -> Iterator[io.TextIOWrapper]:
    """A stream into a pipe whose reader has gone, as ``head`` has after its first line."""
    reader, writer = os.pipe()
    os.close(reader)
    with io.TextIOWrapper(os.fdopen(writer, "wb"), encoding="utf-8") as stream:
        yield stream


@pytest.mark.parametrize("command", [("rules", "show"), ("rules", "show", "--json"), ("--help",)])
def test_a_reader_that_has_gone_ends_the_command_in_silence(
    command: tuple[str, ...],
    nobody_reads: io.TextIOWrapper,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdout", nobody_reads)
    assert ended(monkeypatch, *command) == 141
    assert capsys.readouterr().err == ""


def test_a_short_answer_that_nobody_reads_is_noticed_at_the_end(tmp_path: Path) -> None:
    """It is still in the buffer when the command is done; the interpreter would complain at its own end."""
    (tmp_path / "rules.yaml").write_text(RULES)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "costlib", "rules", "check", str(tmp_path / "rules.yaml"), "--json"]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_progress_that_nobody_reads_is_no_refusal(
    nobody_reads: io.TextIOWrapper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    monkeypatch.setattr(sys, "stderr", nobody_reads)
    assert ended(monkeypatch, "rules", "check", tmp_path / "rules.yaml") == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_one_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert ended(monkeypatch, "rules", "show", "--json") == 1
    told = capsys.readouterr().err
    assert told == "Refused: No space left on device. Check the path, its rights and the room on the disk.\n"


@pytest.mark.parametrize("command", [("rules", "show"), ("rules", "show", "--json")])
def test_a_command_whose_output_is_closed_does_its_work(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert ended(monkeypatch, *command) == 0


def test_a_refusal_that_cannot_be_told_is_still_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert ended(monkeypatch, "rules", "check", tmp_path / "nothing.yaml") == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_names_are_utf_8_whatever_the_terminal_speaks(
    encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "größe−検索.yaml").write_text(RULES)
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding))
    assert ended(monkeypatch, "rules", "check", tmp_path / "größe−検索.yaml", "--json") == 0
    assert json.loads(held.getvalue().decode())["file"].endswith("größe−検索.yaml")


def test_a_file_whose_name_is_no_text_is_named_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"r\xff.yaml")
    file.write_text(RULES)
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="utf-8"))
    assert ended(monkeypatch, "rules", "check", file, "--json") == 0
    assert b"udcff.yaml" in held.getvalue()
