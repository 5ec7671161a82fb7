"""``tf.Tensor`` and ``tf.Variable`` as the program sees them: attributes, methods, operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_str,
    int_value,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.tensorflow.convert import as_tensor, unsupported
from foreshape.semantics.tensorflow.elementwise import KERNELS, invert, mismatch, unary
from foreshape.semantics.tensorflow.elementwise import binary as binary_core
from foreshape.semantics.tensorflow.indexing import index_core
from foreshape.semantics.tensorflow.products import matmul_core
from foreshape.semantics.tensorflow.support import (
    INTEGERS,
    dtype_value,
    failed,
    graph_mode,
    in_graph,
    is_symbolic,
    joined,
    shape_argument,
    tensor,
    tuple_text,
    unknown_tensor,
)
from foreshape.semantics.tensorflow.types import shape_instance

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.Tensor")


@attribute("tensorflow.Tensor.shape")
def shape_attribute(cx: Context, self: Array) -> Value:
    """The static shape: a TensorShape."""
    return shape_instance(self.shape)


@rule("tensorflow.Tensor.get_shape")
def get_shape(cx: Context, self: Array) -> Value:
    """The static shape."""
    return shape_instance(self.shape)


@attribute("tensorflow.Tensor.dtype")
def dtype_attribute(cx: Context, self: Array) -> Value:
    """The dtype."""
    return cx.unknown("the dtype is not known") if self.dtype is None else dtype_value(self.dtype)


@attribute("tensorflow.Tensor.ndim", "tensorflow.Tensor.rank")
def ndim(cx: Context, self: Array) -> Value:
    """The rank."""
    return cx.unknown("the rank is not known") if self.shape is None else Const(len(self.shape))


@attribute("tensorflow.Tensor.name", "tensorflow.Tensor.device", "tensorflow.Tensor.path")
def text_attribute(cx: Context, self: Array) -> Value:
    """Names are not followed."""
    return Typed("str")


@attribute("tensorflow.Tensor.op", "tensorflow.Tensor.graph")
def graph_attribute(cx: Context, self: Array) -> Value:
    """What made it."""
    return cx.unknown("the graph of a tensor")


@attribute("tensorflow.Tensor.trainable")
def trainable(cx: Context, self: Array) -> Value:
    """Whether a variable is trained."""
    return Const("fixed" not in self.meta)


NUMPY_NAMES = ("T", "astype", "ravel", "transpose", "reshape", "clip", "size", "tolist", "data")
PLAIN_NAMES = (
    "mean",
    "sum",
    "max",
    "min",
    "flatten",
    "std",
    "any",
    "all",
    "argmax",
    "squeeze",
    "permute",
    "view",
    "detach",
    "cpu",
    "item",
    "unsqueeze",
)


def _missing(name: str) -> None:
    @attribute(f"tensorflow.Tensor.{name}")
    def run(cx: Context, self: Array) -> Value:
        """What NumPy arrays have and tensors have not."""
        from foreshape.faults.missing_attribute import MissingAttribute

        if (
            "variable" in self.meta
            or (in_graph(cx) and name == "data")
            or cx.state("tensorflow").fields.get("numpy_behaviour")
        ):
            return cx.unknown(f"{name} of a tensor")
        owner = "SymbolicTensor" if in_graph(cx) else "EagerTensor"
        message = f"{owner} object has no attribute '{name}'."
        if name in NUMPY_NAMES:
            message += (
                " \n        If you are looking for numpy-related methods, please run the following:\n"
                "        tf.experimental.numpy.experimental_enable_numpy_behavior()\n      "
            )
        raise MissingAttribute(failed("AttributeError", message), values=(self,), owner=owner, attribute=name)


for _name in (*NUMPY_NAMES, *PLAIN_NAMES):
    _missing(_name)


@rule("tensorflow.experimental.numpy.experimental_enable_numpy_behavior")
def numpy_behaviour(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Tensors get the methods of arrays: not followed."""
    cx.set(cx.state("tensorflow"), "numpy_behaviour", True)
    return Const(None)


@rule("tensorflow.Tensor.numpy")
def numpy(cx: Context, self: Array) -> Value:
    """The same values as a NumPy array. A tensor of a graph has none."""
    if is_symbolic(cx, self):
        from foreshape.faults.missing_attribute import MissingAttribute

        message = "'SymbolicTensor' object has no attribute 'numpy'"
        raise MissingAttribute(
            failed("AttributeError", message), values=(self,), owner="SymbolicTensor", attribute="numpy"
        )
    dtype = "object" if self.dtype == "string" and self.shape else self.dtype
    made = self.replace(kind="numpy", meta={"loose": True} if self.meta.get("loose") else {}, dtype=dtype)
    made.tainted = self.tainted
    if self.dtype == "string" and self.shape == ():
        return Typed("bytes")
    return made


@rule("tensorflow.Tensor.__array__")
def array(cx: Context, self: Array) -> Value:
    """What any function of NumPy asks for. NotImplementedError while a graph is traced: the numbers come later."""
    if is_symbolic(cx, self) and cx.targets.at_least("tensorflow", "2"):
        from foreshape.faults.unsupported_data import UnsupportedData

        message = (
            "Cannot convert a symbolic tf.Tensor to a numpy array. This error may indicate that you're trying to pass a "
            "Tensor to a NumPy call, which is not supported."
        )
        made = self.replace(kind="numpy", meta={})
        raise UnsupportedData(
            failed("NotImplementedError", message),
            values=(self,),
            recover=made,
            taker="NumPy",
            given="a symbolic tensor",
        )
    meta = {"loose": True} if self.meta.get("loose") else {}
    return self.replace(kind="numpy", meta=meta)


@rule("tensorflow.Tensor.set_shape")
def set_shape(cx: Context, self: Array, shape: Value) -> Value:
    """Says what the static shape is: what was None has that size from here on. ValueError where it cannot be so."""
    wanted = shape_argument(cx, shape)
    if wanted is None:
        return Const(None)
    sizes: list[DimLike] = []
    fits = self.shape is None or len(wanted) == len(self.shape)
    for a, b in zip(self.shape or wanted, wanted):
        if self.shape is None:
            sizes.append(cx.fresh(lo=0, keras_none=True) if undefined(a) else a)
        elif undefined(a) or undefined(b):
            sizes.append(b if undefined(a) and not undefined(b) else a)
        else:
            fits = fits and cx.equal(a, b)
            sizes.append(a)
    if not fits and self.shape is not None:
        from foreshape.faults.declared_shape import DeclaredShape

        message = f"Tensor's shape {tuple_text(self.shape)} is not compatible with supplied shape {tuple_text(wanted)}."
        declared = tuple(None if undefined(dim) else dim for dim in wanted)
        raise DeclaredShape(
            failed("ValueError", message), values=(self,), model="set_shape", declared=declared, got=self.shape
        )
    if self.shape is None or tuple(sizes) != self.shape:
        cx.rebind(self, self.replace(shape=tuple(sizes), roles=self.roles))
    return Const(None)


@rule(
    "tensorflow.Tensor.value",
    "tensorflow.Tensor.read_value",
    "tensorflow.Tensor.to_tensor",
    "tensorflow.Tensor.__copy__",
    "tensorflow.Tensor.__deepcopy__",
)
def value_of(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """The tensor."""
    return self.replace(meta={}) if "variable" in self.meta else self


@rule("tensorflow.Tensor.ref", "tensorflow.Tensor.__hash__")
def ref(cx: Context, self: Array) -> Value:
    """Something hashable."""
    return cx.unknown("a reference to a tensor")


def _assignable(cx: Context, self: Array, value: Value, kernel: str) -> Array | None:
    other = as_tensor(cx, value, self.dtype)
    if other is None:
        return None
    if other.dtype is not None and self.dtype is not None and other.dtype != self.dtype:
        if kernel == "assign":
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            message = f"Tensor conversion requested dtype {self.dtype} for Tensor with dtype {other.dtype}"
            raise DtypeMismatch(
                failed("ValueError", message),
                values=(value, self),
                taker="assign",
                got=(other.dtype,),
                wanted=self.dtype,
            )
        from foreshape.faults.dtype_mismatch import DtypeMismatch as Mismatch

        message = f"Tensor conversion requested dtype {self.dtype} for Tensor with dtype {other.dtype}"
        raise Mismatch(
            failed("ValueError", message), values=(value, self), taker=kernel, got=(other.dtype,), wanted=self.dtype
        )
    return other


def _unlike(cx: Context, self: Array, other: Array, exception: str, message: str) -> Exception:
    from foreshape.faults.weights_shape import WeightsShape

    assert self.shape is not None and other.shape is not None
    return WeightsShape(
        failed(exception, message),
        values=(other, self),
        recover=self,
        layer="Variable",
        needs=self.shape,
        got=other.shape,
    )


@rule("tensorflow.Tensor.assign")
def assign(cx: Context, self: Array, value: Value, *args: Value, **kwargs: Value) -> Value:
    """A variable keeps its shape: another one is a ValueError."""
    if "variable" not in self.meta:
        return cx.unknown("the assignment to a part")
    if "keras" in self.meta:
        return cx.rule("keras.Variable.assign", self, value)
    other = _assignable(cx, self, value, "assign")
    if other is None or other.shape is None or self.shape is None:
        return self
    wanted = self.meta.get("declared", self.shape)
    if wanted is None:
        return self
    fits = len(other.shape) == len(wanted) and all(joined(cx, a, b) is not None for a, b in zip(other.shape, wanted))
    if not fits:
        message = (
            "Cannot assign value to variable ' Variable:0': Shape mismatch.The variable shape "
            f"{tuple_text(wanted)}, and the "
            f"assigned value shape {tuple_text(other.shape)} are incompatible."
        )
        raise _unlike(cx, self, other, "ValueError", message)
    return self


@rule("tensorflow.Tensor.assign_add", "tensorflow.Tensor.assign_sub")
def assign_add(cx: Context, self: Array, delta: Value, *args: Value, **kwargs: Value) -> Value:
    """No broadcasting: the shapes are equal."""
    if "variable" not in self.meta:
        return cx.unknown("the assignment to a part")
    if "keras" in self.meta:
        return cx.rule("keras.Variable.assign", self, delta, Const("+"))
    other = _assignable(cx, self, delta, "assign_add")
    if other is None or other.shape is None or self.shape is None:
        return self
    if len(other.shape) != len(self.shape) or any(joined(cx, a, b) is None for a, b in zip(other.shape, self.shape)):
        message = "Cannot update variable with shape {} using a Tensor with shape {}, shapes must be equal.".format(
            "[" + ",".join(map(str, self.shape)) + "]", "[" + ",".join(map(str, other.shape)) + "]"
        )
        exception = "ValueError" if graph_mode(cx, other) else "InvalidArgumentError"
        raise _unlike(cx, self, other, exception, message)
    return self


# -- operators -------------------------------------------------------------------------------------------------------


@rule("tensorflow.Tensor.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value:
    """Broadcast element by element; ``@`` is a matrix product."""
    word = as_str(operator)
    if word is None or word in ("in", "not in", "is", "is not"):
        return cx.unknown("a comparison")
    if isinstance(other, Unknown):
        return unknown_tensor(cx, self, other)
    if isinstance(other, Array) and other.kind == "keras":
        return cx.rule("keras.KerasTensor.__binary__", other, operator, self, Const(not as_bool(reflected)))
    if is_none(other):
        if word in ("==", "!="):
            return Const(word == "!=")
        raise unsupported(other, "NoneType")
    if any(isinstance(value, Array) and "keras" in value.meta for value in (self, other)):
        from foreshape.semantics.keras.variables import promoting

        promoted = promoting(cx, self, operator, other, reflected)
        if promoted is not None:
            return promoted
    left, right = (other, self) if as_bool(reflected) else (self, other)
    if word == "@":
        return matmul_core(cx, left, right) if not as_bool(reflected) else _reflected_matmul(cx, left, right)
    if word not in KERNELS:
        return cx.unknown(f"'{word}' between tensors")
    if word in ("==", "!="):
        return _equality(cx, word, left, right)
    if word == "*" and isinstance(self, Array) and self.dtype == "bool" and not as_bool(reflected):
        from foreshape.semantics.tensorflow.support import broadcast

        y = as_tensor(cx, other)
        return unknown_tensor(cx, other) if y is None else tensor(broadcast(cx, "Mul", self, y), "bool", self, y)
    if isinstance(other, Array) and other.kind == "numpy" and not as_bool(reflected):
        return _with_array(cx, word, self, other)
    if as_bool(reflected) and isinstance(self, Array) and not (isinstance(other, Array) and other.kind == "tensorflow"):
        found = as_tensor(cx, other, self.dtype)
        if found is not None and self.dtype is None:
            found = found.replace(dtype=None)  # it takes the dtype of the tensor, which is not known
        left = other if found is None else found
    return binary_core(cx, word, left, right)


def _with_array(cx: Context, word: str, self: Value, other: Array) -> Value:
    """A tensor and a NumPy array: what the tensor refuses in a graph, the array tries to take, and fails."""
    if isinstance(self, Array) and self.dtype == "bool" and word == "/":
        return cx.unknown("a tensor of bools over an array")
    try:
        return binary_core(cx, word, self, other)
    except Fault as fault:
        if in_graph(cx) and fault.raises is not None:
            fault.raises.exception = "NotImplementedError"
        raise


def _reflected_matmul(cx: Context, left: Value, right: Value) -> Value:
    found = as_tensor(cx, left, right.dtype if isinstance(right, Array) else None)
    return unknown_tensor(cx, left) if found is None else matmul_core(cx, found, right)


def _equality(cx: Context, word: str, left: Value, right: Value) -> Value:
    """Shapes that do not broadcast are simply not equal."""
    if isinstance(right, (DictValue, Typed)) and not (
        isinstance(right, Typed) and right.kind in ("int", "float", "bool", "str")
    ):
        return cx.unknown("a comparison")
    x = left if isinstance(left, Array) and left.kind == "tensorflow" else None
    hint = None if x is None else x.dtype
    y = as_tensor(cx, right, hint) if x is not None else as_tensor(cx, right)
    if x is None:
        x = as_tensor(cx, left, None if y is None else y.dtype)
    if x is None or y is None:
        return unknown_tensor(cx, left, right)
    if x.dtype is not None and y.dtype is not None and x.dtype != y.dtype:
        raise mismatch(cx, "Equal" if word == "==" else "NotEqual", x, y)
    if x.shape is not None and y.shape is not None and _never_equal(x, y):
        return tensor((), "bool", x, y)
    return binary_core(cx, word, x, y)


def _never_equal(x: Array, y: Array) -> bool:
    """Whether two known sizes do not broadcast."""
    for a, b in zip(reversed(x.shape or ()), reversed(y.shape or ())):
        if isinstance(a, int) and isinstance(b, int) and a != b and 1 not in (a, b):
            return True
    return False


@rule("tensorflow.Tensor.__unary__")
def unary_rule(cx: Context, self: Array, operator: Value) -> Value:
    """The same shape."""
    word = as_str(operator)
    if word == "not":
        return Typed("bool")
    if word == "~":
        return invert(cx, self)
    if word == "-":
        made = unary(cx, self, (), "Neg") if self.dtype in (None, "float32") else cx.rule("tensorflow.negative", self)
        if (
            isinstance(made, Array)
            and self.data is not None
            and all(isinstance(item, (int, float, Dim)) for item in self.data)
        ):
            made = made.replace(data=tuple(-item for item in self.data))
        return made
    return self


@rule("tensorflow.Tensor.__abs__")
def absolute(cx: Context, self: Array) -> Value:
    """``abs(x)``."""
    return cx.rule("tensorflow.abs", self)


@rule("tensorflow.Tensor.__len__")
def length(cx: Context, self: Array) -> Value:
    """The size of the first axis."""
    if self.shape is None:
        return cx.unknown("the rank is not known")
    if not self.shape:
        from foreshape.faults.python_error import PythonError

        if in_graph(cx):
            return cx.unknown("the length of a scalar")
        raise PythonError(
            failed("TypeError", "Scalar tensor has no `len()`"), values=(self,), problem="a scalar has no len()"
        )
    return int_value(self.shape[0])


@rule("tensorflow.Tensor.__iter__")
def iterate(cx: Context, self: Array) -> Value:
    """The tensors along the first axis."""
    if self.shape is None:
        return cx.unknown("a tensor of unknown rank")
    if not self.shape:
        from foreshape.faults.python_error import PythonError

        if in_graph(cx):
            return cx.unknown("a scalar of a graph")
        message = "Cannot iterate over a scalar tensor."
        raise PythonError(failed("TypeError", message), values=(self,), problem=message)
    part = tensor(
        self.shape[1:], self.dtype, self, lo=self.lo, hi=self.hi, roles=None if self.roles is None else self.roles[1:]
    )
    size = cx.resolve(self.shape[0])
    if self.data is not None and len(self.shape) == 1 and len(self.data) == size:
        items = [tensor((), self.dtype, self, lo=_bound(item), hi=_bound(item), data=(item,)) for item in self.data]
        return Sequence("list", Contents(items))
    if isinstance(size, int) and size <= 64:
        return Sequence("list", Contents(part for _ in range(size)))
    return Sequence("list", Contents((Run(size, part),)))


def _bound(item: object) -> object:
    return item if isinstance(item, (int, float, Dim)) else None


def _without_autograph(cx: Context) -> bool:
    """Whether a step of Keras 3 is traced: it takes a program's functions as they are, where Keras 2 rewrites them."""
    state = cx.state("keras").fields
    return cx.targets.at_least("keras", "3") and isinstance(state.get("tracing"), tuple) and not state.get("symbolic")


@rule("tensorflow.Tensor.__unpack__")
def unpacked(cx: Context, self: Array, names: Const) -> Value | None:
    """``x, y = tensor``: not of a tensor that a traced function works on. AutoGraph rewrites loops, but no assignments."""
    if not is_symbolic(cx, self):
        return None
    from foreshape.faults.unpack_mismatch import UnpackMismatch

    message = "Iterating over a symbolic `tf.Tensor` is not allowed."
    assert self.shape is not None
    raise UnpackMismatch(
        failed("OperatorNotAllowedInGraphError", message),
        values=(self,),
        names=names.value,
        values_given=self.shape[0],
        of_graph=True,
    )


@rule("tensorflow.Tensor.__bool__")
def truth(cx: Context, self: Array) -> Value:
    """Of one element only."""
    if self.data is not None and len(self.data) == 1 and isinstance(self.data[0], (bool, int, float)):
        return Const(bool(self.data[0]))
    if _without_autograph(cx) and is_symbolic(cx, self):
        from foreshape.faults.ambiguous_truth import AmbiguousTruth

        message = "Using a symbolic `tf.Tensor` as a Python `bool` is not allowed."
        raise AmbiguousTruth(
            failed("OperatorNotAllowedInGraphError", message),
            values=(self,),
            recover=Typed("bool"),
            shape=self.shape or (),
        )
    sizes = [cx.resolve(dim) for dim in self.shape or ()]
    if not in_graph(cx) and any(isinstance(dim, int) and dim > 1 for dim in sizes) and 0 not in sizes:
        from foreshape.faults.ambiguous_truth import AmbiguousTruth

        message = "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
        raise AmbiguousTruth(failed("ValueError", message), values=(self,), shape=self.shape or ())
    return Typed("bool")


@rule("tensorflow.Tensor.__float__", "tensorflow.Tensor.__int__")
def number(cx: Context, self: Array) -> Value:
    """Of one element only."""
    return Typed("int" if self.dtype in INTEGERS else "float", lo=self.lo, hi=self.hi)


@rule("tensorflow.Tensor.__getitem__")
def getitem(cx: Context, self: Array, index: Value) -> Value:
    """Integers, slices, ``...``, new axes, scalar tensors and masks."""
    return index_core(cx, self, index)


@rule("tensorflow.Tensor.__setitem__")
def setitem(cx: Context, self: Array, index: Value, value: Value) -> Value:
    """Tensors do not change."""
    from foreshape.faults.python_error import PythonError

    name = "ResourceVariable" if "variable" in self.meta else "SymbolicTensor" if in_graph(cx) else "EagerTensor"
    prefix = "" if name == "ResourceVariable" else "tensorflow.python.framework.ops."
    message = f"'{prefix}{name}' object does not support item assignment"
    raise PythonError(failed("TypeError", message), values=(self,), problem=message, operation="[]=", types=(name,))
