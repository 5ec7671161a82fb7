"""Modules of PyTorch that nothing in the file makes or calls: their constructor gets sizes that are variables, and their
``forward`` a tensor of each number of axes.

A fault is told only where ``forward`` fails whatever the number of axes: for the input that gets furthest.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, var
from foreshape.domain.origin import last_name
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    Function,
    Instance,
    Int,
    LibraryRef,
    Scope,
    Unknown,
    Value,
)
from foreshape.faults.base import Raises
from foreshape.interpret.annotations import declared_by, shape_words
from foreshape.interpret.imports import Imports
from foreshape.interpret.nodes import walk
from foreshape.semantics.registry import REGISTRY

if TYPE_CHECKING:
    from foreshape.interpret.findings import Finding

MODULE: Final = "torch.nn.Module"
CHECKED: Final = "jaxtyping.jaxtyped"
RANKS: Final = (1, 2, 3, 4, 5)
MOST_STEPS_EACH: Final = 6_000
MOST_SECONDS_EACH: Final = 1.0
"""A module that takes longer than this is followed once, with an input that nothing is known about. The steps decide; the time is for
steps that are far slower than any other, and long enough that what else the process does, collecting garbage say, tips nothing."""
SIZED: Final = frozenset({
    "Linear", "Bilinear", "Embedding", "EmbeddingBag", "RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell", "Conv1d",
    "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
})  # fmt: skip
"""Modules whose first two arguments are sizes."""
SIZED_FIRST: Final = frozenset({
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "InstanceNorm1d", "InstanceNorm2d", "MultiheadAttention",
    "TransformerEncoderLayer", "TransformerDecoderLayer",
})  # fmt: skip
"""Those whose first is."""
OF_SHAPES: Final = frozenset({
    "feature-mismatch", "matmul-mismatch", "broadcast-mismatch", "reshape-size", "join-mismatch", "rank-mismatch",
    "state-shape", "channel-mismatch", "einsum-mismatch", "split-size", "axis-range", "window-size", "transpose-axes",
    "too-many-indices", "unpack-mismatch",
})  # fmt: skip
"""Faults that tell that it is the shapes that do not fit, not what the input is."""
OF_RANK: Final = frozenset({
    "rank-mismatch", "axis-range", "transpose-axes", "too-many-indices", "unpack-mismatch",
})  # fmt: skip


class Modules(Imports):
    """What stands for the arguments of a module's constructor and of its ``forward``."""

    def is_module_class(self, cls: ClassValue) -> bool:
        """Whether a class derives from ``torch.nn.Module``, and everything between is known."""
        return any(isinstance(base, LibraryRef) and MODULE in REGISTRY.mro(base.name) for base in cls.mro)

    def sizes_for(self, cls: ClassValue, function: Function) -> dict[str, Value]:
        """A variable for each parameter of a constructor that is certainly a size: it is given as one to a layer, is
        annotated as an int, or has a positive int as its default.
        """
        if not self.is_module_class(cls) or not isinstance(function.node, ast.FunctionDef):
            return {}
        spec = function.node.args
        names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)][1:]
        names += [argument.arg for argument in spec.kwonlyargs]
        defaults = (
            dict(zip(names[len(names) - len(function.defaults) :], function.defaults)) if function.defaults else {}
        )
        defaults.update(function.kw_defaults)
        used = self._given_as_sizes(function.node)
        found: dict[str, Value] = {}
        for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs):
            name = argument.arg
            default = defaults.get(name)
            number = default.value if isinstance(default, Const) else None
            if default is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
                continue
            annotated = isinstance(argument.annotation, ast.Name) and argument.annotation.id == "int"
            if name in names and (name in used or annotated or number is not None):
                found[name] = self.stamp(Int(var(name, 1)), argument)
        return found

    def _given_as_sizes(self, node: ast.FunctionDef) -> frozenset[str]:
        found: set[str] = set()
        for part in walk(node):
            if not isinstance(part, ast.Call):
                continue
            name = last_name(part.func)
            count = 2 if name in SIZED else 1 if name in SIZED_FIRST else 0
            if not count or not self._is_layer(part.func):
                continue
            for argument in part.args[:count]:
                found |= {inner.id for inner in _plain_names(argument)}
        return frozenset(found)

    def _is_layer(self, node: ast.expr) -> bool:
        with self.quiet():
            value = self.eval(node)
        return isinstance(value, LibraryRef) and value.name.startswith("torch.nn.")

    # -- annotations ------------------------------------------------------------------------------------------------
    def annotation_value(self, node: ast.expr | None) -> Value | None:
        """A value for a parameter from its annotation: the array that it declares, or a plain type."""
        declared = declared_by(self, node)
        return super().annotation_value(node) if declared is None else declared.array(self.declared_axes)

    @property
    def declared_axes(self) -> dict[str, DimLike]:
        """The sizes that annotations name, in functions that nobody calls."""
        found: dict[str, DimLike] = self.process.setdefault("~axes", {})
        return found

    def call_function(self, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """A function under ``jaxtyped(typechecker=...)`` is called with what it declares, and gives it. A ``forward`` that is
        given a tensor of unknown rank is followed with one that fails, if every one does."""
        if function.name == "forward" and len(args) > 1 and isinstance(args[1], Array) and args[1].shape is None:
            failing = self._failing_in_place_of(function, args, kwargs)
            if failing is not None:
                super().call_function(function, (args[0], failing, *args[2:]), kwargs)
                made = Unknown("it follows a fault")
                made.tainted = True
                return made
        checked = isinstance(function.within, Instance) and function.within.library_type == CHECKED
        names: dict[str, DimLike] = {}
        if checked and not self._arguments_fit(function, args, kwargs, names):
            made = Unknown("an argument does not fit its annotation")
            made.tainted = True
            return made
        result = super().call_function(function, args, kwargs)
        returns = getattr(function.node, "returns", None)
        if checked and isinstance(result, Array) and not result.tainted and returns is not None:
            self._fits(function, "return", result, returns, names)
        return result

    def _arguments_fit(
        self, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value], names: dict[str, DimLike]
    ) -> bool:
        scope = Scope("function", function.scope.path, function.scope)
        with self.quiet():
            if not self.bind_parameters(function, scope, args, kwargs):
                return True
        spec = function.node.args
        for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs):
            value = scope.fields.get(argument.arg)
            if isinstance(value, Array) and not value.tainted and argument.annotation is not None:
                if not self._fits(function, argument.arg, value, argument.annotation, names):
                    return False
        return True

    def _fits(self, function: Function, name: str, value: Array, node: ast.expr, names: dict[str, DimLike]) -> bool:
        declared = declared_by(self, node)
        if declared is None or declared.kind != value.kind or declared.fits(self, value, names):
            return True
        from foreshape.faults.declared_shape import DeclaredShape

        what = "return value" if name == "return" else "parameters"
        owner = f"{function.owner.name}." if function.owner is not None else ""
        message = f"Type-check error whilst checking the {what} of __main__.{owner}{function.name}."
        self.report(DeclaredShape(
            Raises("TypeCheckError", message, by="jaxtyping"), values=(value,), model=function.name,
            declared=shape_words(declared), got=value.shape or (), input_name=name,
        ))  # fmt: skip
        return False

    # -- forward ----------------------------------------------------------------------------------------------------
    def failing_input(
        self, cls: ClassValue, receiver: Value, function: Function, run: Callable[[dict[str, Value]], None]
    ) -> dict[str, Value] | None:
        """What ``forward`` is given where it fails with any tensor: the one that gets furthest; else None."""
        names = [argument.arg for argument in function.node.args.args][1:]
        if not names or not self.is_module_class(cls) or not isinstance(receiver, Instance) or receiver.tainted:
            return None
        if declared_by(self, function.node.args.args[1].annotation) is not None:
            return None
        if self.entered is False and _taken_apart(function.node, names[0]):
            return None
        failed: list[tuple[int, dict[str, Value], Finding]] = []
        for rank in RANKS:
            given: dict[str, Value] = {names[0]: _tensor(rank)}
            steps, time = self.steps, process_time()
            with self._tried() as findings:
                run(given)
            sure = [one for one in findings if one.severity == "error" and not one.caught]
            if not sure or any(one.fault.name not in OF_SHAPES for one in sure):
                return None
            failed.append((rank, given, sure[0]))
            if self.steps - steps > MOST_STEPS_EACH or process_time() - time > MOST_SECONDS_EACH:
                return None
        return _furthest(failed)

    def _failing_in_place_of(
        self, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Value | None:
        """What the first call of a ``forward`` with a tensor of unknown rank fails with, if it fails with any."""
        receiver, given = args[:2]
        tried: set[int] = self.process.setdefault("~tried", set())
        key = id(function.node)
        if not isinstance(receiver, Instance) or not isinstance(receiver.cls, ClassValue) or key in tried:
            return None
        if self.probes or given.tainted or not isinstance(given, Array) or given.kind != "torch":
            return None
        tried.add(key)
        call = super().call_function

        def run(found: dict[str, Value]) -> None:
            (value,) = found.values()
            call(function, (receiver, value, *args[2:]), kwargs)

        failing = self.failing_input(receiver.cls, receiver, function, run)
        return None if failing is None else next(iter(failing.values()))

    @contextmanager
    def _tried(self) -> Iterator[list[Finding]]:
        """What is found inside is handed out instead of kept."""
        kept, reported = list(self.findings), dict(self._reported)
        found: list[Finding] = []
        mark = self.trail.open()
        self.probes += 1
        try:
            yield found
        finally:
            self.probes -= 1
            found.extend(self.findings[len(kept) :])
            self.findings[:] = kept
            self._reported.clear()
            self._reported.update(reported)
            self.trail.take_back(mark)


def _taken_apart(node: ast.AST, name: str) -> bool:
    """Whether a function unpacks, counts or goes through an argument, or takes single elements of it: it may be given
    several tensors."""
    for part in ast.walk(node):
        held: list[ast.expr] = []
        if isinstance(part, ast.Assign) and any(isinstance(each, (ast.Tuple, ast.List)) for each in part.targets):
            held = [part.value]
        elif isinstance(part, (ast.For, ast.comprehension)):
            held = [part.iter, *(part.iter.args if isinstance(part.iter, ast.Call) else ())]
        elif isinstance(part, ast.Subscript) and not isinstance(part.slice, (ast.Slice, ast.Tuple)):
            held = [part.value]
        elif isinstance(part, ast.Call):
            held = [each.value for each in part.args if isinstance(each, ast.Starred)]
            held += part.args if last_name(part.func) in ("len", "isinstance", "type") else []
        if any(isinstance(each, ast.Name) and each.id == name for each in held):
            return True
    return False


def _tensor(rank: int) -> Array:
    return Array("torch", tuple(var("batch" if not axis else None, 1) for axis in range(rank)), None)


def _furthest(failed: list[tuple[int, dict[str, Value], Finding]]) -> dict[str, Value] | None:
    """Of the inputs that fail, one that fails where another does not even get to: it has the right number of axes."""
    places = {(one.stack, one.span.key) for _, _, one in failed}
    if len(places) < 2:
        _, given, finding = failed[0]
        return given if finding.fault.name not in OF_RANK else None
    rest = [(one.stack[-1][1], given) for _, given, one in failed if one.fault.name not in OF_RANK]
    if not rest:
        return None
    return max(rest, key=lambda pair: pair[0])[1]


def _plain_names(node: ast.expr) -> list[ast.Name]:
    """The names that an argument is computed from by arithmetic."""
    if isinstance(node, ast.Name):
        return [node]
    if isinstance(node, ast.BinOp):
        return _plain_names(node.left) + _plain_names(node.right)
    return []
