"""``%load_ext foreshape``: an explanation under the traceback of a cell."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from typing import Any

_STATE = "_foreshape_extension"


class Extension:
    """What is registered with one shell."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.failed: dict[int, int] = {}  # the line at which a cell ended

    def after(self, result: Any) -> None:
        """Called when a cell has run."""
        error = result.error_in_exec
        if not isinstance(error, Exception):
            return
        from foreshape.runtime.explaining import explanation

        trace = error.__traceback__
        while trace is not None and self._cell(trace.tb_frame.f_code.co_filename) != result.execution_count:
            trace = trace.tb_next

        folder = tempfile.mkdtemp(prefix="foreshape-")
        path = os.path.join(folder, "session.ipynb")
        try:
            self._write(path)
            text = explanation(error, (path,), self._cell)
        finally:
            if os.path.exists(path):
                os.unlink(path)
            os.rmdir(folder)
            if trace is not None:
                self.failed[result.execution_count] = trace.tb_lineno
        if text:
            for name in (path, os.path.relpath(path)):  # the cells have no file that anybody knows
                text = text.replace(f"{name}:cell", "cell").replace(f"{name} cell", "cell")
            sys.stderr.write(f"\n{text}\n")

    def _cell(self, name: str) -> int | None:
        """The number of the cell that was compiled under this name."""
        known = getattr(self.shell.compile, "_filename_map", {}).get(name)
        if known is None:
            found = re.match(r"<ipython-input-(\d+)-", name)
            known = int(found[1]) if found else None
        return known

    def _write(self, path: str) -> None:
        """The cells that have run so far, as a notebook; of one that failed, the statements before."""
        sources = [
            _before(str(code), self.failed.get(number))
            for number, code in enumerate(self.shell.user_ns.get("In", [])[1:], 1)
        ]
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
            for source in sources
        ]
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, file)


def _before(code: str, line: int | None) -> str:
    """The statements that end before a line; nothing of what cannot be read. All of it without a line."""
    if line is None:
        return code
    import ast

    try:
        ends = [each.end_lineno or 0 for each in ast.parse(code).body]
    except SyntaxError:
        return ""
    last = max((end for end in ends if end < line), default=0)
    return "".join(code.splitlines(keepends=True)[:last])


def load(shell: Any) -> None:
    """Start explaining in this shell, once."""
    if getattr(shell, _STATE, None) is None:
        extension = Extension(shell)
        setattr(shell, _STATE, extension)
        shell.events.register("post_run_cell", extension.after)


def unload(shell: Any) -> None:
    """Stop."""
    extension = getattr(shell, _STATE, None)
    if extension is not None:
        shell.events.unregister("post_run_cell", extension.after)
        setattr(shell, _STATE, None)
