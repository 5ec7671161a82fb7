"""``torch.func``: functions made of functions. ``vmap`` takes an axis away from what it maps over and puts it back on what
comes out; ``grad``, ``jacrev`` and their kin give derivatives of the shape that they have.

https://docs.pytorch.org/docs/stable/func.api.html
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_bool,
    as_int,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import as_tuple, children, flatten, is_nested, mapped
from foreshape.semantics.torch.support import device_of, invalid, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MADE: Final = "torch.func.~Made"
VMAP: Final = library_type("torch.func.~Vmap", MADE)
GRAD: Final = library_type("torch.func.~Grad", MADE)
JACOBIAN: Final = library_type("torch.func.~Jacobian", MADE)
PULLBACK: Final = library_type("torch.func.~Pullback", MADE)


def _made(kind: str, func: Value, **options: Value | None) -> Value:
    """A function with what it was made of."""
    fields: dict[Hashable, Any] = {f"~{key}": value for key, value in options.items() if value is not None}
    return Instance(LibraryRef(kind), {**fields, "~func": func})


def _option(self: Instance, name: str) -> Value | None:
    found = self.fields.get(f"~{name}")
    return found if isinstance(found, Value) else None


def _called(cx: Context, self: Instance, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    func = _option(self, "func")
    return cx.unknown("the function is not known") if func is None else cx.call(func, args, kwargs)


# -- vmap -----------------------------------------------------------------------------------------------------------------
@rule("torch.vmap", "torch.func.vmap", doc="https://docs.pytorch.org/docs/stable/generated/torch.func.vmap.html")
def vmap(
    cx: Context, func: Value, in_dims: Value | None = None, out_dims: Value | None = None,
    randomness: Value | None = None, *, chunk_size: Value | None = None,
) -> Value:  # fmt: skip
    """A function of tensors with one axis more."""
    return _made(VMAP, func, in_dims=in_dims, out_dims=out_dims)


class Batch:
    """The axis that one call maps over: its size, as found in the first tensor that has it."""

    __slots__ = ("known", "size")

    def __init__(self) -> None:
        self.size: DimLike | None = None
        self.known = True


def _sample(cx: Context, batch: Batch, value: Value, axis: int) -> Value:
    """What one element of the batch is. ValueError for an axis that is not there, or of another size than the others."""
    if not isinstance(value, Array) or value.kind != "torch" or value.shape is None:
        batch.known = False
        return value
    rank = len(value.shape)
    if not -rank <= axis < rank:
        text = (
            f"vmap(...)(<inputs>): Got in_dim={axis} for some input, but that input is a Tensor of dimensionality {rank} "
            f"so expected in_dim to satisfy -{rank} <= in_dim < {rank}."
        )
        raise invalid(cx, "ValueError", text, "in_dims", axis, value)
    place = axis % rank
    size = value.shape[place]
    if batch.size is None:
        batch.size = size
    elif not cx.equal(batch.size, size):
        text = (
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"[{batch.size}, {size}] for the mapped dimension"
        )
        raise invalid(cx, "ValueError", text, "in_dims", f"axes of {batch.size} and {size}", value)
    shape = (*value.shape[:place], *value.shape[place + 1 :])
    return tensor(cx, shape, value.dtype, value, lo=value.lo, hi=value.hi, loose=True, strides=None)


def _samples(cx: Context, batch: Batch, value: Value, dims: Value) -> Value:
    """A nested argument with the mapped axes taken off."""
    if is_none(dims):
        return value
    axis = as_int(dims)
    if axis is not None:
        return mapped(lambda leaf: _sample(cx, batch, leaf, axis), value)
    if is_nested(dims) and is_nested(value) and len(children(dims)) == len(children(value)):
        if isinstance(dims, Sequence) and isinstance(value, Sequence):
            parts = [_samples(cx, batch, one, dim) for one, dim in zip(children(value), children(dims))]
            return as_tuple(parts, value.kind)
        if isinstance(dims, DictValue) and isinstance(value, DictValue) and set(dims.entries) == set(value.entries):
            return DictValue({key: _samples(cx, batch, value.entries[key], dims.entries[key]) for key in value.entries})
    batch.known = False
    return value


def _stacked(cx: Context, batch: Batch, value: Value, dims: Value) -> Value:
    """A result with the mapped axis put back."""
    if is_nested(dims) and is_nested(value) and len(children(dims)) == len(children(value)):
        return as_tuple([_stacked(cx, batch, one, dim) for one, dim in zip(children(value), children(dims))])
    axis = as_int(dims)
    size = batch.size

    def back(leaf: Value) -> Value:
        if isinstance(leaf, Const):
            text = f"vmap(...): the function must only return Tensors, got type {type(leaf.value)}."
            raise invalid(cx, "ValueError", text, "func", cx.text(leaf))
        if not isinstance(leaf, Array) or leaf.kind != "torch" or leaf.shape is None or axis is None or size is None:
            return cx.unknown("what one element of the batch gives is not known")
        rank = len(leaf.shape) + 1
        if not -rank <= axis < rank:
            return cx.unknown("the axis of the results is not there")
        place = axis % rank
        return tensor(cx, (*leaf.shape[:place], size, *leaf.shape[place:]), leaf.dtype, leaf, strides=None)

    return cx.unknown("some results have no axis") if is_none(dims) else mapped(back, value)


@rule(f"{VMAP}.__call__")
def vmap_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The function of one element, with the axis put back on what it gives."""
    dims = _option(self, "in_dims") or Const(0)
    batch = Batch()
    if as_int(dims) is not None or is_none(dims):
        per_argument = [dims] * len(args)
    elif is_nested(dims) and len(children(dims)) == len(args):
        per_argument = list(children(dims))
    else:
        return cx.unknown("the axes that are mapped over are not known")
    inner = tuple(_samples(cx, batch, arg, dim) for arg, dim in zip(args, per_argument))
    named = {key: _samples(cx, batch, value, Const(0)) for key, value in kwargs.items()}
    if not batch.known or batch.size is None:
        return cx.unknown("what is mapped over is not known")
    found = _called(cx, self, inner, named)
    return _stacked(cx, batch, found, _option(self, "out_dims") or Const(0))


# -- derivatives ------------------------------------------------------------------------------------------------------------
@rule("torch.func.grad")
def grad(cx: Context, func: Value, argnums: Value | None = None, has_aux: Value | None = None) -> Value:
    """A function that gives the gradients of a scalar."""
    return _made(GRAD, func, argnums=argnums, has_aux=has_aux)


@rule("torch.func.grad_and_value")
def grad_and_value(cx: Context, func: Value, argnums: Value | None = None, has_aux: Value | None = None) -> Value:
    """A function that gives (gradients, value)."""
    return _made(GRAD, func, argnums=argnums, has_aux=has_aux, value=Const(True))


def _asked(cx: Context, self: Instance, args: tuple[Value, ...]) -> Value | None:
    """The arguments that derivatives are taken of, in the structure in which they come back."""
    argnums = _option(self, "argnums") or Const(0)
    places = [as_int(one) for one in children(argnums)] if is_nested(argnums) else [as_int(argnums)]
    found: list[Value] = []
    for place in places:
        if place is None or not -len(args) <= place < len(args):
            return None
        found.append(args[place])
    return as_tuple(found) if is_nested(argnums) else found[0]


def _gradient(cx: Context, leaf: Value) -> Value:
    """As what it belongs to, without a history."""
    if not isinstance(leaf, Array) or leaf.kind != "torch":
        return cx.unknown("the gradient of what is not known")
    return tensor(cx, leaf.shape, leaf.dtype, leaf, strides=None, differentiable=False)


def _with_aux(self: Instance, found: Value) -> tuple[Value, Value | None] | None:
    """What the function gives and, with ``has_aux``, what it gives besides; None where that is not known."""
    asked = _option(self, "has_aux")
    wanted = False if asked is None else as_bool(asked)
    if wanted is False:
        return found, None
    parts = children(found) if is_nested(found) else ()
    return (parts[0], parts[1]) if wanted and len(parts) == 2 else None


@rule(f"{GRAD}.__call__")
def grad_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Gradients like the arguments. RuntimeError where the function does not give a scalar."""
    parts = _with_aux(self, _called(cx, self, args, kwargs))
    wanted = _asked(cx, self, args)
    if parts is None or wanted is None:
        return cx.unknown("what the function gives is not known")
    value, aux = parts
    if isinstance(value, Array) and value.shape:
        text = (
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with "
            f"{len(value.shape)} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        )
        raise invalid(cx, "RuntimeError", text, "func", f"a tensor with {len(value.shape)} axes", value)
    gradients = mapped(lambda leaf: _gradient(cx, leaf), wanted)
    plain = mapped(lambda leaf: _gradient(cx, leaf), value)
    if _option(self, "value") is not None:
        return as_tuple([gradients, plain if aux is None else as_tuple([plain, aux])])
    return gradients if aux is None else as_tuple([gradients, aux])


@rule("torch.func.jacrev")
def jacrev(
    cx: Context, func: Value, argnums: Value | None = None, *, has_aux: Value | None = None,
    chunk_size: Value | None = None,
) -> Value:  # fmt: skip
    """A function that gives the Jacobian: the axes of the result, then those of the argument."""
    return _made(JACOBIAN, func, argnums=argnums, has_aux=has_aux)


@rule("torch.func.jacfwd")
def jacfwd(
    cx: Context, func: Value, argnums: Value | None = None, has_aux: Value | None = None, *,
    randomness: Value | None = None,
) -> Value:  # fmt: skip
    """As ``jacrev``."""
    return _made(JACOBIAN, func, argnums=argnums, has_aux=has_aux)


@rule("torch.func.hessian")
def hessian(cx: Context, func: Value, argnums: Value | None = None) -> Value:
    """A function that gives the second derivatives: the axes of the result, then those of the argument twice."""
    return _made(JACOBIAN, func, argnums=argnums, twice=Const(True))


@rule(f"{JACOBIAN}.__call__")
def jacobian_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """For one tensor argument and one tensor result; others give nested structures."""
    parts = _with_aux(self, _called(cx, self, args, kwargs))
    wanted = _asked(cx, self, args)
    if parts is None or not isinstance(wanted, Array) or not isinstance(parts[0], Array):
        return cx.unknown("a Jacobian of several tensors")
    value, aux = parts[0], parts[1]
    shape: Shape | None = None
    if value.shape is not None and wanted.shape is not None:
        shape = (*value.shape, *wanted.shape, *(wanted.shape if _option(self, "twice") is not None else ()))
    found = tensor(cx, shape, value.dtype, value, strides=None, differentiable=False)
    return found if aux is None else as_tuple([found, aux])


@rule("torch.func.vjp")
def vjp(cx: Context, func: Value, *primals: Value, has_aux: Value | None = None) -> Value:
    """(value, a function of cotangents)."""
    value = cx.call(func, primals, {})
    if has_aux is not None:
        return cx.unknown("what the function gives besides is not known")
    plain = mapped(lambda leaf: _gradient(cx, leaf), value)
    back = Instance(LibraryRef(PULLBACK), {"~primals": as_tuple(primals)})
    return as_tuple([plain, back])


@rule(f"{PULLBACK}.__call__")
def pullback_call(cx: Context, self: Instance, *cotangents: Value, **kwargs: Value) -> Value:
    """Gradients like the primals: a tuple."""
    primals = _option(self, "primals")
    return cx.unknown("the primals") if primals is None else mapped(lambda leaf: _gradient(cx, leaf), primals)


@rule("torch.func.jvp")
def jvp(
    cx: Context, func: Value, primals: Value, tangents: Value, *, strict: Value | None = None,
    has_aux: Value | None = None,
) -> Value:  # fmt: skip
    """(value, its derivative along the tangents), alike."""
    if not is_nested(primals) or has_aux is not None:
        return cx.unknown("the primals are not known")
    value = mapped(lambda leaf: _gradient(cx, leaf), cx.call(func, children(primals), {}))
    return as_tuple([value, value])


# -- modules as functions -----------------------------------------------------------------------------------------------------
@rule("torch.func.functional_call", "torch.nn.utils.stateless.functional_call")
def functional_call(
    cx: Context, module: Value, parameter_and_buffer_dicts: Value, args: Value | None = None,
    kwargs: Value | None = None, *, tie_weights: Value | None = None, strict: Value | None = None,
) -> Value:  # fmt: skip
    """What the module gives with these parameters; followed where they have the shapes of its own."""
    if not _alike(cx, module, parameter_and_buffer_dicts):
        return cx.unknown("a module with parameters of other shapes")
    positional = () if args is None or is_none(args) else children(args) if is_nested(args) else (args,)
    if isinstance(args, Unknown) or (isinstance(args, Sequence) and not is_nested(args)):
        return cx.unknown("the arguments of the module are not known")
    named: dict[str, Value] = {}
    if kwargs is not None and not is_none(kwargs):
        if not isinstance(kwargs, DictValue) or kwargs.rest is not None:
            return cx.unknown("the arguments of the module are not known")
        named = {str(key): value for key, value in kwargs.entries.items()}
    held = [one for one in flatten(parameter_and_buffer_dicts) if isinstance(one, Array)]
    with _moved(cx, module, held):
        found = cx.call(module, positional, named)
    if not held or any(one.meta.get("requires_grad") is not False for one in held):
        return found
    return mapped(lambda leaf: _gradient(cx, leaf), found)


@contextmanager
def _moved(cx: Context, module: Value, held: list[Array]) -> Iterator[None]:
    """A skeleton on ``meta`` computes where the parameters are that are handed in."""
    own = cx.iterate(cx.call_method(module, "parameters"))
    first = own.at(0) if own is not None and own.segments else None
    bare = device_of(first) == "meta" and held and device_of(held[0]) != "meta"
    if bare:
        cx.call_method(module, "to_empty", (), {"device": Const(device_of(held[0]))})
    try:
        yield
    finally:
        if bare:
            cx.call_method(module, "to_empty", (), {"device": Const("meta")})


def _alike(cx: Context, module: Value, given: Value) -> bool:
    """Whether parameters that are handed in have the shapes of the module's own, as far as both are known."""
    own: dict[object, Value] = {}
    for method in ("named_parameters", "named_buffers"):
        held = cx.iterate(cx.call_method(module, method))
        for pair in (None if held is None else held.items(limit=256)) or ():
            if is_nested(pair) and len(children(pair)) == 2 and isinstance(children(pair)[0], Const):
                own[children(pair)[0].value] = children(pair)[1]  # type: ignore[attr-defined]
    for part in children(given) if isinstance(given, Sequence) else (given,):
        if not isinstance(part, DictValue):
            continue
        for key, value in part.entries.items():
            mine = own.get(key)
            if not isinstance(mine, Array) or not isinstance(value, Array):
                continue
            if mine.shape is not None and value.shape is not None and mine.shape != value.shape:
                return False
    return True


@rule("torch.func.stack_module_state")
def stack_module_state(cx: Context, models: Value) -> Value:
    """(parameters, buffers) of several modules of one kind, each with the modules as its first axis."""
    items = cx.iterate(models)
    count = None if items is None else cx.resolve(items.length)
    first = None if items is None or not items.segments else items.at(0)
    if count is None or not isinstance(first, Instance):
        return cx.unknown("the modules are not known")
    made: list[Value] = []
    for method, learns in (("named_parameters", True), ("named_buffers", False)):
        held = cx.iterate(cx.call_method(first, method))
        pairs = None if held is None else held.items(limit=1024)
        if pairs is None:
            return cx.unknown("what the modules hold is not known")
        stacked: dict[Hashable, Value] = {}
        for pair in pairs:
            name, leaf = children(pair) if is_nested(pair) else (pair, pair)
            if not isinstance(name, Const) or not isinstance(leaf, Array) or leaf.shape is None:
                return cx.unknown("what the modules hold is not known")
            whole = tensor(cx, (count, *leaf.shape), leaf.dtype, leaf, differentiable=False)
            stacked[name.value] = whole.replace(meta={**whole.meta, "requires_grad": True}) if learns else whole
        made.append(DictValue(stacked))
    return as_tuple(made)
