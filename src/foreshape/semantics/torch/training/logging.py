"""``SummaryWriter`` and the profiler: they take what they are given.

https://docs.pytorch.org/docs/stable/tensorboard.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, Typed, Value
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

WRITER: Final = library_type("torch.utils.tensorboard.SummaryWriter")
library_type("torch.utils.tensorboard.writer.SummaryWriter", WRITER)
library_type("tensorboardX.SummaryWriter", WRITER)
PROFILERS: Final = ("torch.profiler.profile", "torch.profiler.record_function")
for _name in PROFILERS:
    library_type(_name)


@rule(f"{WRITER}.__init__")
def writer_init(cx: Context, self: Instance, log_dir: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A folder."""
    return Const(None)


@attribute(f"{WRITER}.log_dir")
def log_dir(cx: Context, self: Instance) -> Value:
    """The folder."""
    return Typed("str")


@rule(f"{WRITER}.add_scalar")
def add_scalar(cx: Context, self: Instance, tag: Value, scalar_value: Value, *args: Value, **kwargs: Value) -> Value:
    """One number: AssertionError for a tensor of several."""
    if isinstance(scalar_value, Array) and scalar_value.shape is not None:
        from foreshape.domain.compare import eq

        if any(eq(size, 1, cx.facts).is_no for size in scalar_value.shape):
            from foreshape.faults.rank_mismatch import RankMismatch
            from foreshape.semantics.torch.support import error

            raised = error(cx, "AssertionError", "scalar should be 0D")
            raise RankMismatch(raised, values=(scalar_value,), taker="add_scalar", needs=0, got=scalar_value.shape)
    return Const(None)


@rule(
    *(f"{WRITER}.{name}" for name in (
        "add_scalars", "add_histogram", "add_image", "add_images", "add_figure", "add_text", "add_graph", "add_embedding",
        "add_hparams", "add_pr_curve", "add_video", "add_audio", "add_mesh", "add_custom_scalars", "flush", "close",
    ))
)  # fmt: skip
def add(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule(f"{WRITER}.__enter__", *(f"{name}.__enter__" for name in PROFILERS))
def enter(cx: Context, self: Instance) -> Value:
    """Itself."""
    return self


@rule(f"{WRITER}.__exit__", *(f"{name}.__exit__" for name in PROFILERS))
def leave(cx: Context, self: Instance, *args: Value) -> Value:
    """Changes no shape."""
    return Const(False)


@rule(*(f"{name}.__init__" for name in PROFILERS))
def profiler_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Const(None)


@rule("torch.profiler.profile.step", "torch.profiler.profile.export_chrome_trace")
def profiler_step(cx: Context, self: Instance, *args: Value) -> Value:
    """Changes no shape."""
    return Const(None)
