"""What ``foreshape fix`` writes and does not write: bytes outside the edit, files that changed, answers, several files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from foreshape.cli.main import foreshape
from foreshape.cli.session import CheckSession

FAULTY = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    layers.Input((10, 3)),
    layers.LSTM( 8 ),\t # größer?   the first
    layers.LSTM(4),
])   
print(model.predict(np.zeros((2,10,3))).shape)
"""  # noqa: W291
FIXED = FAULTY.replace("LSTM( 8 )", "LSTM( 8, return_sequences=True )")


def fix(*arguments: str, answer: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(foreshape, ["fix", *arguments], input=answer)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n"])
def test_every_other_byte_stays(tmp_path: Path, newline: str, mark: bytes, ending: str) -> None:
    def laid_out(text: str) -> bytes:
        return mark + (text.rstrip("\n") + ending).replace("\n", newline).encode()

    path = tmp_path / "a.py"
    path.write_bytes(laid_out(FAULTY))
    assert fix("--yes", str(path))[0] == 0
    assert path.read_bytes() == laid_out(FIXED)


def test_the_encoding_that_the_file_names_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(("# -*- coding: latin-1 -*-\n" + FAULTY).encode("latin-1"))
    assert fix("--yes", str(path))[0] == 0
    assert path.read_bytes() == ("# -*- coding: latin-1 -*-\n" + FIXED).encode("latin-1")


def test_mode_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(FAULTY, encoding="utf-8")
    path.chmod(0o755)
    assert fix("--yes", str(path))[0] == 0
    assert path.stat().st_mode & 0o777 == 0o755
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from foreshape.fixes import apply

    path = tmp_path / "a.py"
    path.write_text(FAULTY, encoding="utf-8")
    real = apply.write_if_unchanged

    def late(name: str, read: bytes, new: bytes) -> None:
        path.write_text("edited = True\n", encoding="utf-8")  # an editor saves while the question is open
        real(name, read, new)

    monkeypatch.setattr(apply, "write_if_unchanged", late)
    status, _, told = fix("--yes", str(path))
    assert status == 2
    assert "was changed since it was read; nothing was written" in told
    assert path.read_text(encoding="utf-8") == "edited = True\n"
    assert os.listdir(tmp_path) == ["a.py"]


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_it_asks(tmp_path: Path, answer: str, written: bool) -> None:
    path = tmp_path / "a.py"
    path.write_text(FAULTY, encoding="utf-8")
    # the command asks where somebody is there: a terminal, of which this is a stand-in
    program = (
        "import sys, io; from foreshape.cli.main import foreshape; sys.stdin.isatty = lambda: True;"
        f"foreshape(['fix', {str(path)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", program], input=answer, capture_output=True, text=True, check=False)
    assert "+    layers.LSTM( 8, return_sequences=True )" in done.stdout
    assert "Write 1 file?" in done.stderr
    assert path.read_text(encoding="utf-8") == (FIXED if written else FAULTY)
    assert done.returncode == (0 if written else 1)


def test_two_faults_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    text = FAULTY.replace("    layers.LSTM(4),\n", "    layers.LSTM(4),\n    layers.LSTM(2),\n")
    path.write_text(text, encoding="utf-8")
    assert fix("--yes", str(path))[0] == 0
    assert not CheckSession({}).check([str(path)]).reports


def test_a_fault_in_a_module_that_is_imported(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(FAULTY.partition("print")[0], encoding="utf-8")
    main = tmp_path / "main.py"
    main.write_text("from net import model\n\nprint(model.output_shape)\n", encoding="utf-8")
    assert fix("--yes", str(main))[0] == 0
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == FIXED.partition("print")[0]
    assert main.read_text(encoding="utf-8").startswith("from net import model\n\nprint")


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_notebooks_keep_their_layout(tmp_path: Path, indent: int | None, ascii_only: bool) -> None:
    first, second = FAULTY.partition("model = ")[0], "model = " + FAULTY.partition("model = ")[2]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Größe\n"]},
        {"cell_type": "code", "metadata": {}, "execution_count": 3, "outputs": [], "source": first.splitlines(True)},
        {"cell_type": "code", "metadata": {}, "outputs": [{"text": "alt"}], "source": second.splitlines(True)},
    ]
    notebook = {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "n.ipynb"
    before = json.dumps(notebook, indent=indent, ensure_ascii=ascii_only)
    path.write_text(before, encoding="utf-8")
    assert fix("--yes", str(path))[0] == 0
    assert path.read_text(encoding="utf-8") == before.replace("LSTM( 8 )", "LSTM( 8, return_sequences=True )")


def test_nothing_is_written_that_is_no_python(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = (\n", encoding="utf-8")
    assert fix("--yes", str(path))[0] == 2
    assert path.read_text(encoding="utf-8") == "x = (\n"


@pytest.mark.parametrize(
    ("program", "checked"),
    [
        (FAULTY, "the model's output is then (batch, 4), no fault is left"),
        (
            "import numpy as np\n\nx = np.ones((90, 3))\ny = np.concatenate([x, np.ones((100, 2))], axis=1)\n",
            "y is then (90, 5), no fault is left",
        ),
        (
            "import numpy as np\n\npower = np.ones((4, 6))\nshare = power / power.sum(axis=1)\n",
            "share is then (4, 6), no fault is left",
        ),
    ],
)
def test_the_note_says_the_shape(tmp_path: Path, program: str, checked: str) -> None:
    path = tmp_path / "a.py"
    path.write_text(program, encoding="utf-8")
    (report,) = CheckSession({}).check([str(path)]).reports
    assert report.fixes[0].verified
    assert report.fixes[0].checked == checked


def test_display_is_never_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from foreshape.fixes import propose
    from foreshape.fixes.candidate import DISPLAY, Candidate

    def advice(rule: str) -> list[object]:
        def only(bench):  # type: ignore[no-untyped-def]
            yield Candidate("advice", [bench.replace(bench.path, bench.node, "None")], DISPLAY, 0)

        return [only]

    monkeypatch.setattr(propose, "proposers", advice)
    path = tmp_path / "a.py"
    path.write_text(FAULTY, encoding="utf-8")
    (report,) = CheckSession({}).check([str(path)]).reports
    assert [(each.grade, each.verified) for each in report.fixes] == [("display", False)]
    assert fix("--yes", "--unsafe-fixes", str(path))[0] == 1
    assert path.read_text(encoding="utf-8") == FAULTY
