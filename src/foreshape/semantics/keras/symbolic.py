"""What Python and NumPy cannot do with a symbolic Keras tensor: it has a shape and a dtype, but no numbers yet.

Source: ``KerasTensor`` of keras/src/backend/common/keras_tensor.py (Keras 3) and tf_keras/src/engine/keras_tensor.py (Keras 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Value
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

GIVEN: Final = "a symbolic Keras tensor"
_LACKING: Final = """
T abs add all any append argmax argmin argsort astype base bmm choose chunk clip contiguous copy cpu cumprod cumsum data detach device
diagonal dim div dot eval exp expand fill flat flatten float gather head iloc int item itemsize log long masked_fill matmul max mean
min mul nbytes nonzero norm numel numpy partition permute pow prod put ravel relu repeat resize round sigmoid size softmax sort
split sqrt stack std strides sub sum swapaxes take tanh to to_numpy tolist trace transpose type unbind unsqueeze value values
var view
"""
_LACKING_3: Final = "consumers experimental_ref get_shape graph op rank set_shape"
_LACKING_2: Final = "ndim reshape squeeze"


def refused(cx: Context, tensor: Array, taker: str, exception: str, message: str) -> UnsupportedData:
    """The fault for a symbolic tensor where numbers are needed."""
    return UnsupportedData(error(cx, exception, message), values=(tensor,), taker=taker, given=GIVEN)


@rule("keras.KerasTensor.__iter__")
def iterate(cx: Context, self: Array) -> Value:
    """NotImplementedError in Keras 3; TypeError in Keras 2, but where the batch has a fixed size."""
    if is_keras3(cx):
        message = "Iterating over a symbolic KerasTensor is not supported."
        raise refused(cx, self, "a loop or an unpacking", "NotImplementedError", message)
    if self.shape is None:
        return cx.unknown("the rows of a symbolic tensor")
    if not self.shape:
        raise refused(cx, self, "a loop or an unpacking", "TypeError", "Cannot iterate over a scalar.")
    if not isinstance(cx.resolve(self.shape[0]), int):
        message = "Cannot iterate over a Tensor with unknown first dimension."
        raise refused(cx, self, "a loop or an unpacking", "TypeError", message)
    return cx.unknown("the rows of a symbolic tensor")


@rule("keras.KerasTensor.__len__")
def length(cx: Context, self: Array) -> Value:
    """A TypeError: the number of samples is not known yet."""
    if is_keras3(cx):
        raise refused(cx, self, "len()", "TypeError", "object of type 'KerasTensor' has no len()")
    raise refused(cx, self, "len()", "TypeError", "Keras symbolic inputs/outputs do not implement `__len__`.")


@rule("keras.KerasTensor.__bool__")
def truth(cx: Context, self: Array) -> Value:
    """A TypeError: a condition needs a number."""
    message = "A symbolic KerasTensor cannot be used as a boolean."
    if not is_keras3(cx):
        message = "Keras symbolic inputs/outputs do not implement `__len__`."
    raise refused(cx, self, "a condition", "TypeError", message)


@rule("keras.KerasTensor.__array__")
def array(cx: Context, self: Array) -> Value:
    """What any function of NumPy asks for: ValueError in Keras 3, TypeError in Keras 2."""
    if is_keras3(cx):
        message = "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual numerical "
        message += "value. You cannot convert it to a NumPy array."
        raise refused(cx, self, "NumPy", "ValueError", message)
    message = (
        "You are passing a KerasTensor, an intermediate Keras symbolic input/output, to a TF API that does not allow "
    )
    raise refused(cx, self, "NumPy", "TypeError", message + "registering custom dispatchers.")


@rule("keras.KerasTensor.__int__")
def whole(cx: Context, self: Array) -> Value:
    """Of no symbolic tensor."""
    return _number(cx, self, "int")


@rule("keras.KerasTensor.__float__")
def number(cx: Context, self: Array) -> Value:
    """Of no symbolic tensor."""
    return _number(cx, self, "float")


def _number(cx: Context, self: Array, kind: str) -> Value:
    if is_keras3(cx):
        return array(cx, self)
    taken = "a string, a bytes-like object or a real number" if kind == "int" else "a string or a real number"
    raise refused(cx, self, f"{kind}()", "TypeError", f"{kind}() argument must be {taken}, not 'KerasTensor'")


def _nothing(cx: Context, *args: Value) -> Value:
    return cx.unknown("a symbolic tensor does not have it")


def _lacks(names: str, since: str = "", until: str = "") -> None:
    rule(*(f"keras.KerasTensor.{name}" for name in names.split()), kind="lacking", since=since, until=until)(_nothing)


_lacks(_LACKING)
_lacks(_LACKING_3, since="3")
_lacks(_LACKING_2, until="3")
