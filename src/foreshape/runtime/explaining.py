"""Explanations of what was raised, from the live frames, the known messages and the analysis of the program together.

Nothing is paid until something raises: this module is small, and what it needs is imported then.
"""

from __future__ import annotations

import os
import re
import sys
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MOST: Final = 8
LINES: Final = 12
"""Of a call that goes over many."""
SECONDS: Final = 20
FRAME: Final = re.compile(r'^  File "(?P<path>[^"]+)", line (?P<line>\d+), in .+$', re.MULTILINE)


class explaining:  # noqa: N801 - it reads as a function: with foreshape.explain():
    """``with foreshape.explain():`` adds an explanation under the traceback of what is raised inside. The exception itself
    goes on as it is."""

    def __enter__(self) -> explaining:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            add_note(error)


def add_note(error: Exception) -> None:
    """Put the explanation where Python prints it: under the traceback. Before 3.11 it goes to standard error at once."""
    text = explanation(error)
    if not text:
        return
    if hasattr(error, "add_note"):
        if not any("foreshape" in note for note in getattr(error, "__notes__", ())):
            error.add_note(f"\n-- foreshape --\n{text}")
    else:
        sys.stderr.write(f"{text}\n")


def explanation(
    error: BaseException, sources: tuple[str, ...] = (), cells: Callable[[str], int | None] | None = None
) -> str:
    """What can be said about an exception; "" where that is nothing. Never raises: the error of the program comes first.
    cells: the number of the cell that a file name stands for, in a notebook."""
    try:
        parts = [_told(error, sources, cells), live_shapes(error)]
    except Exception:
        if os.environ.get("FORESHAPE_TRACEBACK"):
            raise
        return ""
    return "\n\n".join(part for part in parts if part).strip("\n")


def _told(error: BaseException, sources: tuple[str, ...], cells: Callable[[str], int | None] | None = None) -> str:
    """What ``foreshape explain`` says of the traceback, in a process of its own, so that nothing here is changed by it."""
    import subprocess
    import traceback

    text = "".join(traceback.format_exception(type(error), error, _from_own(error.__traceback__)))
    if cells is not None:
        text = FRAME.sub(lambda found: _cell_frame(found, cells), text)
    command = [sys.executable, "-m", "foreshape", "explain", "-", "--under-traceback"]
    for source in sources:
        command += ["--source", source]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=SECONDS, check=False, env=_environment()
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.rstrip() if done.returncode == 0 else ""


def _cell_frame(found: re.Match[str], cells: Callable[[str], int | None]) -> str:
    """A frame of a cell as a notebook prints it."""
    number = cells(found["path"])
    return found[0] if number is None else f"Cell In[{number}], line {found['line']}"


def _from_own(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without what called the program: a shell, a test runner."""
    from foreshape.explain.pasted.reading import LIBRARY_PATHS

    first = trace
    while first is not None and LIBRARY_PATHS.search(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return first or trace


def _environment() -> dict[str, str]:
    """Of the child: it finds Foreshape where this process found it."""
    import foreshape

    home = os.path.dirname(os.path.dirname(os.path.abspath(foreshape.__file__)))
    paths = [home, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONUTF8": "1"}


def live_shapes(error: BaseException) -> str:
    """The shapes of the arrays that stand on the person's own line that failed: ``x (32, 10, 3) float32``."""
    from foreshape.explain.pasted.reading import LIBRARY_PATHS

    trace = error.__traceback__
    own: TracebackType | None = None
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if not LIBRARY_PATHS.search(path) and not path.startswith(os.path.dirname(os.path.dirname(__file__))):
            own = trace
        trace = trace.tb_next
    if own is None:
        return ""
    found = _arrays(own.tb_frame, own.tb_lineno, _last_line(own))
    if not any("(" in shown for _, shown in found):
        return ""  # lists alone, which are about anything
    return "\n".join(["What stands on that line:", *(f"  {name}  {shown}" for name, shown in found)])


def _last_line(trace: TracebackType) -> int:
    """Where the call that failed ends, which Python knows since 3.11."""
    positions = getattr(trace.tb_frame.f_code, "co_positions", None)
    if positions is None or trace.tb_lasti < 0:
        return trace.tb_lineno
    from itertools import islice

    _, last, _, _ = next(islice(positions(), trace.tb_lasti // 2, None), (None, None, None, None))
    return min(max(last or 0, trace.tb_lineno), trace.tb_lineno + LINES)


def _arrays(frame: FrameType, line: int, last: int) -> list[tuple[str, str]]:
    import linecache

    path = frame.f_code.co_filename
    code = "".join(linecache.getline(path, number, frame.f_globals) for number in range(line, last + 1))
    found: dict[str, str] = {}
    for name in re.findall(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", code):
        value = _value(frame, name)
        shown = shape_of(value)
        if shown is None and "." in name:
            name = name.rpartition(".")[0]
            shown = shape_of(_value(frame, name))
        if shown is not None:
            found.setdefault(name, shown)
    return list(found.items())[:MOST]


def _value(frame: FrameType, name: str) -> Any:
    """A variable, or an attribute that is stored on it; no property is run for this."""
    first, *rest = name.split(".")
    value = frame.f_locals.get(first, frame.f_globals.get(first))
    for part in rest:
        value = getattr(value, "__dict__", {}).get(part)
    return value


def shape_of(value: Any) -> str | None:
    """``(32, 10, 3) float32`` of an array or a data frame, ``list of 5`` of a list, None for anything else."""
    try:
        shape = getattr(value, "shape", None)
        if isinstance(value, type) or (shape is None and not isinstance(value, (list, tuple))):
            return None
        if shape is None:
            kinds = dict.fromkeys(str(tuple(each.shape)) for each in value[:MOST] if hasattr(each, "shape"))
            inside = f": {', '.join(kinds)}{', ...' if len(value) > MOST else ''}" if kinds else ""
            return f"{type(value).__name__} of {len(value)}{inside}"
        sizes = tuple(None if size is None else int(size) for size in shape)
        dtype = getattr(value, "dtype", None)
        kind = str(getattr(dtype, "name", dtype)).removeprefix("torch.") if dtype is not None else ""
        where = str(getattr(value, "device", "cpu"))
        elsewhere = f" on {where}" if where.startswith(("cuda", "mps")) else ""
        return f"{sizes} {kind}{elsewhere}".rstrip()
    except Exception:  # a shape that is not what it says
        return None


def reveal_shape(value: Any) -> Any:
    """Print the shape of a value and where that was asked, and give the value back. `foreshape check` tells the same without
    running anything."""
    frame = sys._getframe(1)
    where = f"{os.path.relpath(frame.f_code.co_filename)}:{frame.f_lineno}"
    sys.stderr.write(f"{where}: {shape_of(value) or type(value).__name__}\n")
    return value
