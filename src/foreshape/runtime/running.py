"""``foreshape run``: a script as Python runs it, with an explanation under the traceback when it raises."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from importlib.machinery import SourceFileLoader
from types import ModuleType, TracebackType


def run_script(path: str, arguments: list[str]) -> int:
    """Run a file as ``__main__`` with these arguments. The exit status is that of ``python path arguments``; SystemExit goes
    through, and Ctrl-C ends it as it ends Python."""
    gc.set_threshold(700, 10, 10)  # the command line has its own
    with open(path, "rb") as handle:
        data = handle.read()
    whole = os.path.join(os.getcwd(), path)  # as it was given, ".." and all
    main = ModuleType("__main__")
    main.__dict__.update(__file__=whole, __builtins__=__builtins__, __cached__=None)
    main.__loader__ = SourceFileLoader("__main__", whole)
    if "__annotations__" in sys.modules["__main__"].__dict__:  # up to Python 3.13
        main.__annotations__ = {}
    sys.argv = [path, *arguments]
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    sys.modules["__main__"] = main
    try:
        exec(compile(data, whole, "exec"), main.__dict__)
    except KeyboardInterrupt as error:
        _print(error)
        _die_of_interrupt()
    except Exception as error:
        sys.stdout.flush()
        _print(error)
        _explain(error)
        return 1
    return 0


def _die_of_interrupt() -> None:
    """End as Python does: what was registered for the end runs, then the signal does the rest, so that a shell sees it."""
    import atexit
    import signal

    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)


def _print(error: BaseException) -> None:
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
