"""Random tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Bound, Const, Int, Sequence, Typed, Unknown, Value, as_dim
from foreshape.semantics.torch.creation import made, size_argument, with_strides_of
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.errors import no_signature
from foreshape.semantics.torch.support import (
    default_dtype,
    dtype_argument,
    invalid,
    python_type,
    varargs,
    weak_dtype,
)  # fmt: skip

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _drawn(name: str, lo: Bound, hi: Bound) -> None:
    @op(name, method=False)
    def run(
        cx: Context, *args: Value, size: Value | None = None, generator: Value | None = None,
        names: Value | None = None, out: Value | None = None, dtype: Value | None = None, layout: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """A tensor of these sizes, of the default float."""
        wanted = dtype_argument(cx, dtype, default_dtype(cx), name)
        shape = size_argument(cx, name, varargs(cx, name, args, size))
        return made(cx, name, shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, loose=True)

    @op(f"{name}_like", method=False)
    def like(
        cx: Context, input: Array, *, dtype: Value | None = None, layout: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, memory_format: Value | None = None,
        generator: Value | None = None, pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """Like another tensor."""
        wanted = dtype_argument(cx, dtype, input.dtype, f"{name}_like")
        found = made(
            cx,
            name,
            input.shape,
            wanted,
            device=device,
            requires_grad=requires_grad,
            lo=lo,
            hi=hi,
            like=input,
            loose=True,
        )
        return with_strides_of(cx, found, input, memory_format)


_drawn("rand", 0, 1)
_drawn("randn", None, None)


def _refuse_randint(cx: Context, ends: list[Value], size: Value | None) -> None:
    """(high, size) or (low, high, size): ints, and a list of sizes."""
    wrong = [each for each in ends if isinstance(each, Sequence) or weak_dtype(each) in ("weak float", "weak complex")]
    single = size if isinstance(size, (Const, Int, Typed)) else None
    if 1 <= len(ends) <= 2 and not wrong and single is None:
        return
    if any(isinstance(each, Unknown) for each in (*ends, size)):
        return
    if single is not None and len(ends) == 1 and not wrong:
        message = f"randint(): argument 'size' (position 2) must be tuple of ints, not {python_type(single)}"
        raise invalid(cx, "TypeError", message, "size", cx.text(single))
    given = wrong[0] if wrong else Const(None) if single is None else single
    raise no_signature(cx, "randint", "high" if wrong else "size", given)


@op("randint", method=False)
def randint(
    cx: Context, *args: Value, low: Value | None = None, high: Value | None = None, size: Value | None = None,
    generator: Value | None = None, out: Value | None = None, dtype: Value | None = None, layout: Value | None = None,
    device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """Integers from low to before high. RuntimeError where there are none; TypeError for a size that is no list."""
    ends = list(args)
    if size is None and args:
        size = ends.pop()
    if low is not None:
        ends.insert(0, low)
    if high is not None:
        ends.append(high)
    _refuse_randint(cx, ends, size)
    lowest: Value = ends[0] if len(ends) > 1 else Const(0)
    highest = ends[-1] if ends else None
    lo, hi = as_dim(lowest), as_dim(highest)
    wanted = dtype_argument(cx, dtype, "int64", "randint")
    shape = size_argument(cx, "randint", size)
    if isinstance(lo, int) and isinstance(hi, int) and lo >= hi:
        message = f"random_ expects 'from' to be less than 'to', but got from={lo} >= to={hi}"
        raise invalid(cx, "RuntimeError", message, "high", hi)
    return made(
        cx,
        "randint",
        shape,
        wanted,
        device=device,
        requires_grad=requires_grad,
        lo=lo,
        hi=None if hi is None else hi - 1,
    )


@op("randperm", method=False)
def randperm(
    cx: Context, n: Value, *, generator: Value | None = None, out: Value | None = None, dtype: Value | None = None,
    layout: Value | None = None, device: Value | None = None, requires_grad: Value | None = None,
    pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """The integers before n in random order."""
    size = as_dim(n)
    size = cx.fresh(lo=0) if size is None else size
    wanted = dtype_argument(cx, dtype, "int64", "randperm")
    return made(cx, "randperm", (size,), wanted, device=device, requires_grad=requires_grad, lo=0, hi=size - 1)
