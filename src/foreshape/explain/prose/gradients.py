"""Gradients that are not recorded, or recorded where they must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Instance
from foreshape.explain.telling import Prose

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.gradient_state import GradientState

WHY: Final = {
    "none": "Only what is computed from tensors with requires_grad=True, such as the parameters of a model, is recorded for gradients; "
    ".detach(), .item(), .numpy(), torch.no_grad() and a new torch.tensor(...) end the record.",
    "freed": "A backward pass frees what was recorded. A tensor kept from an earlier step, often a hidden state or a sum of losses, "
    "leads back into it: .detach() it before the next step.",
    "recorded": "NumPy knows nothing of gradients: .detach() gives the same values without their record, and inside of "
    "torch.no_grad() nothing is recorded.",
    "asked": "Gradients are computed for tensors that require them: x.requires_grad_() before the function, or "
    "torch.rand(..., requires_grad=True).",
    "modified": "Functions such as exp, sigmoid, tanh, softmax and ReLU need their own result to go back. An operation in place "
    "(+=, *=, inplace=True, x[...] = ...) overwrites it: out = out + x makes a new tensor instead.",
    "leaf": "The gradient would belong to values that are no longer there. An update by hand goes into a torch.no_grad() block; "
    "an optimizer does that itself.",
    "spent": "A tape frees what it recorded once it has given gradients. tf.GradientTape(persistent=True) keeps it, and one call takes "
    "several lists of variables; two losses of two models are often clearer with a tape for each.",
    "outside": "A tape follows operations of TensorFlow on tensors and variables; .numpy(), NumPy's functions, float() and predict() end "
    "the record.",
    "empty": "Each of them is None: the loss is of integers, as after tf.argmax or a cast, or was not computed from these variables "
    "inside of the tape.",
    "cut": "Rounding, argmax, comparisons, casts to integers, stop_gradient and NumPy end the way of a gradient. A loss is computed from "
    "the outputs as they are, such as probabilities; a count of right answers goes into metrics=[...].",
}


def gradient_state(told: Telling) -> Prose:
    """ "y records gradients, so it cannot become a NumPy array"."""
    fault: GradientState = told.fault  # type: ignore[assignment]
    value = told.value()
    name = told.name(value, "the tensor")
    heads = {
        "none": f"{fault.taker} finds no gradient to compute: nothing that {name} is made from requires one",
        "freed": f"{fault.taker} goes a second time through what {name} is made from, which the first time freed",
        "recorded": f"{name} is recorded for gradients, so {fault.taker} does not take it",
        "asked": f"{fault.taker} is asked for the gradient of {name}, which requires none",
        "modified": f"{fault.taker} needs what {name} gave, but that was changed in place afterwards",
        "leaf": f"{name} requires a gradient, so {fault.taker} cannot change it in place here",
        "spent": f"{name} gave gradients already, and {fault.taker}() asks it a second time",
        "outside": f"{fault.taker}() is given {name}, which is no tensor that a tape could have recorded",
        "cut": f"no gradient goes from {fault.taker} back to what the model gives, so there is nothing to learn from",
        "empty": f"{fault.taker}() is given no gradient for any of the variables",
    }
    why, cause = WHY[fault.state], told.made_before(value)
    ends = fault.values[1:] if fault.state == "empty" else ()
    if ends and isinstance(ends[0], Array):
        why = _where_it_ends(told, ends[0])
        layer = any(
            isinstance(each, Instance) for each in (ends[0].origin.inputs if ends[0].origin is not None else ())
        )
        cause = cause if layer else told.made_before(ends[0]) or cause
    return Prose(heads[fault.state], why, cause=cause)


def _where_it_ends(told: Telling, value: Array) -> str:
    """Why no way leads back from a loss."""
    name = told.name(value, "the output")
    if value.kind == "numpy":
        return f"The loss is computed from {name}, which is an array of NumPy: the record of the tape ends there."
    if value.dtype is not None and value.dtype.startswith(("int", "uint", "bool")):
        return f"The loss is computed from {name}, which holds {value.dtype}: no gradient goes through that."
    return (
        f"The loss is computed from {name}, and none of these variables took part in that inside of the tape: what was there before its "
        "block is a constant to it. The model is called inside of the block."
    )
