"""``torch.autograd.Function``: operations of the program with their own gradient.

https://docs.pytorch.org/docs/stable/notes/extending.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, ClassValue, Const, Instance, LibraryRef, Sequence, Value
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.support import is_complex, is_floating, requires_grad
from foreshape.semantics.torch.training.modes import KEY, recording

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FUNCTION: Final = library_type("torch.autograd.Function")
CONTEXT: Final = library_type("torch.autograd.function.FunctionCtx")
library_type("torch.autograd.function.Function", FUNCTION)


@rule(f"{FUNCTION}.apply", doc="https://docs.pytorch.org/docs/stable/generated/torch.autograd.Function.html")
def apply(cx: Context, cls: Value, *args: Value, **kwargs: Value) -> Value:
    """What ``forward`` gives; it requires gradients where one of the arguments does."""
    if not isinstance(cls, ClassValue):
        return cx.unknown("an operation that is not known")
    forward = cx.get_attribute(cls, "forward", Const(None))
    before = recording(cx)
    cx.set(cx.state("torch"), KEY, False)
    ctx = Instance(LibraryRef(CONTEXT))
    try:
        apart = "setup_context" in cls.fields
        made = cx.call(forward, args if apart else (ctx, *args), kwargs)
        if apart:
            from foreshape.domain.contents import Contents

            setup = cx.get_attribute(cls, "setup_context")
            cx.call(setup, (ctx, Sequence("tuple", Contents(args)), made))
    finally:
        cx.set(cx.state("torch"), KEY, before)
    needs = before is not False and any(requires_grad(one) for one in args)
    return _recorded(made, needs)


def _recorded(value: Value, needs: bool) -> Value:
    if isinstance(value, Array) and value.kind == "torch":
        meta: dict[str, Any] = {
            key: held for key, held in value.meta.items() if key not in ("requires_grad", "grad_fn")
        }
        if needs and (is_floating(value.dtype) or is_complex(value.dtype)):
            meta.update(requires_grad=True, grad_fn=True)
        made = value.replace(meta=meta)
        made.tainted = value.tainted
        return made
    if isinstance(value, Sequence) and value.kind == "tuple":
        from foreshape.domain.contents import Contents

        items = value.contents.items(limit=64)
        if items is not None:
            return Sequence("tuple", Contents(tuple(_recorded(item, needs) for item in items)))
    return value


@rule(f"{CONTEXT}.save_for_backward", f"{CONTEXT}.save_for_forward")
def save_for_backward(cx: Context, self: Instance, *tensors: Value) -> Value:
    """Kept for ``ctx.saved_tensors``."""
    from foreshape.domain.contents import Contents

    cx.set(self, "~saved", Sequence("tuple", Contents(tensors)))
    return Const(None)


@attribute(f"{CONTEXT}.saved_tensors")
def saved_tensors(cx: Context, self: Instance) -> Value:
    """What was kept."""
    found = self.fields.get("~saved")
    return found if isinstance(found, Value) else cx.unknown("what was kept for backward is not known")


@rule(f"{CONTEXT}.mark_dirty", f"{CONTEXT}.mark_non_differentiable", f"{CONTEXT}.set_materialize_grads")
def marks(cx: Context, self: Instance, *args: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@attribute(f"{CONTEXT}.needs_input_grad")
def needs_input_grad(cx: Context, self: Instance) -> Value:
    """A tuple of bools."""
    return cx.unknown("which inputs need gradients is not known")
