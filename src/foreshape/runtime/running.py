"""``foreshape run``: a script as Python runs it, with an explanation under the traceback when it raises."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from types import ModuleType, TracebackType


def run_script(path: str, arguments: list[str]) -> int:
    """Run a file as ``__main__`` with these arguments. The exit status is that of ``python path arguments``; SystemExit and
    KeyboardInterrupt go through."""
    gc.set_threshold(700, 10, 10)  # the command line has its own
    with open(path, "rb") as handle:
        data = handle.read()
    whole = os.path.abspath(path)
    main = ModuleType("__main__")
    main.__dict__.update(__file__=whole, __builtins__=__builtins__, __cached__=None, __spec__=None)
    sys.argv = [path, *arguments]
    sys.path[0] = os.path.dirname(whole)
    sys.modules["__main__"] = main
    try:
        exec(compile(data, whole, "exec"), main.__dict__)
    except Exception as error:
        sys.stdout.flush()
        _print(error)
        _explain(error)
        return 1
    return 0


def _print(error: Exception) -> None:
    """The traceback without the frames of this file."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    hook = sys.excepthook
    if hook is not sys.__excepthook__:
        hook(type(error), error, trace)
    else:
        traceback.print_exception(type(error), error, trace)


def _explain(error: Exception) -> None:
    from foreshape.runtime.explaining import explanation

    text = explanation(error)
    if text:
        sys.stderr.write(f"\n{text}\n")
