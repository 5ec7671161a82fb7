"""``backward`` and what follows from it.

https://docs.pytorch.org/docs/stable/autograd.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.compare import eq
from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    Unknown,
    Value,
    as_bool,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import REGISTRY, rule
from foreshape.semantics.torch.recorded import GRADED, HOOKS, KEPT_GRADIENTS, UNFIT
from foreshape.semantics.torch.support import (
    error,
    given,
    invalid,
    is_complex,
    may_require_grad,
    requires_grad,
    scalar_name,
    shown,
    wrong_gradient,
)
from foreshape.semantics.torch.training.modes import recording

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html"
NO_GRADIENT: Final = "element 0 of tensors does not require grad and does not have a grad_fn"
NOT_SCALAR: Final = "grad can be implicitly created only for scalar outputs"
SECOND_TIME: Final = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been "
    "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors "
    "after calling backward."
)
SAVING: Final = (
    "torch.nn.Linear", "torch.nn.Bilinear", "torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU", "torch.nn.RNNCell",
    "torch.nn.LSTMCell", "torch.nn.GRUCell", "torch.nn.Conv1d", "torch.nn.Conv2d", "torch.nn.Conv3d",
    "torch.nn.LayerNorm", "torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.MultiheadAttention",
    "torch.nn.Softmax", "torch.nn.Tanh", "torch.nn.Sigmoid", "torch.nn.MSELoss", "torch.nn.CrossEntropyLoss",
    "torch.nn.BCEWithLogitsLoss",
)  # fmt: skip
"""Modules whose backward needs values that the first pass frees."""
NOT_DIFFERENTIATED: Final = "One of the differentiated Tensors does not require grad"
FREED: Final = "~freed"
MOST_WALKED: Final = 400


def _not_one(cx: Context, x: Array) -> bool:
    """Whether a tensor certainly has not exactly one element."""
    return x.shape is not None and any(eq(size, 1, cx.facts).is_no for size in x.shape)


@rule("torch.Tensor.backward", doc=DOC)
def backward(
    cx: Context,
    self: Array,
    gradient: Value | None = None,
    retain_graph: Value | None = None,
    create_graph: Value | None = None,
    inputs: Value | None = None,
) -> Value:
    """Nothing comes back. RuntimeError for what does not require gradients, for a result that is no scalar (without
    ``gradient``), and for a graph that was gone through before."""
    _backward(cx, self, gradient, retain_graph, create_graph)
    return Const(None)


def _backward(
    cx: Context, x: Array, gradient: Value | None, retain: Value | None, create: Value | None
) -> None:  # fmt: skip
    # gradients for outputs are made before the graph is looked at
    if requires_grad(x):
        if not given(gradient):
            if _not_one(cx, x):
                raise _no_scalar(cx, x)
            if is_complex(x.dtype):
                message = f"grad can be implicitly created only for real scalar outputs but got torch.{x.dtype}"
                raise invalid(cx, "RuntimeError", message, "self", x.dtype, x)
        elif isinstance(gradient, Array):
            _same_shape(cx, x, gradient)
    elif recording(cx) is None or may_require_grad(x):
        return
    else:
        raise _no_gradient(cx, x)
    cx.set(cx.state("torch"), GRADED, True)
    _call_hooks(cx)
    keeps = as_bool(retain) if given(retain) else as_bool(create) if given(create) else False
    for one, _ in _graph(x):
        if isinstance(one.meta.get(UNFIT), Fault):
            raise one.meta[UNFIT]
        if "spoiled" in one.meta and one.shape is not None:
            message = (
                "one of the variables needed for gradient computation has been modified by an inplace operation: "
                f"[torch.{scalar_name(one.dtype)}Tensor {shown(one.shape)}]"
            )
            raise wrong_gradient(cx, message, "backward()", "modified", one.meta["spoiled"], one)
    again = _freed_before(cx, x)
    if again is not None:
        raise wrong_gradient(cx, SECOND_TIME, "backward()", "freed", again, x)
    if keeps is False:
        _free(cx, x)


def _call_hooks(cx: Context) -> None:
    """What was to be called when the gradients are there, once."""
    state = cx.state("torch")
    waiting = state.fields.get(HOOKS, ())
    if waiting:
        cx.set(state, HOOKS, ())
        for hook, args in waiting:
            cx.call(hook, args)


def _no_scalar(cx: Context, x: Array) -> Fault:
    from foreshape.faults.rank_mismatch import RankMismatch

    if x.shape:
        return RankMismatch(error(cx, "RuntimeError", NOT_SCALAR), values=(x,), taker="backward", needs=0, got=x.shape)
    return invalid(cx, "RuntimeError", NOT_SCALAR, "self", "", x)


def _no_gradient(cx: Context, x: Array) -> Fault:
    return wrong_gradient(cx, NO_GRADIENT, "backward()", "none", x)


def _same_shape(cx: Context, x: Array, gradient: Array) -> None:
    if x.shape is None or gradient.shape is None:
        return
    differs = len(x.shape) != len(gradient.shape)
    if differs or any(eq(a, b, cx.facts).is_no for a, b in zip(x.shape, gradient.shape)):
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        message = (
            f"Mismatch in shape: grad_output[0] has a shape of torch.Size({shown(gradient.shape)}) and output[0] has a "
            f"shape of torch.Size({shown(x.shape)})."
        )
        raise BroadcastMismatch(
            error(cx, "RuntimeError", message), values=(gradient, x), taker="backward",
            shapes=(gradient.shape, x.shape), axis=-1,
        )  # fmt: skip


# -- graphs ------------------------------------------------------------------------------------------------------------


class Freed:
    """The calls whose graphs were gone through: by what they were called with, which all parts of a result share. What is
    held here is not taken for anything that is made later."""

    __slots__ = ("calls", "ids")

    def __init__(self, calls: tuple[tuple[Value, ...], ...] = ()) -> None:
        self.calls = calls
        self.ids = frozenset(map(id, calls))


def _behind(value: Value) -> list[Value]:
    """What a tensor was computed from, the parts of lists and tuples one by one."""
    found: list[Value] = []
    pending = list(value.origin.inputs) if value.origin is not None else []
    count = 0
    while pending and count < MOST_WALKED:
        count += 1
        part = pending.pop()
        if isinstance(part, Sequence):
            pending.extend(one.element if isinstance(one, Run) else one for one in part.contents.segments[:64])
        elif isinstance(part, DictValue):
            pending.extend(list(part.entries.values())[:64])
        else:
            found.append(part)
    return found


def _graph(x: Array) -> list[tuple[Array, bool]]:
    """The tensors that gradients flow back through, and whether going through each needs values that are freed."""
    found: list[tuple[Array, bool]] = []
    seen: set[int] = set()
    pending = [x]
    while pending and len(found) < MOST_WALKED:
        current = pending.pop()
        if id(current) in seen or current.origin is None:
            continue
        seen.add(id(current))
        behind = _behind(current)
        found.append((current, _saves(current, behind)))
        for one in behind:
            if isinstance(one, Array) and one.meta.get("grad_fn"):
                pending.append(one)
    return found


def _saves(value: Array, behind: list[Value]) -> bool:
    """Whether the gradient of what made a tensor needs its operands: a product, or a module that makes one."""
    if any(isinstance(one, Instance) and _is_saving(one) for one in behind):
        return True
    operator = getattr(value.origin.node, "op", None) if value.origin is not None else None
    return type(operator).__name__ in ("Mult", "MatMult", "Pow", "Div") and bool(behind)


def _is_saving(value: Instance) -> bool:
    owner = value.library_type
    return owner is not None and any(name in SAVING for name in REGISTRY.mro(owner))


def _free(cx: Context, x: Array) -> None:
    """The graph behind a tensor is gone."""
    state = cx.state("torch")
    known: Freed = state.fields.get(FREED) or Freed()
    needing: list[tuple[Value, ...]] = []
    for current, saves in _graph(x):
        if saves and current.origin is not None and id(current.origin.inputs) not in known.ids:
            needing.append(current.origin.inputs)
    if needing:
        cx.set(state, FREED, Freed((*known.calls, *needing)[-MOST_WALKED:]))


def _freed_before(cx: Context, x: Array) -> Array | None:
    """A tensor behind this one whose graph is gone, and was needed."""
    known: Freed | None = cx.state("torch").fields.get(FREED)
    if known is None:
        return None
    for current, saves in _graph(x):
        if saves and current.origin is not None and id(current.origin.inputs) in known.ids:
            return current
    return None


# -- functions ---------------------------------------------------------------------------------------------------------


def _tensors(cx: Context, value: Value | None) -> list[Value] | None:
    if isinstance(value, Array):
        return [value]
    contents = cx.iterate(value) if isinstance(value, Value) else None
    items = None if contents is None else contents.items(limit=512)
    return None if items is None else list(items)


@rule("torch.autograd.backward", doc="https://docs.pytorch.org/docs/stable/generated/torch.autograd.backward.html")
def autograd_backward(
    cx: Context,
    tensors: Value,
    grad_tensors: Value | None = None,
    retain_graph: Value | None = None,
    create_graph: Value | None = None,
    grad_variables: Value | None = None,
    inputs: Value | None = None,
) -> Value:
    """As ``Tensor.backward``, for several."""
    for one in _tensors(cx, tensors) or ():
        if isinstance(one, Array) and not given(grad_tensors):
            _backward(cx, one, None, retain_graph, create_graph)
    return Const(None)


@rule("torch.autograd.grad", doc="https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html")
def autograd_grad(
    cx: Context,
    outputs: Value,
    inputs: Value,
    grad_outputs: Value | None = None,
    retain_graph: Value | None = None,
    create_graph: Value | None = None,
    only_inputs: Value | None = None,
    allow_unused: Value | None = None,
    is_grads_batched: Value | None = None,
    materialize_grads: Value | None = None,
) -> Value:
    """A tuple of gradients, each of the shape of its input."""
    wanted = _tensors(cx, inputs)
    if wanted is None:
        return cx.unknown("which gradients are asked for is not known")
    created = as_bool(create_graph) if given(create_graph) else False
    made: list[Value] = []
    for one in wanted:
        if not isinstance(one, Array):
            made.append(cx.unknown("the gradient of something that is not known"))
            continue
        meta = {key: value for key, value in one.meta.items() if key == "device"}
        if created:
            meta.update(requires_grad=True, grad_fn=True)
        made.append(Array("torch", one.shape, one.dtype, meta=meta, roles=one.roles))
    result = Sequence("tuple", Contents(made))
    sources = _tensors(cx, outputs) or []
    gradient: Value | None = None
    if given(grad_outputs):
        gradient = grad_outputs if len(sources) == 1 else Unknown("the gradients of several outputs")
    for x in sources:
        if isinstance(x, Array) and x.kind == "torch":
            try:
                _backward(cx, x, gradient, retain_graph, create_graph)
            except Fault as fault:
                fault.recover = result
                raise
    plain = next(
        (one for one in wanted if isinstance(one, Array) and one.kind == "torch" and not may_require_grad(one)), None
    )
    if plain is not None and recording(cx) is True and sources:
        raise wrong_gradient(cx, NOT_DIFFERENTIATED, "autograd.grad", "asked", plain, recover=result)
    return result


def _derivatives(cx: Context, func: Value, inputs: Value, *, twice: bool) -> Value:
    """The axes of what the function gives, then those of its input; of several inputs or outputs not followed."""
    args_in = inputs.contents.items(limit=16) if isinstance(inputs, Sequence) else (inputs,)
    made = cx.call(func, args_in) if args_in is not None else None
    if not isinstance(made, Array) or not isinstance(inputs, Array) or inputs.shape is None or made.shape is None:
        return cx.unknown("a matrix of derivatives")
    front = inputs.shape if twice else made.shape
    return Array("torch", (*front, *inputs.shape), made.dtype)


@rule("torch.autograd.functional.jacobian")
def jacobian(cx: Context, func: Value, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """The axes of the output, then those of the input."""
    return _derivatives(cx, func, inputs, twice=False)


@rule("torch.autograd.functional.hessian")
def hessian(cx: Context, func: Value, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """The axes of the input twice."""
    return _derivatives(cx, func, inputs, twice=True)


@rule("torch.autograd.Variable", "torch.autograd.variable.Variable")
def variable(
    cx: Context, data: Value | None = None, requires_grad: Value | None = None, volatile: Value | None = None
) -> Value:
    """The tensor itself; gradients as asked for."""
    if isinstance(data, Array) and as_bool(requires_grad):
        return data.replace(meta={**data.meta, "requires_grad": True})
    return data if data is not None else cx.unknown("a variable of nothing")


@rule("torch.Tensor.__setattr__")
def set_attribute(cx: Context, self: Array, name: Value, value: Value) -> Value:
    """``x.requires_grad = False``, ``x.data = y``: what holds the tensor holds the changed one."""
    what = name.value if isinstance(name, Const) else None
    if what == "requires_grad":
        return cx.rule("torch.Tensor.requires_grad_", self, value)
    if what == "grad":
        cx.set(cx.state("torch"), GRADED, None)
        cx.set(cx.state("torch"), KEPT_GRADIENTS, True)
    if what == "data" and isinstance(value, Array) and value.kind == "torch":
        kept = {key: held for key, held in self.meta.items() if key in ("parameter", "requires_grad")}
        strides = {key: held for key, held in value.meta.items() if key in ("device", "strides")}
        after = value.replace(meta={**strides, **kept})
        after.tainted = value.tainted
        cx.rebind(self, after)
    return Const(None)
