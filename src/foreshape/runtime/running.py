"""``foreshape run``: a program as Python runs it, with an explanation under the traceback when it raises."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import ModuleType, TracebackType


def run_script(path: str, arguments: list[str]) -> int:
    """Run a file as ``__main__`` with these arguments; a folder or an archive that holds ``__main__.py``; "-" for what comes from
    standard input. The exit status is that of ``python path arguments``; SystemExit goes through, and Ctrl-C ends it as it
    ends Python."""
    main = _fresh_main()
    sys.argv = [path, *arguments]
    if path == "-":
        sys.path[0] = ""
        return _to_the_end(lambda: _execute(sys.stdin.buffer.read(), "<stdin>", main))
    if os.path.isdir(path) or _is_archive(path):
        sys.path[0] = os.path.join(os.getcwd(), path)
        return _to_the_end(lambda: _run_module("__main__", False))
    with open(path, "rb") as handle:
        data = handle.read()
    whole = os.path.join(os.getcwd(), path)  # as it was given, ".." and all
    main.__dict__.update(__file__=whole, __cached__=None)
    main.__loader__ = SourceFileLoader("__main__", whole)
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    return _to_the_end(lambda: _execute(data, whole, main))


def run_module(name: str, arguments: list[str]) -> int:
    """``python -m name arguments``."""
    _fresh_main()
    sys.argv = ["-m", *arguments]
    sys.path[0] = os.getcwd()
    return _to_the_end(lambda: _run_module(name, True))


def _fresh_main() -> ModuleType:
    gc.set_threshold(700, 10, 10)  # the command line has its own
    main = ModuleType("__main__")
    main.__dict__["__builtins__"] = __builtins__
    if "__annotations__" in sys.modules["__main__"].__dict__:  # up to Python 3.13
        main.__annotations__ = {}
    sys.modules["__main__"] = main
    return main


def _is_archive(path: str) -> bool:
    import zipfile

    return not path.endswith((".py", ".pyw")) and zipfile.is_zipfile(path)


def _execute(data: bytes, path: str, main: ModuleType) -> None:
    # what this file imports from __future__ is its own affair
    exec(compile(data, path, "exec", dont_inherit=True), main.__dict__)


def _run_module(name: str, alter_argv: bool) -> None:
    """What ``python`` itself calls for it."""
    import runpy

    runpy._run_module_as_main(name, alter_argv=alter_argv)  # type: ignore[attr-defined]


def _to_the_end(run: Callable[[], None]) -> int:
    """Run it, and give the exit status."""
    sys.setrecursionlimit(sys.getrecursionlimit() + _depth())  # the frames here are not those of the program
    try:
        run()
    except KeyboardInterrupt as error:
        _print(error)
        _die_of_interrupt()
    except Exception as error:
        sys.stdout.flush()
        _print(error)
        _explain(error)
        return 1
    return 0


def _depth() -> int:
    """How deep the program will be: its caller, and four calls from there to its first."""
    depth, frame = 5, sys._getframe(1)
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth


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
