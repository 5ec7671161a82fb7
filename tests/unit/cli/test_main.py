"""The command itself: help, other commands, what happens to output and to errors of our own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from foreshape import __version__
from foreshape.cli import main as main_module
from foreshape.cli.main import main
from foreshape.faults.catalog import fault_names


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    assert isinstance(done.value.code, int)
    return done.value.code


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    shown = capsys.readouterr().out
    for name in ("check", "shapes", "rules", "version"):
        assert name in shown
        assert run(name, "--help") == 0


def test_nothing_asked_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert "Commands:" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"foreshape {__version__}\n"
    assert run("version") == 0
    assert "keras" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "hint"), [("chek", "did you mean 'check'?"), (__file__, "foreshape check "), ("zzz", "")]
)
def test_unknown_command(capsys: pytest.CaptureFixture[str], word: str, hint: str) -> None:
    assert run(word) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert hint in error


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rules") == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == fault_names()
    assert run("rules", "rank-mismatch") == 0
    assert "axes" in capsys.readouterr().out
    assert run("rules", "rank-mismach") == 2
    assert "did you mean 'rank-mismatch'?" in capsys.readouterr().err


def test_our_own_error_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(**_: object) -> int:
        raise KeyError("x")

    monkeypatch.setattr(main_module.foreshape, "main", fail)
    assert run("rules") == 3
    assert capsys.readouterr().err == "foreshape: internal error: KeyError: 'x'\n"
    monkeypatch.setenv("FORESHAPE_TRACEBACK", "1")
    with pytest.raises(KeyError):
        main(["rules"])


def test_a_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "foreshape", "rules"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
@pytest.mark.parametrize("command", [["version"], ["rules"]])
def test_a_full_disk_is_one_line(command: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foreshape", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr == f"foreshape: the output cannot be written: {os.strerror(28)}\n"
    assert done.returncode == 2


def test_start_imports_little() -> None:
    """What is imported before the first file is read costs everyone, every time."""
    code = "import foreshape.cli.main, foreshape.cli.check, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    heavy = {"rich", "json", "tomllib", "numpy", "keras", "importlib.metadata", "pathlib", "dataclasses", "difflib"}
    assert not heavy & loaded
