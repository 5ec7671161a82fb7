"""What a tensor says of itself: sizes, dtype, device, its one element, its values as Python or NumPy data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain import dtype as dtypes
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import (
    Array,
    Const,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_int,
    int_value,
    is_none,
)
from foreshape.semantics.registry import attribute, rule
from foreshape.semantics.torch.casting import uncast
from foreshape.semantics.torch.convert import python_number
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.recorded import GRADED, HOOKS, KEPT_GRADIENTS, gradient_like
from foreshape.semantics.torch.support import (
    CPU,
    axis_in,
    device_of,
    dtype_value,
    error,
    flag,
    is_contiguous,
    is_floating,
    is_integral,
    is_leaf,
    may_require_grad,
    requires_grad,
    strides_of,
    tensor,
)
from foreshape.semantics.torch.types import device_value, size_value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- sizes -----------------------------------------------------------------------------------------------------------


@attribute("torch.Tensor.shape")
def shape(cx: Context, self: Array) -> Value:
    """A ``torch.Size``."""
    return cx.unknown("the rank is not known") if self.shape is None else size_value(self.shape)


@op("size", function=False)
def size(cx: Context, self: Array, dim: Value | None = None) -> Value:
    """The shape, or one size of it. IndexError for an axis that is not there."""
    if self.shape is None:
        return cx.unknown("the rank is not known") if dim is None or is_none(dim) else Typed("int", lo=0)
    if dim is None or is_none(dim):
        return size_value(self.shape)
    axis = as_int(dim)
    if axis is None:
        return Typed("int", lo=0)
    return int_value(cx.resolve(self.shape[_place(cx, "size", axis, self, len(self.shape))]))


def _place(cx: Context, taker: str, axis: int, self: Array, rank: int) -> int:
    """An axis that is asked about; a tensor without axes has not even 0."""
    if not rank:
        from foreshape.faults.axis_range import AxisRange

        message = f"Dimension specified as {axis} but tensor has no dimensions"
        raise AxisRange(error(cx, "IndexError", message), values=(self,), taker=taker, axis=axis, rank=0)
    return axis_in(cx, taker, axis, rank, self, recover=Typed("int"))


@op("numel")
def numel(cx: Context, input: Array) -> Value:
    """The number of elements."""
    return Typed("int", lo=0) if input.shape is None else int_value(product(input.shape))


@rule("torch.Tensor.nelement")
def nelement(cx: Context, self: Array) -> Value:
    """The number of elements."""
    return numel(cx, self)


@rule("torch.Tensor.dim", "torch.Tensor.ndimension")
def dim(cx: Context, self: Array) -> Value:
    """The rank."""
    return Typed("int", lo=0) if self.shape is None else Const(len(self.shape))


@attribute("torch.Tensor.ndim")
def ndim(cx: Context, self: Array) -> Value:
    """The rank."""
    return dim(cx, self)


@rule("torch.Tensor.stride")
def stride(cx: Context, self: Array, dim: Value | None = None) -> Value:
    """The strides, or one of them."""
    found = strides_of(self) if isinstance(self, Array) else None
    if found is None or self.shape is None:
        return cx.unknown("the strides are not known")
    if dim is None:
        return size_value(found)
    axis = as_int(dim)
    return Typed("int") if axis is None else int_value(found[_place(cx, "stride", axis, self, len(found))])


@rule("torch.Tensor.storage_offset", "torch.Tensor.data_ptr")
def some_int(cx: Context, self: Array) -> Value:
    """An int."""
    return Typed("int", lo=0)


@rule("torch.Tensor.element_size")
def element_size(cx: Context, self: Array) -> Value:
    """Bytes of one element."""
    return Typed("int", lo=1) if self.dtype is None else Const(dtypes.width(self.dtype))


@attribute("torch.Tensor.itemsize")
def itemsize(cx: Context, self: Array) -> Value:
    """Bytes of one element."""
    return element_size(cx, self)


@attribute("torch.Tensor.nbytes")
def nbytes(cx: Context, self: Array) -> Value:
    """Bytes of all elements."""
    if self.shape is None or self.dtype is None:
        return Typed("int", lo=0)
    return int_value(product(self.shape) * dtypes.width(self.dtype))


@rule("torch.Tensor.is_contiguous")
def is_contiguous_rule(cx: Context, self: Array, memory_format: Value | None = None) -> Value:
    """A bool."""
    found = is_contiguous(cx, self) if memory_format is None else None
    return Typed("bool") if found is None else Const(found)


@rule("torch.Tensor.is_same_size")
def is_same_size(cx: Context, self: Array, other: Value) -> Value:
    """A bool."""
    if isinstance(other, Array) and self.shape is not None and other.shape is not None:
        return cx.binary("==", size_value(self.shape), size_value(other.shape))
    return Typed("bool")


# -- dtype and device ------------------------------------------------------------------------------------------------


@attribute("torch.Tensor.dtype")
def dtype(cx: Context, self: Array) -> Value:
    """A ``torch.dtype``."""
    return dtype_value(self.dtype)


@attribute("torch.Tensor.device")
def device(cx: Context, self: Array) -> Value:
    """A ``torch.device``."""
    return device_value(device_of(self))


@rule("torch.Tensor.get_device")
def get_device(cx: Context, self: Array) -> Value:
    """The number of the GPU, -1 on the CPU."""
    return Const(-1) if device_of(self) == CPU else Typed("int")


@attribute("torch.Tensor.is_cuda")
def is_cuda(cx: Context, self: Array) -> Value:
    """A bool."""
    where = device_of(self)
    return Typed("bool") if where == "?" else Const(where.startswith("cuda"))


@attribute("torch.Tensor.is_cpu")
def is_cpu(cx: Context, self: Array) -> Value:
    """A bool."""
    where = device_of(self)
    return Typed("bool") if where == "?" else Const(where == CPU)


@attribute("torch.Tensor.is_meta")
def is_meta(cx: Context, self: Array) -> Value:
    """A bool."""
    where = device_of(self)
    return Typed("bool") if where == "?" else Const(where == "meta")


@attribute("torch.Tensor.is_sparse", "torch.Tensor.is_sparse_csr", "torch.Tensor.is_mkldnn", "torch.Tensor.is_quantized",
           "torch.Tensor.is_nested", "torch.Tensor.is_mps", "torch.Tensor.is_xla", "torch.Tensor.is_xpu")  # fmt: skip
def is_special(cx: Context, self: Array) -> Value:
    """A bool."""
    return Typed("bool") if "sparse" in self.meta or device_of(self) == "?" else Const(False)


@attribute("torch.Tensor.layout")
def layout(cx: Context, self: Array) -> Value:
    """``torch.strided``."""
    return LibraryRef(f"torch.{self.meta.get('sparse', 'strided')}")


@op("is_floating_point")
def is_floating_point(cx: Context, input: Array) -> Value:
    """A bool."""
    return Typed("bool") if input.dtype is None else Const(is_floating(input.dtype))


@op("is_complex")
def is_complex(cx: Context, input: Array) -> Value:
    """A bool."""
    return Typed("bool") if input.dtype is None else Const(dtypes.is_complex(input.dtype))


@op("is_signed")
def is_signed(cx: Context, input: Array) -> Value:
    """A bool."""
    return Typed("bool") if input.dtype is None else Const(dtypes.kind(input.dtype) in ("i", "f", "c"))


@op("is_nonzero")
def is_nonzero(cx: Context, input: Array) -> Value:
    """The truth of its one element."""
    return truth(cx, input)


@op("is_conj", "is_neg", "is_inference")
def some_bool(cx: Context, input: Array) -> Value:
    """A bool."""
    return Typed("bool")


# -- gradients -------------------------------------------------------------------------------------------------------


@attribute("torch.Tensor.requires_grad")
def requires_grad_rule(cx: Context, self: Array) -> Value:
    """A bool."""
    if self.meta.get("requires_grad", False) is None:
        return Typed("bool")
    return Const(requires_grad(self))


@attribute("torch.Tensor.is_leaf")
def is_leaf_rule(cx: Context, self: Array) -> Value:
    """A bool."""
    return Const(is_leaf(self))


@attribute("torch.Tensor.grad_fn")
def grad_fn(cx: Context, self: Array) -> Value:
    """What computed it; None for a leaf."""
    return Const(None) if is_leaf(self) else cx.unknown("a node of the graph of gradients")


@attribute("torch.Tensor.grad")
def grad(cx: Context, self: Array) -> Value:
    """A tensor of the same shape after a backward pass, None before."""
    if requires_grad(self) and is_leaf(self) and cx.state("torch").fields.get(GRADED) is True:
        return gradient_like(cx, self)
    if _never_graded(cx, self):
        return Const(None)
    return cx.unknown("the gradient of a tensor")


def _never_graded(cx: Context, x: Array) -> bool:
    """Whether no backward pass fills the gradient: of what was computed from tensors that require gradients, of what requires
    none itself."""
    held = cx.state("torch").fields
    if x.tainted or x.meta.get("parameter") or held.get(KEPT_GRADIENTS):
        return False
    return x.meta.get("grad_fn") is True if requires_grad(x) else not may_require_grad(x)


@attribute("torch.Tensor.data")
def data(cx: Context, self: Array) -> Value:
    """The tensor without its history."""
    return detached(cx, self)


@op("detach", inplace=False)
def detach(cx: Context, input: Array) -> Value:
    """The tensor without its history."""
    return detached(cx, input)


def detached(cx: Context, x: Array) -> Array:
    """The same tensor that requires no gradients."""
    dropped = ("requires_grad", "grad_fn", "parameter")
    if not any(key in x.meta for key in dropped):
        return x.replace(meta={**x.meta, "base": x}) if _valued(x) else x
    return x.replace(meta={key: value for key, value in x.meta.items() if key not in dropped})


def _valued(x: Array) -> bool:
    return x.lo is not None or x.hi is not None or x.data is not None


@rule("torch.Tensor.detach_")
def detach_(cx: Context, self: Array) -> Value:
    """The tensor without its history."""
    after = detached(cx, self)
    cx.rebind(self, after)
    return after


@rule("torch.Tensor.requires_grad_")
def requires_grad_(cx: Context, self: Array, requires_grad: Value | None = None) -> Value:
    """Says whether gradients are computed. RuntimeError for integers, and to take it from what was computed."""
    wanted = flag(requires_grad, True)
    if wanted is None:
        return self
    if wanted and is_integral(self.dtype):
        from foreshape.semantics.torch.support import invalid

        message = "only Tensors of floating point dtype can require gradients"
        raise invalid(cx, "RuntimeError", message, "requires_grad", "True", self, recover=self)
    if not wanted and not is_leaf(self):
        from foreshape.semantics.torch.support import invalid

        message = (
            "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a "
            "subgraph that doesn't require differentiation use var_no_grad = var.detach()."
        )
        raise invalid(cx, "RuntimeError", message, "requires_grad", "False", self, recover=self)
    meta = {key: value for key, value in self.meta.items() if key != "requires_grad"}
    if wanted:
        meta["requires_grad"] = True
    after = self.replace(meta=meta)
    cx.rebind(self, after)
    return after


@rule("torch.Tensor.retain_grad", "torch.Tensor.register_hook", "torch.Tensor.register_post_accumulate_grad_hook")
def hook(cx: Context, self: Array, hook: Value | None = None) -> Value:
    """Nothing for shapes. RuntimeError for a tensor that requires no gradients."""
    if not may_require_grad(self) and cx.state("torch").fields.get("grad_enabled", True):
        from foreshape.semantics.torch.support import invalid

        message = "cannot register a hook on a tensor that doesn't require gradient"
        if hook is None:
            message = "can't retain_grad on Tensor that has requires_grad=False"
        raise invalid(cx, "RuntimeError", message, "requires_grad", "False", self, recover=Const(None))
    if hook is None:
        cx.set(cx.state("torch"), KEPT_GRADIENTS, True)
        return Const(None)
    state = cx.state("torch")
    cx.set(state, HOOKS, (*state.fields.get(HOOKS, ()), (hook, (gradient_like(cx, self),))))
    return cx.unknown("a handle")


# -- values ----------------------------------------------------------------------------------------------------------


def refuse_many(cx: Context, x: Array, wanted: str) -> None:
    """RuntimeError for a number of elements other than 1."""
    if x.shape is None:
        return
    total = cx.resolve(product(x.shape))
    if isinstance(total, int):
        single = total == 1
    else:
        single = cx.equal(total, 1)
    if single:
        return
    from foreshape.faults.scalar_conversion import ScalarConversion

    message = f"a Tensor with {total} elements cannot be converted to Scalar"
    raise ScalarConversion(
        error(cx, "RuntimeError", message), values=(x,), recover=Typed(wanted if wanted != "a number" else "float"),
        shape=x.shape, wanted=wanted,
    )  # fmt: skip


@rule("torch.Tensor.item")
def item(cx: Context, self: Array) -> Value:
    """The Python number of the one element. RuntimeError for any other number of elements."""
    refuse_many(cx, self, "a number")
    return python_number(self)


@rule("torch.Tensor.tolist")
def tolist(cx: Context, self: Array) -> Value:
    """Nested lists of numbers."""
    if self.shape is None:
        return cx.unknown("the rank is not known")
    return _nested(self, self.shape, 0)


def _nested(x: Array, shape: tuple[DimLike, ...], start: int) -> Value:
    if not shape:
        if x.data is not None:
            return python_number(x.replace(shape=(), data=(x.data[start],)))
        return python_number(x.replace(shape=()))
    sizes = [size for size in shape if isinstance(size, int)]
    if x.data is not None and len(sizes) == len(shape):
        step = 1
        for size in sizes[1:]:
            step *= size
        return Sequence("list", Contents(tuple(_nested(x, shape[1:], start + i * step) for i in range(sizes[0]))))
    return Sequence("list", Contents((Run(shape[0], _nested(x.replace(data=None), shape[1:], 0)),)))


@rule("torch.Tensor.numpy")
def numpy(cx: Context, self: Array, *, force: Value | None = None) -> Value:
    """The values as an array. RuntimeError where gradients are required, TypeError on a GPU and for bfloat16."""
    self = uncast(cx, self)
    made = self.replace(kind="numpy", meta={"loose": True} if self.meta.get("loose") else {})
    made.tainted = self.tainted
    if flag(force) is not False:
        return made
    refuse_numpy(cx, self, made)
    return made


def refuse_numpy(cx: Context, x: Array, made: Array) -> None:
    """What has no array: tensors on a GPU, tensors that require gradients, bfloat16."""
    from foreshape.semantics.torch.support import invalid, wrong_dtype, wrong_gradient

    if device_of(x).startswith(("cuda", "mps")):
        where = device_of(x) if ":" in device_of(x) else f"{device_of(x)}:0"
        message = f"can't convert {where} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
        raise invalid(cx, "TypeError", message, "device", where, x, recover=made)
    if requires_grad(x):
        message = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        raise wrong_gradient(cx, message, ".numpy()", "recorded", x, recover=made)
    if x.dtype in ("bfloat16", "complex32"):
        message = f"Got unsupported ScalarType {'BFloat16' if x.dtype == 'bfloat16' else 'ComplexHalf'}"
        raise wrong_dtype(cx, "TypeError", message, "numpy", x, recover=made)


@rule("torch.Tensor.__array__")
def array(cx: Context, self: Array, dtype: Value | None = None) -> Value:
    """``np.asarray(tensor)``."""
    return numpy(cx, self)


@rule("torch.Tensor.__len__")
def length(cx: Context, self: Array) -> Value:
    """The size of the first axis. TypeError for a tensor without axes."""
    if self.shape is None:
        return Typed("int", lo=0)
    if not self.shape:
        raise _without_axes(cx, self, "len() of a 0-d tensor")
    return int_value(cx.resolve(self.shape[0]))


def _without_axes(cx: Context, x: Array, message: str) -> Exception:
    from foreshape.faults.python_error import PythonError

    return PythonError(error(cx, "TypeError", message), values=(x,), problem=message)


@rule("torch.Tensor.__iter__")
def iterate(cx: Context, self: Array) -> Value:
    """The tensors along the first axis. TypeError for a tensor without axes."""
    if self.shape is None:
        return cx.unknown("a tensor of unknown rank")
    if not self.shape:
        raise _without_axes(cx, self, "iteration over a 0-d tensor")
    strides = strides_of(self)
    meta = {key: value for key, value in self.meta.items() if key in ("sparse",)}
    part = tensor(
        cx, self.shape[1:], self.dtype, self, lo=self.lo, hi=self.hi, meta=meta,
        roles=None if self.roles is None else self.roles[1:], strides=None if strides is None else strides[1:],
    )  # fmt: skip
    size = cx.resolve(self.shape[0])
    if self.data is not None and isinstance(size, int) and all(isinstance(one, int) for one in self.shape):
        step = len(self.data) // size if size else 0
        items: list[Value] = []
        for place in range(size):
            held = self.data[place * step : (place + 1) * step]
            known = held[0] if len(held) == 1 and not isinstance(held[0], (bool, complex)) else None
            items.append(part.replace(data=held, lo=known if known is not None else self.lo,
                                      hi=known if known is not None else self.hi))  # fmt: skip
        return Sequence("list", Contents(items))
    if isinstance(size, int) and size <= 64:
        return Sequence("list", Contents(part.replace() for _ in range(size)))
    return Sequence("list", Contents((Run(size, part),)))


@rule("torch.Tensor.__bool__")
def truth(cx: Context, self: Array) -> Value:
    """Of one element only. RuntimeError for several."""
    if self.data is not None and len(self.data) == 1 and isinstance(self.data[0], (bool, int, float)):
        return Const(bool(self.data[0]))
    if self.shape is None:
        return Typed("bool")
    total = cx.resolve(product(self.shape))
    if isinstance(total, int) and total != 1:
        from foreshape.faults.ambiguous_truth import AmbiguousTruth

        several = "more than one value" if total else "no values"
        message = f"Boolean value of Tensor with {several} is ambiguous"
        raise AmbiguousTruth(
            error(cx, "RuntimeError", message), values=(self,), recover=Typed("bool"), shape=self.shape
        )
    return Typed("bool")


@rule("torch.Tensor.__float__", "torch.Tensor.__int__", "torch.Tensor.__index__")
def number(cx: Context, self: Array) -> Value:
    """Of one element only."""
    refuse_many(cx, self, "a number")
    return python_number(self)


@rule("torch.Tensor.__contains__")
def contains(cx: Context, self: Array, element: Value) -> Value:
    """A bool."""
    return Typed("bool")


@rule("torch.Tensor.__hash__", "torch.Tensor.__format__", "torch.Tensor.__repr__", "torch.Tensor.__str__")
def text(cx: Context, self: Array, *args: Value) -> Value:
    """A text."""
    return Typed("str")


# -- parts and transposes -----------------------------------------------------------------------------------------------


@attribute("torch.Tensor.T")
def transposed(cx: Context, self: Array) -> Value:
    """The axes in reverse order."""
    if self.shape is None:
        return self.replace(data=None)
    order = Sequence("tuple", Contents(tuple(Const(i) for i in reversed(range(len(self.shape))))))
    return cx.rule("torch.Tensor.permute", self, order)


@attribute("torch.Tensor.mT", "torch.Tensor.mH")
def matrix_transposed(cx: Context, self: Array) -> Value:
    """The last two axes swapped. RuntimeError for fewer than two."""
    if self.shape is not None and len(self.shape) < 2:
        from foreshape.semantics.torch.support import wrong_rank

        message = f"tensor.mT is only supported on matrices or batches of matrices. Got {len(self.shape)}-D tensor."
        raise wrong_rank(cx, "RuntimeError", message, "mT", self, 2, at_least=True, recover=self)
    return cx.rule("torch.Tensor.transpose", self, Const(-2), Const(-1))


@attribute("torch.Tensor.H")
def adjoint(cx: Context, self: Array) -> Value:
    """A matrix transposed and conjugated. RuntimeError for other ranks."""
    if self.shape is not None and len(self.shape) not in (0, 2):
        from foreshape.semantics.torch.support import wrong_rank

        message = f"tensor.H is only supported on matrices (2-D tensors). Got {len(self.shape)}-D tensor."
        raise wrong_rank(cx, "RuntimeError", message, "H", self, 2, recover=self)
    return self if self.shape == () else cx.rule("torch.Tensor.transpose", self, Const(0), Const(1))


@attribute("torch.Tensor.real")
def real(cx: Context, self: Array) -> Value:
    """The real part."""
    return cx.rule("torch.real", self)


@attribute("torch.Tensor.imag")
def imag(cx: Context, self: Array) -> Value:
    """The imaginary part."""
    return cx.rule("torch.imag", self)
