"""``state_dict`` and ``load_state_dict``. Follows ``torch/nn/modules/module.py``."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    FALSE,
    TRUE,
    class_name,
    complete,
    own_buffers,
    own_modules,
    own_parameters,
)
from foreshape.semantics.torch.support import error, invalid, python_type, shown

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

INCOMPATIBLE = library_type("torch.nn.modules.module._IncompatibleKeys")
NONE = Const(None)


def entries(self: Instance, prefix: str = "") -> Iterator[tuple[str, str, Instance, Value]]:
    """(key, name, module, tensor) of everything that is saved, in torch's order; what is shared comes again."""
    left_out = self.fields.get("~transient", ())
    for name, value in own_parameters(self):
        yield prefix + name, name, self, value
    for name, held in own_buffers(self):
        if not is_none(held) and name not in left_out:
            yield prefix + name, name, self, held
    for name, inner in own_modules(self):
        yield from entries(inner, f"{prefix}{name}.")


def detached(value: Value) -> Value:
    """The tensor without its gradient."""
    if not isinstance(value, Array):
        return value
    meta = {key: held for key, held in value.meta.items() if key not in ("parameter", "requires_grad", "grad_fn")}
    made = value.replace(meta=meta)
    made.origin = value.origin
    return made


@rule("torch.nn.Module.state_dict")
def state_dict(
    cx: Context,
    self: Instance,
    destination: Value = NONE,
    prefix: Value = Const(""),  # noqa: B008
    keep_vars: Value = FALSE,
) -> Value:
    """An OrderedDict of all parameters and persistent buffers by qualified name."""
    start = as_str(prefix) or ""
    keep = as_bool(keep_vars) is True
    found: dict[Hashable, Value] = {
        key: value if keep else detached(value) for key, _, _, value in entries(self, start)
    }
    rest = None if complete(self) else cx.unknown("what the module holds is not known")
    made = DictValue(found, rest, kind="OrderedDict")
    made.tainted = self.tainted
    return made


def type_text(value: Value) -> str:
    """``<class 'str'>``."""
    if isinstance(value, Instance) and isinstance(value.cls, LibraryRef):
        name = value.cls.name
        if name.startswith("torch.nn."):
            short = name.rpartition(".")[2]
            homes = {"Linear": "linear", "Sequential": "container", "ModuleList": "container", "Conv2d": "conv"}
            name = f"torch.nn.modules.{homes.get(short, 'module')}.{short}"
        return f"<class '{name}'>"
    if isinstance(value, Instance):
        return f"<class '__main__.{value.cls.name}'>"
    if isinstance(value, Array):
        return "<class 'torch.Tensor'>" if value.kind == "torch" else "<class 'numpy.ndarray'>"
    return f"<class '{python_type(value)}'>"


@rule("torch.nn.Module.load_state_dict")
def load_state_dict(
    cx: Context, self: Instance, state_dict: Value, strict: Value = TRUE, assign: Value = FALSE
) -> Value:
    """Copies tensors in by name. Keys must agree (unless ``strict=False``), shapes always."""
    if isinstance(state_dict, (Const, Sequence, Typed, Array)) or (
        isinstance(state_dict, Instance) and isinstance(state_dict.cls, LibraryRef)
        and state_dict.cls.name.startswith("torch.nn.")
    ):  # fmt: skip
        message = f"Expected state_dict to be dict-like, got {type_text(state_dict)}."
        raise invalid(cx, "TypeError", message, "state_dict", type_text(state_dict), state_dict)
    if not isinstance(state_dict, DictValue) or self.tainted or state_dict.tainted:
        return _result(cx, None, None)
    given = {key: value for key, value in state_dict.entries.items() if isinstance(key, str)}
    own = {key: value for key, _, _, value in entries(self)}
    whole = complete(self) and state_dict.rest is None
    missing = [key for key in own if key not in given] if whole else []
    unexpected = [key for key in given if key not in own] if whole else []
    sizes: list[tuple[str, Shape, Shape]] = []
    texts: list[str] = []
    for key, mine in own.items():
        value = given.get(key)
        if value is None or not isinstance(mine, Array) or isinstance(value, Unknown):
            continue
        if not isinstance(value, Array):
            texts.append(
                f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object from checkpoint '
                f"but received {type_text(value)}"
            )
            continue
        if mine.shape is None or value.shape is None or (mine.shape == () and len(value.shape) == 1):
            continue
        if len(mine.shape) != len(value.shape) or not all(cx.equal(a, b) for a, b in zip(mine.shape, value.shape)):
            sizes.append((key, value.shape, mine.shape))
            texts.append(
                f"size mismatch for {key}: copying a param with shape torch.Size({shown(value.shape)}) from checkpoint, the "
                f"shape in current model is torch.Size({shown(mine.shape)})."
            )
    wanted = as_bool(strict)
    heads: list[str] = []
    if wanted:
        for word, keys in (("Missing", missing), ("Unexpected", unexpected)):
            if keys:
                listed = ", ".join(f'"{key}"' for key in keys)
                heads.append(f"{word} key(s) in state_dict: {listed}. ")
    if heads or texts:
        from foreshape.faults.state_dict_mismatch import StateDictMismatch

        name = class_name(self)
        message = f"Error(s) in loading state_dict for {name}:\n\t" + "\n\t".join((*heads, *texts))
        raise StateDictMismatch(
            error(cx, "RuntimeError", message), values=(self,), module=name,
            missing=tuple(missing) if wanted else (), unexpected=tuple(unexpected) if wanted else (), sizes=tuple(sizes),
        )  # fmt: skip
    return _result(cx, missing if whole else None, unexpected if whole else None)


def _result(cx: Context, missing: list[str] | None, unexpected: list[str] | None) -> Value:
    parts: list[Value] = []
    for keys in (missing, unexpected):
        if keys is None:
            parts.append(cx.unknown("which keys differ is not known"))
        else:
            parts.append(Sequence("list", Contents(Const(key) for key in keys)))
    items = Sequence("tuple", Contents(parts))
    return Instance(LibraryRef(INCOMPATIBLE), {"missing_keys": parts[0], "unexpected_keys": parts[1], "~items": items})
