"""Runs the programs of ``docs/side_by_side`` on the real frameworks and keeps what a person sees.

    python -m tests.conformance.side_by_side.record          writes docs/side_by_side/printed.json

The frameworks are imported once; each program runs in a child that is forked from there. Lines of a traceback that
are in the library's own files are left out, as are the paths of this computer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import Final

from tests.conformance.loading import load_torch

ROOT: Final = Path(__file__).resolve().parents[3]
FOLDER: Final = ROOT / "docs" / "side_by_side"
PRINTED: Final = FOLDER / "printed.json"
SETTINGS: Final = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
FRAME: Final = re.compile(r'^(\s*)File "([^"]+)", line \d+')
COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
START: Final = "Traceback (most recent call last):"
ELSEWHERE: Final = "  ... lines in the library's own files ..."


def run(name: str, text: str) -> None:
    """Runs one program as ``python NAME`` would in its folder; the traceback goes to standard error."""
    try:
        exec(compile(text, name, "exec"), {"__name__": "__main__"})
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()


def printed(name: str, text: str) -> str:
    """What the program prints, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(text, encoding="utf-8")
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(output, 1)
            os.dup2(output, 2)
            run(name, text)
            os._exit(0)
        os.waitpid(child, 0)
        return cleaned(name, Path(folder, "output.txt").read_text(encoding="utf-8"))


def cleaned(name: str, text: str) -> str:
    """Without the frames of the library and the paths of this computer."""
    lines: list[str] = []
    own = True
    for line in COLOURS.sub("", text).splitlines():
        frame = FRAME.match(line)
        if frame:
            own = frame[2] == name
        elif not line.startswith("    ") and line.strip() and not own:
            own = True
        if own:
            lines.append(re.sub(r"/\S*site-packages/", ".../", line).rstrip())
        elif lines and lines[-1] not in (ELSEWHERE, START):
            lines.append(ELSEWHERE)
    return "\n".join(lines).strip() + "\n"


def recorded(keras_2: bool) -> dict[str, str]:
    """What the programs of Keras 2 print, or those of Keras 3 and PyTorch: one process has only one of the two as
    ``tensorflow.keras``."""
    os.environ.update(SETTINGS, **({"TF_USE_LEGACY_KERAS": "1"} if keras_2 else {}))
    if not keras_2:
        load_torch()
    for library in ("tensorflow", "tf_keras") if keras_2 else ("tensorflow", "keras"):
        import_module(library)
    programs = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))}
    return {name: printed(name, text) for name, text in programs.items() if text.startswith("# keras=2") == keras_2}


def really() -> dict[str, str]:
    """What all of them print, each group in a process of its own."""
    found: dict[str, str] = {}
    for group in ("--keras-2", "--others"):
        command = [sys.executable, "-m", "tests.conformance.side_by_side.record", group]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, timeout=600)
        found.update(json.loads(done.stdout.splitlines()[-1]))
    return dict(sorted(found.items()))


def main() -> None:
    if sys.argv[1:]:
        print(json.dumps(recorded(sys.argv[1] == "--keras-2")))
    else:
        PRINTED.write_text(json.dumps(really(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
