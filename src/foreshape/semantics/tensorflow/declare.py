"""How the functions of ``tf`` are declared: by their real signature, and put into the graph of Keras where needed.

    @op("tensorflow.expand_dims")
    def expand_dims(cx, input, axis, name=None): ...

    op_table(SAME_SHAPE, "x, name=None", unary)

What is declared here is lifted: on a symbolic Keras tensor it becomes part of the functional graph (Keras 2), or
raises as
Keras 3 does, which takes only its own operations there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Value
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.keras.graph import any_symbolic, operation
from foreshape.semantics.registry import REGISTRY, BindError, Parameters, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://www.tensorflow.org/api_docs/python/tf/"


def signature(text: str) -> Parameters:
    """The parameters that ``"x, axis=None, name=None"`` spells; every default is None, "not given"."""
    made = Parameters.__new__(Parameters)
    positional: list[str] = []
    keyword_only: list[str] = []
    defaults: dict[str, Any] = {}
    made.star = made.star_star = None
    into = positional
    for part in (item.strip() for item in text.split(",") if item.strip()):
        if part.startswith("**"):
            made.star_star = part[2:]
        elif part.startswith("*"):
            into = keyword_only
            made.star = part[1:] or None
        else:
            name, equals, _ = part.partition("=")
            into.append(name)
            if equals:
                defaults[name] = None
    made.positional = tuple(positional)
    made.positional_only = 0
    made.keyword_only = tuple(keyword_only)
    made.defaults = defaults
    made.required = tuple(name for name in (*positional, *keyword_only) if name not in defaults)
    return made


def _lifted(function: Callable[..., Value], name: str, renamed: Mapping[str, str]) -> Callable[..., Value]:
    code = function.__code__
    names = code.co_varnames[1 : code.co_argcount]
    needed = tuple(enumerate(names[: len(names) - len(function.__defaults__ or ())]))

    def run(cx: Context, *args: Value, **kwargs: Value) -> Value:
        for old in [key for key in kwargs if key in renamed]:
            value = kwargs.pop(old)
            if old != "keep_prob":
                kwargs.setdefault(renamed[old], value)
        for place, missing in needed:
            if place >= len(args) and missing not in kwargs:  # a second spelling left it to be asked for here
                raise BindError(f"missing 1 required positional argument: '{missing}'")
        if not any_symbolic((*args, *kwargs.values())):
            return function(cx, *args, **kwargs)
        if cx.targets.at_least("keras", "3"):
            raise not_for_keras((*args, *kwargs.values()))

        def apply(inner: Context, some: SequenceOf[Value], named: Mapping[str, Value]) -> Value:
            return function(inner, *some, **named)

        return operation(cx, name, apply, args, kwargs)

    return run


OLDER: Final = {
    "axis": ("dim", "reduction_indices", "squeeze_dims", "dimension", "split_dim"),
    "keepdims": ("keep_dims",),
    "rate": ("keep_prob",),
    "filters": ("filter",),
    "input": ("value",),
    "strides": ("stride",),
}
"""The names that arguments had in TensorFlow 1; ``tf.compat.v1`` still takes them."""


def _with_older(parameters: Parameters) -> dict[str, str]:
    """Let a signature take the older names of its arguments, by keyword. Gives what each is called now."""
    names = (*parameters.positional, *parameters.keyword_only)
    renamed: dict[str, str] = {}
    for new, olds in OLDER.items():
        if new in names:
            renamed.update({old: new for old in olds if old not in names})
    if renamed and parameters.star_star is None:
        parameters.keyword_only = (*parameters.keyword_only, *renamed)
        parameters.defaults.update(dict.fromkeys(renamed))
        parameters.required = tuple(name for name in parameters.required if name not in renamed.values())
    return renamed


def _register(names: SequenceOf[str], function: Callable[..., Value], parameters: Parameters, lift: bool) -> None:
    renamed = _with_older(parameters)
    for name in names:
        short = name.rpartition(".")[2]
        rule(name, doc=DOC + name.partition(".")[2].replace(".", "/"))(
            _lifted(function, short, renamed) if lift else function
        )
        REGISTRY.rules[name][-1].parameters = parameters


def op(*names: str, lift: bool = True) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a function under these names; its own signature is the real one."""

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        _register(names, function, Parameters(function), lift)
        return function

    return register


def op_table(names: str, parameters: str, function: Callable[..., Value], lift: bool = True) -> None:
    """Declare several functions (names apart by spaces, without ``tensorflow.``) with one signature.

    ``function(cx, **arguments)`` is given what was bound, by name.
    """
    _register([f"tensorflow.{name}" for name in names.split()], function, signature(parameters), lift)


def not_for_keras(tensors: SequenceOf[Value]) -> Fault:
    """What Keras 3 says where its symbolic tensor is given to TensorFlow."""
    from foreshape.faults.unsupported_data import UnsupportedData

    message = (
        "A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a "
        "symbolic placeholder for a shape "
        "and dtype, used when constructing Keras Functional models or Keras Functions. You can "
        "only use it as input to a "
        "Keras layer or a Keras operation (from the namespaces `keras.layers` and `keras.ops`)."
    )
    return UnsupportedData(
        Raises("ValueError", message, by="keras 3"),
        values=tuple(tensors),
        taker="a TensorFlow function",
        given="a symbolic Keras tensor",
    )
