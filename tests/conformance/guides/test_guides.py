"""Every block of the guides is run, and prints what the page says.

Blocks of a page share one folder and, in Python, one namespace. A ``text`` block is what the Python block before it prints; in
``sh`` blocks, lines after a command are what it prints; a ``json NAME`` block is that file. ``FORESHAPE_UPDATE=1`` writes what
was printed into the page.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>\S+))?\n(?P<body>.*?)^```$", re.M | re.S)
NEEDED = {"runtime": ["torch"], "sequences": ["numpy"], "data": ["pyarrow", "duckdb", "keras"]}
SAVED_MODEL = """
import keras
keras.Sequential([keras.Input((4, 2)), keras.layers.LSTM(3), keras.layers.Dense(1)]).save("model.keras")
"""
MODULE = """
from torch import nn

def make_model():
    return nn.LSTM(2, 3, batch_first=True)
"""


@pytest.mark.parametrize("page", sorted(NEEDED))
def test_what_a_page_says_is_what_is_printed(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NEEDED[page]:
        pytest.importorskip(name)
    monkeypatch.chdir(tmp_path)
    path = ROOT / "docs" / f"{page}.md"
    text = path.read_text(encoding="utf-8")
    if "model.keras" in text:
        run_shell(f"{sys.executable} -c '{SAVED_MODEL}'", tmp_path)
        (tmp_path / "package").mkdir()
        (tmp_path / "package" / "module.py").write_text(MODULE)
    new = "".join(printed_anew(text, tmp_path))
    if os.environ.get("FORESHAPE_UPDATE"):
        path.write_text(new, encoding="utf-8")
    else:
        assert new == text


def printed_anew(text: str, folder: Path) -> Iterator[str]:
    """The page with what its blocks really print."""
    space: dict[str, object] = {"__name__": "__main__"}
    end, said = 0, ""
    for block in BLOCK.finditer(text):
        yield text[end : block.start()]
        end = block.end()
        kind, body = block["kind"], block["body"]
        if kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
                exec(compile(body, "<page>", "exec"), space)
            said = out.getvalue()
        elif kind == "json" and block["name"]:
            (folder / block["name"]).write_text(body)
        elif kind == "text":
            body = said
        elif kind == "sh":
            body = "".join(
                f"$ {command}\n{run_shell(command, folder)}" for command in re.findall(r"^\$ (.*)$", body, re.M)
            )
        name = f" {block['name']}" if block["name"] else ""
        yield f"```{kind}{name}\n{body}```"
    yield text[end:]


def run_shell(command: str, folder: Path) -> str:
    """What a command prints, its errors after it."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    tool = tools / "foreshape"
    tool.write_text(
        textwrap.dedent(f"""\
        #!/bin/sh
        exec {sys.executable} -m foreshape "$@"
    """)
    )
    tool.chmod(0o755)
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT / "src"), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3", "COLUMNS": "120",
    }  # fmt: skip
    both = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return both.stdout
