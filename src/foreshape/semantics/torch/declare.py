"""How functions and methods of PyTorch are declared.

    @op("cumsum", inplace=True)
    def cumsum(cx, input: Array, dim: Value, *, dtype: Value | None = None, out: Value | None = None): ...

registers ``torch.cumsum``, ``torch.Tensor.cumsum`` and ``torch.Tensor.cumsum_``. One function is enough:

* A parameter annotated ``Array`` (or ``Array | None``) must be a tensor: anything else is the TypeError of PyTorch's own argument
  parser, and the result is unknown where the argument is. The rule is then not called.
* All tensors among the arguments must be on one device (``devices=False``: not).
* ``out=`` is taken off if the rule declares it: the result is written there (``inplace.write_out``).
* An in-place method computes the same, and the result must fit what it is written to (``inplace.write_back``).
* NumPy's spellings ``axis``, ``keepdims``, ``x``, ``x2`` are taken for ``dim``, ``keepdim``, ``input``, ``other``.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, Sequence, Unknown, Value
from foreshape.faults.call_arguments import CallArguments
from foreshape.semantics.registry import REGISTRY, Parameters, rule
from foreshape.semantics.torch.errors import is_fraction
from foreshape.semantics.torch.support import check_devices, error, must_be, required, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/"
OTHER_SPELLING: Final = {"dim": ("axis",), "keepdim": ("keepdims",), "input": ("x", "a", "x1"), "other": ("x2",)}
COUNTS: Final = frozenset(
    {
        "dim", "dim0", "dim1", "chunks", "k", "start_dim", "end_dim", "diagonal", "num_samples", "num_classes", "steps",
        "dimension", "window_length", "row", "col",
    }
)  # fmt: skip
"""What must be an int, whatever the function; of some functions, these too:"""
MORE_COUNTS: Final = {"unfold": ("size", "step"), "narrow": ("start", "length"), "randperm": ("n",), "eye": ("n", "m")}
TENSOR: Final = ("Array", "Array | None")

RuleFunction = Callable[..., Value]


class Declared:
    """A rule function with its signature, ready to be wrapped."""

    __slots__ = ("counts", "devices", "function", "names", "parameters", "ranked", "renamed", "short", "tensors")

    def __init__(self, function: RuleFunction, short: str, devices: bool, ranked: bool, parameters: Parameters) -> None:
        self.function = function
        self.short = short
        self.devices = devices
        self.ranked = ranked
        self.parameters = parameters
        self.names = (*parameters.positional, *parameters.keyword_only)
        self.renamed: dict[str, str] = {}
        for name, others in OTHER_SPELLING.items():
            if name in self.names:
                self.renamed.update({other: name for other in others if other not in self.names})
        notes = function.__annotations__
        more = MORE_COUNTS.get(short, ())
        self.counts = tuple(
            (place + 1, name) for place, name in enumerate(self.names) if name in COUNTS or name in more
        )
        self.tensors = tuple(name for name in self.names if notes.get(name) in TENSOR)

    def signature(self, *, without: SequenceOf[str] = ()) -> Parameters:
        """The parameters as a call binds them: with NumPy's spellings, less some."""
        old = self.parameters
        made = Parameters.__new__(Parameters)
        made.star, made.star_star = old.star, old.star_star
        made.positional = tuple(name for name in old.positional if name not in without)
        made.positional_only = 0
        spelt = tuple(other for other, name in self.renamed.items() if name not in without)
        made.keyword_only = (*(name for name in old.keyword_only if name not in without), *spelt)
        made.defaults = {**old.defaults, **dict.fromkeys(spelt)}
        later = set(self.renamed.values())
        made.required = tuple(name for name in old.required if name not in without and name not in later)
        return made

    def bind(
        self, cx: Context, args: tuple[Value, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], tuple[Value, ...]]:
        """Arguments by name, and those of ``*args``. TypeError for one that is missing."""
        positional = self.parameters.positional
        bound = dict(zip(positional, args))
        star = args[len(positional) :]
        for key, value in kwargs.items():
            if key in self.renamed:
                if value is not None:
                    bound[self.renamed[key]] = value
            else:
                bound[key] = value
        missing = [name for name in self.parameters.required if name not in bound]
        if missing:
            problem = f'missing 1 required positional arguments: "{missing[0]}"'
            raise CallArguments(error(cx, "TypeError", f"{self.short}() {problem}"), callee=self.short, problem=problem)
        return bound, star

    def run(self, cx: Context, bound: dict[str, Any], star: tuple[Value, ...] = ()) -> Value:
        """Check the tensors among the arguments and apply the rule."""
        arrays: list[Value] = []
        for place, name in enumerate(self.names):
            value = bound.get(name)
            if name not in self.tensors or value is None:
                continue
            if _is_none(value) and name in self.parameters.defaults:
                continue
            position = place + 1 if name in self.parameters.positional else 0
            found = required(cx, value, self.short, name, position)
            if found is None:
                return unknown_tensor(cx, value)
            bound[name] = found
            if found.shape is None and self.ranked:
                return tensor(cx, None, None, found)
            arrays.append(found)
        for place, name in self.counts:
            if is_fraction(bound.get(name)):
                raise must_be(cx, self.short, name, place, "int", bound[name])
        if self.devices and len(arrays) > 1:
            check_devices(cx, self.short, *arrays)
        return self.function(cx, *self._positional(bound, star), **bound)

    def _positional(self, bound: dict[str, Any], star: tuple[Value, ...]) -> tuple[Value, ...]:
        if self.parameters.star is None:
            return ()
        before = tuple(bound.pop(name) for name in self.parameters.positional if name in bound)
        return (*before, *star)


def signature(text: str) -> Parameters:
    """The parameters that ``"self, loc, scale=, validate_args="`` spells; what has a ``=`` need not be given."""
    parts = [part.strip() for part in text.split(",")]
    made = Parameters.__new__(Parameters)
    made.star = made.star_star = None
    made.positional = tuple(part.rstrip("=") for part in parts)
    made.positional_only = 0
    made.keyword_only = ()
    made.defaults = dict.fromkeys(part[:-1] for part in parts if part.endswith("="))
    made.required = tuple(part for part in parts if not part.endswith("="))
    return made


def _is_none(value: object) -> bool:
    return getattr(value, "value", value) is None


def _register(name: str, function: RuleFunction, parameters: Parameters, since: str, until: str, doc: str) -> None:
    rule(name, since=since, until=until, doc=doc)(function)
    REGISTRY.rules[name][-1].parameters = parameters


def op(
    *names: str,
    method: bool = True,
    function: bool = True,
    inplace: bool = False,
    inplace_function: bool = False,
    devices: bool = True,
    ranked: bool = False,
    since: str = "",
    until: str = "",
) -> Callable[[RuleFunction], RuleFunction]:
    """Declare a function of ``torch`` and the method of ``torch.Tensor``; a name with a dot is only a function.

    inplace: there is ``NAME_`` too, inplace_function: also as a function. ranked: the rule is not called with tensors of
    unknown rank.
    """

    def register(rule_function: RuleFunction) -> RuleFunction:
        parameters = Parameters(rule_function)
        for name in names:
            short = name.rpartition(".")[2]
            made = Declared(rule_function, short, devices, ranked, parameters)
            doc = f"{DOC}torch.{name}.html"
            if function:
                _register(f"torch.{name}", _as_function(made), made.signature(), since, until, doc)
            if "." in name:
                continue
            if method:
                _register(f"torch.Tensor.{name}", _as_method(made), made.signature(without=("out",)), since, until, doc)
            if inplace:
                changing = _in_place(made)
                parts = made.signature(without=("out", "dtype"))
                _register(f"torch.Tensor.{name}_", changing, parts, since, until, doc)
                if inplace_function:
                    _register(f"torch.{name}_", changing, parts, since, until, doc)
        return rule_function

    return register


def method(
    *names: str, devices: bool = True, since: str = "", until: str = ""
) -> Callable[[RuleFunction], RuleFunction]:
    """Declare a method of ``torch.Tensor`` that is no function of ``torch``."""
    return op(*names, function=False, devices=devices, since=since, until=until)


def _as_function(made: Declared) -> RuleFunction:
    takes_out = "out" in made.names

    def run(cx: Context, *args: Value, **kwargs: Any) -> Value:
        bound, star = made.bind(cx, args, kwargs)
        out = bound.pop("out", None) if takes_out else None
        result = made.run(cx, bound, star)
        if out is None or _is_none(out):
            return result
        from foreshape.semantics.torch.inplace import write_out

        if isinstance(out, Sequence) and isinstance(result, Unknown):
            return result  # there may be several results, each for a tensor of its own
        sources = [value for value in (*bound.values(), *star) if isinstance(value, Array)]
        return write_out(cx, made.short, result, out, sources)

    return run


def _as_method(made: Declared) -> RuleFunction:
    def run(cx: Context, *args: Value, **kwargs: Any) -> Value:
        bound, star = made.bind(cx, args, kwargs)
        return made.run(cx, bound, star)

    return run


def _in_place(made: Declared) -> RuleFunction:
    def run(cx: Context, *args: Value, **kwargs: Any) -> Value:
        from foreshape.semantics.torch.inplace import check_writable, write_back

        bound, star = made.bind(cx, args, kwargs)
        first = made.parameters.positional[0]
        target = required(cx, bound[first], f"{made.short}_", first)
        if target is None:
            return unknown_tensor(cx, bound[first])
        check_writable(cx, f"{made.short}_", target)
        sources = [value for value in (*bound.values(), *star) if isinstance(value, Array) and value is not target]
        result = made.run(cx, bound, star)
        if isinstance(result, Unknown):
            return write_back(cx, f"{made.short}_", target, None, sources)
        return write_back(cx, f"{made.short}_", target, result, sources)

    return run
