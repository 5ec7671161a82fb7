"""Small programs that load data and train with PyTorch: how each really ends, and the shapes that every assignment saw.

``probes/*.txt`` hold them (``#### name`` begins each; line 1 is the shared line of imports), ``truth.json`` what really
happened: the exception with its text and line, and for each assigned name the shapes, dtypes and whether gradients are
required, every distinct one (the shorter last batch included). ``python -m tests.conformance.torch_data.hold --record`` runs
them again; without arguments they are compared, ``-v`` shows what is unknown, ``--only TEXT`` those whose name has the text.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
IMPORTS = (
    "import math, random, collections; import numpy as np; import torch; import torch.nn as nn; import "
    "torch.nn.functional as F; from torch.utils.data import *; from einops import rearrange, reduce, repeat"
)
Entry = dict[str, Any]
LOOSE = ("uneven", "order")
"""Words in a probe's name after which its message depends on chance."""


def programs() -> dict[str, str]:
    """Every probe by name, with its line of imports."""
    found: dict[str, str] = {}
    for path in sorted((HERE / "probes").glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("#### ")[1:]:
            name, _, body = part.partition("\n")
            found[f"{path.stem}/{name.strip()}"] = f"{IMPORTS}\n{body}"
    return found


def truth() -> dict[str, Entry]:
    """What each probe really did."""
    path = HERE / "truth.json"
    found: dict[str, Entry] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


# -- the real run ------------------------------------------------------------------------------------------------------


def really(source: str) -> Entry:
    """Run a probe: {"error": [exception, text, line] or None, "seen": {"line name": [[shape, dtype, requires_grad]]}}."""
    from tests.conformance.trace.instrument import HOOK, instrument

    seen: dict[str, list[Any]] = {}

    def hook(line: int, name: str, value: Any) -> Any:
        kind = type(value).__module__.split(".")[0]
        if kind in ("torch", "numpy") and hasattr(value, "shape") and hasattr(value, "dtype"):
            grad = bool(getattr(value, "requires_grad", False))
            one = [kind, list(value.shape), str(value.dtype).replace("torch.", ""), grad]
            held = seen.setdefault(f"{line} {name}", [])
            if one not in held and len(held) < 40:
                held.append(one)
        return value

    error = None
    try:
        exec(compile(instrument(source, "<probe>"), "<probe>", "exec"), {"__name__": "__main__", HOOK: hook})
    except BaseException as problem:
        lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == "<probe>"]
        text = re.sub(r'File "[^"]*/', 'File "', str(problem))  # where things are installed is of no interest
        error = [type(problem).__name__, text, lines[-1] if lines else None]
    return {"error": error, "seen": seen}


def record(only: str) -> None:
    """Run the probes, each in a process of its own."""
    import torch

    torch.set_num_threads(1)
    known = truth()
    wanted = programs()
    for name, source in wanted.items():
        if only not in name:
            continue
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1), os.dup2(nowhere, 2)
            with os.fdopen(write, "wb") as out:
                out.write(json.dumps(really(source)).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            data = answer.read()
        os.waitpid(pid, 0)
        known[name] = json.loads(data) if data else {"error": ["died", "", None], "seen": {}}
    known = {name: known[name] for name in sorted(known) if name in wanted}
    text = json.dumps(known, separators=(",", ":"), sort_keys=True).replace('},"', '},\n"')
    (HERE / "truth.json").write_text(text + "\n", encoding="utf-8")


# -- ours --------------------------------------------------------------------------------------------------------------


class Ours:
    """What Foreshape says of a probe."""

    def __init__(self, source: str) -> None:
        import tempfile

        from foreshape.interpret.analyze import analyze_file
        from foreshape.source.files import read_source
        from foreshape.source.targets import Targets

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "probe.py")
            Path(path).write_text(source, encoding="utf-8")
            found = analyze_file(read_source(path), Targets())
        self.internal = found.internal
        self.status = found.reason
        self.error: list[Any] | None = None
        for finding in found.findings:
            raises = finding.fault.raises
            if raises is not None and not finding.caught:
                self.error = [raises.exception, raises.message, finding.stack[-1][1], finding.severity]
                break
        self.silent = [finding.fault.name for finding in found.findings if finding.fault.raises is None]
        self.seen: dict[str, list[Any]] = {}
        for one in found.assigned:
            self.seen[f"{one.line} {one.name}"] = list(one.values)


def _exact(value: Any) -> list[Any] | None:
    from foreshape.domain.values import Array

    if not isinstance(value, Array) or value.tainted or value.shape is None or value.kind not in ("torch", "numpy"):
        return None
    if not all(isinstance(size, int) for size in value.shape) or value.dtype is None:
        return None
    return [value.kind, list(value.shape), value.dtype, value.meta.get("requires_grad", False)]


def _agrees(mine: list[Any], real: list[Any]) -> bool:
    return mine[:3] == real[:3] and (mine[3] is None or mine[3] == real[3])


def _may_be(value: Any, real: list[Any]) -> bool:
    """Whether a value that is not known exactly may stand for what was seen."""
    from foreshape.domain.values import Array, Choice

    if isinstance(value, Choice):
        return any(_may_be(option, real) for option in value.values)
    if not isinstance(value, Array) or value.tainted:
        return True
    if value.kind != real[0] or (value.dtype is not None and value.dtype != real[2]):
        return False
    if value.shape is None:
        return True
    if len(value.shape) != len(real[1]):
        return False
    return all(not isinstance(size, int) or size == other for size, other in zip(value.shape, real[1]))


def held(name: str, source: str, real: Entry) -> tuple[list[str], int, int]:
    """(what is wrong, how many names agree, how many are unknown)."""
    mine = Ours(source)
    wrong: list[str] = [f"internal: {text}" for text in mine.internal]
    wanted = real["error"]
    if wanted is not None and mine.error is None and "_order" in name:
        return wrong, 0, 0  # another order of the samples would not fail
    if wanted is None and mine.error is not None:
        wrong.append(f"alarm: {mine.error}")
    elif wanted is not None and mine.error is None:
        wrong.append(f"missed: {wanted}")
    elif wanted is not None and mine.error is not None:
        if wanted[0] != mine.error[0] or wanted[2] != mine.error[2]:
            wrong.append(f"really {wanted}, we say {mine.error}")
        elif not any(word in name for word in LOOSE) and not _same_text(wanted[1], mine.error[1]):
            wrong.append(f"text: really {wanted[1]!r}, we say {mine.error[1]!r}")
    same = unknown = 0
    for place, shapes in real["seen"].items():
        values = mine.seen.get(place, [])
        exact = [one for one in map(_exact, values) if one is not None]
        open_ = [value for value in values if _exact(value) is None]
        bad = [one for one in exact if not any(_agrees(one, other) for other in shapes)]
        missing = [other for other in shapes if not any(_agrees(one, other) for one in exact)]
        uncovered = [other for other in missing if open_ and not any(_may_be(value, other) for value in open_)]
        if bad or uncovered or (missing and not open_ and exact):
            wrong.append(f"{place}: really {shapes}, we say {values}")
        elif missing or not exact:
            unknown += 1
            if "-v" in sys.argv:
                print(f"   {name} {place}: really {shapes}, we say {values}")
        else:
            same += 1
    return wrong, same, unknown


def _same_text(real: str, mine: str) -> bool:
    if real.startswith("Caught ") and "Original Traceback" in real:
        return mine in real
    return real == mine or (len(mine) > 40 and real.startswith(mine))


def compare(only: str = "") -> tuple[dict[str, list[str]], int, int]:
    """(differences by probe, names that agree, names that are unknown)."""
    known = truth()
    found: dict[str, list[str]] = {}
    same = unknown = 0
    for name, source in programs().items():
        if only in name and name in known:
            wrong, agreed, left = held(name, source, known[name])
            same, unknown = same + agreed, unknown + left
            if wrong:
                found[name] = wrong
    return found, same, unknown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    if options.record:
        record(options.only)
        return
    found, same, unknown = compare(options.only)
    for name, problems in found.items():
        for problem in problems:
            print(f"{name}: {problem}"[:700])
    print(f"{len(truth())} programs, {len(found)} differ; names: {same} same, {unknown} unknown")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
