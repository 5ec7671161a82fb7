"""``%load_ext foreshape``: an explanation under the traceback of a cell."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import Any

_STATE = "_foreshape_extension"


class Extension:
    """What is registered with one shell."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def after(self, result: Any) -> None:
        """Called when a cell has run."""
        error = result.error_in_exec
        if not isinstance(error, Exception):
            return
        from foreshape.runtime.explaining import explanation

        folder = tempfile.mkdtemp(prefix="foreshape-")
        path = os.path.join(folder, "session.ipynb")
        try:
            self._write(path)
            text = explanation(error, (path,))
        finally:
            if os.path.exists(path):
                os.unlink(path)
            os.rmdir(folder)
        if text:
            sys.stderr.write(f"{text}\n")

    def _write(self, path: str) -> None:
        """The cells that have run so far, as a notebook."""
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": str(code)}
            for code in self.shell.user_ns.get("In", [])[1:]
        ]
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, file)


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
