"""``torch.save`` and ``torch.load``: what was saved by the same program is known when it is loaded.

https://docs.pytorch.org/docs/stable/generated/torch.load.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Run
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    DictValue,
    Instance,
    Sequence,
    Value,
    as_bool,
    as_str,
)
from foreshape.semantics.registry import REGISTRY, rule
from foreshape.semantics.torch.support import error, given

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

KEY: Final = "~saved"
BUFFER: Final = "io.BytesIO"
REFUSED: Final = (
    "Weights only load failed. This file can still be loaded, to do so you have two options, \x1b[1mdo those steps only if "
    "you trust the source of the checkpoint\x1b[0m. \n\t(1) In PyTorch 2.6, we changed the default value of the "
    "`weights_only` argument in `torch.load` from `False` to `True`. Re-running `torch.load` with `weights_only` set to "
    "`False` will likely succeed, but it can result in arbitrary code execution. Do it only if you got the file from a "
    "trusted source."
)


class Saved:
    """What files hold, by their names."""

    __slots__ = ("files",)

    def __init__(self, files: dict[str, Value]) -> None:
        self.files = files


def _files(cx: Context) -> dict[str, Value]:
    found: Saved | None = cx.state("torch").fields.get(KEY)
    return dict(found.files) if found is not None else {}


def _name(value: Value) -> str | None:
    """The name of a file; of a path object the text that it was made from."""
    text = as_str(value)
    if text is None and isinstance(value, Instance):
        for key in ("~text", "~path", "path"):
            held = value.fields.get(key)
            text = held if isinstance(held, str) else as_str(held) if isinstance(held, Value) else None
            if text is not None:
                break
    return text


@rule("torch.save", "torch.jit.save", doc="https://docs.pytorch.org/docs/stable/generated/torch.save.html")
def save(
    cx: Context,
    obj: Value,
    f: Value,
    pickle_module: Value | None = None,
    pickle_protocol: Value | None = None,
    _use_new_zipfile_serialization: Value | None = None,
) -> Value:
    """Keeps what the file holds."""
    name = _name(f)
    files = _files(cx)
    if isinstance(f, Instance) and f.library_type == BUFFER:
        cx.set(f, KEY, _copy(obj))
        return Const(None)
    if name is None:
        files.clear()  # it may be any of them
    else:
        files[name] = _copy(obj)
    cx.set(cx.state("torch"), KEY, Saved(files))
    return Const(None)


def _copy(value: Value) -> Value:
    """What is loaded is another object than what was saved."""
    if isinstance(value, DictValue):
        made = DictValue(
            {key: _copy(entry) for key, entry in value.entries.items()}, value.rest, value.fields["size"], value.kind
        )
        made.origin = value.origin
        return made
    return value


@rule("torch.jit.load", doc="https://docs.pytorch.org/docs/stable/generated/torch.jit.load.html")
def load_scripted(
    cx: Context, f: Value, map_location: Value | None = None, _extra_files: Value | None = None,
    _restore_shapes: Value | None = None,
) -> Value:  # fmt: skip
    """The scripted module that was saved under this name, if it was by this program: whole modules are what it is for."""
    name = _name(f)
    found = f.fields.get(KEY) if isinstance(f, Instance) and f.library_type == BUFFER else None
    if name is not None:
        found = _files(cx).get(name)
    return found if isinstance(found, Value) else cx.unknown("it is read from a file")


@rule("torch.load", doc="https://docs.pytorch.org/docs/stable/generated/torch.load.html")
def load(
    cx: Context,
    f: Value,
    map_location: Value | None = None,
    pickle_module: Value | None = None,
    *,
    weights_only: Value | None = None,
    mmap: Value | None = None,
    **pickle_load_args: Value,
) -> Value:
    """What was saved under this name, if it was by this program. UnpicklingError for objects that are more than tensors
    in containers, where ``weights_only`` holds (as it does from PyTorch 2.6 on)."""
    name = _name(f)
    found = None if name is None else _files(cx).get(name)
    if isinstance(f, Instance) and f.library_type == BUFFER:
        found = f.fields.get(KEY)
    if found is None:
        return cx.unknown("it is read from a file")
    only = as_bool(weights_only) if given(weights_only) else cx.targets.at_least("torch", "2.6")
    odd = _more_than_tensors(found)
    if only and odd is not None:
        from foreshape.faults.unsupported_data import UnsupportedData

        shown = odd.cls.name if isinstance(odd, Instance) else "numpy.ndarray"
        raised = error(cx, "UnpicklingError", REFUSED)
        raise UnsupportedData(raised, values=(odd,), taker="torch.load", given=shown, recover=found)
    return _copy(found)


def _more_than_tensors(value: Value, depth: int = 0) -> Value | None:
    """A module, an object of the program or a NumPy array inside of what was saved."""
    if isinstance(value, Instance):
        if isinstance(value.cls, ClassValue):
            return value
        return value if "torch.nn.Module" in REGISTRY.mro(value.cls.name) else None
    if isinstance(value, Array):
        return value if value.kind == "numpy" else None
    if depth > 4:
        return None
    parts: list[Value] = []
    if isinstance(value, DictValue):
        parts = list(value.entries.values())
    elif isinstance(value, Sequence):
        parts = [part.element if isinstance(part, Run) else part for part in value.contents.segments]
    for part in parts:
        found = _more_than_tensors(part, depth + 1)
        if found is not None:
            return found
    return None
