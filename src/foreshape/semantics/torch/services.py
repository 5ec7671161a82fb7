"""What programs call around their tensors: checkpointing, assertions for tracing, saved files, trees of values.

https://docs.pytorch.org/docs/stable/checkpoint.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import DictValue, Sequence, Typed, Unknown, Value, none
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("torch.utils.checkpoint.checkpoint")
def checkpoint(
    cx: Context, function: Value, /, *args: Value, use_reentrant: Value | None = None, context_fn: Value | None = None,
    determinism_check: Value | None = None, debug: Value | None = None, early_stop: Value | None = None,
    preserve_rng_state: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """What the function gives; its inner values are computed again in the backward pass."""
    return cx.call(function, args, kwargs)


@rule("torch.utils.checkpoint.checkpoint_sequential")
def checkpoint_sequential(cx: Context, functions: Value, segments: Value, input: Value, **kwargs: Value) -> Value:
    """One function after the other."""
    contents = cx.iterate(functions)
    items = None if contents is None else contents.items(64)
    if items is None:
        return cx.unknown("how many functions there are is not known")
    for function in items:
        input = cx.call(function, (input,))
    return input


@rule("torch._assert", "torch._check", "torch._check_with", "torch._check_value", "torch._check_tensor_all",
      "torch._check_tensor_all_with", "torch._check_is_size", "torch.serialization.add_safe_globals",
      "torch.utils._pytree.register_pytree_node", "torch.utils._pytree._register_pytree_node")  # fmt: skip
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """They raise where the condition does not hold, and give nothing."""
    return none()


@rule("torch.hub.load_state_dict_from_url")
def load_state_dict_from_url(cx: Context, url: Value, *args: Value, **kwargs: Value) -> Value:
    """A state dict whose keys are not known."""
    return DictValue({}, Unknown("it is read from a file"))


@rule("torch.hub.get_dir", "torch._C._get_privateuse1_backend_name")
def text(cx: Context) -> Value:
    return Typed("str")


@rule("torch.serialization.get_unsafe_globals_in_checkpoint", "torch.serialization.get_safe_globals")
def names(cx: Context, f: Value | None = None) -> Value:
    from foreshape.semantics.python.tools import typed_list

    return typed_list(cx, Typed("str"), "list")


@rule("torch.cuda.is_current_stream_capturing", "torch.xpu.is_current_stream_capturing", "torch._dynamo.is_compiling",
      "torch.cpu._is_avx2_supported", "torch.cpu._is_avx512_supported", "torch._C._get_cudnn_enabled")  # fmt: skip
def whether(cx: Context) -> Value:
    return Typed("bool")


SAFE = library_type("torch.serialization.safe_globals")


@rule(f"{SAFE}.__init__")
def safe_globals(cx: Context, self: Value, safe_globals: Value) -> Value:
    return none()


@rule(f"{SAFE}.__enter__")
def entered(cx: Context, self: Value) -> Value:
    return none()


@rule("torch.utils._pytree.tree_map", "torch.utils._pytree.tree_flatten", "torch.utils._pytree.tree_unflatten",
      "torch.utils._pytree.tree_leaves")  # fmt: skip
def tree(cx: Context, *args: Value, **kwargs: Value) -> Value:
    for value in (*args, *kwargs.values()):
        if isinstance(value, (Sequence, DictValue)):
            cx.forget(value)
    return cx.unknown("the structure of a tree is not followed")
