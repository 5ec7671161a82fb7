"""What a prose function is handed: the fault, and questions about where its values come from."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.origin import Origin
from foreshape.domain.values import Array, Instance, Sequence, Shape, Value
from foreshape.explain.chain import Step, axes_of, is_part, shape_of, short_name, unchanged, way
from foreshape.explain.words import Sizes

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.explain.places import Sources
    from foreshape.faults.base import Fault
    from foreshape.interpret.findings import Finding

INPUTS: Final = ("", "Input", "InputLayer")


class Prose:
    """What is said about a fault.

    subject: the value whose way is shown (the first of the fault's, unless said otherwise); None shows no way.
    cause: the expression to change. fails: the expression that fails where it is not the whole call (a layer of a
    list). labels: what stands under them; marks: further places with a label. beside: values whose shape is shown
    beside the line that makes them. remark: beside the failing line. group: faults of one rule that share it are told
    together.
    """

    __slots__ = (
        "also", "beside", "cause", "cause_label", "dtypes", "fails", "fails_label", "group", "headline", "marks",
        "remark", "subject", "why",
    )  # fmt: skip

    def __init__(
        self,
        headline: str,
        why: str = "",
        *,
        cause: Origin | None = None,
        cause_label: str = "",
        fails: Origin | None = None,
        fails_label: str = "",
        remark: str = "",
        marks: tuple[tuple[Origin, str], ...] = (),
        beside: tuple[Value | None, ...] = (),
        also: tuple[str, ...] = (),
        subject: Value | None = None,
        dtypes: bool = False,
    ) -> None:
        self.headline = headline
        self.why = why
        self.cause = cause
        self.group: Origin | None = None
        self.cause_label = cause_label
        self.fails = fails
        self.fails_label = fails_label
        self.remark = remark
        self.marks = marks
        self.beside = beside
        self.also = also
        self.subject = subject
        self.dtypes = dtypes


class Telling:
    """One finding, while it is being told."""

    __slots__ = ("_ways", "fault", "finding", "node", "path", "sizes", "sources")

    def __init__(self, finding: Finding, sources: Sources) -> None:
        self.finding = finding
        self.fault: Fault = finding.fault
        self.sources = sources
        self.sizes = Sizes()
        span = finding.span if finding.within is None else finding.within.span
        self.path = span.path
        self.node = sources.find(span)
        self._ways: dict[int, list[Step]] = {}

    # -- values ----------------------------------------------------------------------------------------------------
    def value(self, number: int = 0) -> Value | None:
        """One of the values that the fault is about, whole: not the batch or the timestep that was cut off it."""
        return whole_of(self.fault.values[number]) if number < len(self.fault.values) else None

    def steps(self, value: Value | None) -> list[Step]:
        """The way of a value, from the data down."""
        if value is None:
            return []
        found = self._ways.get(id(value))
        if found is None:
            found = self._ways[id(value)] = way(value)
        return found

    def names(self, value: Value | None, shape: Shape | None) -> tuple[str | None, ...]:
        """A word per axis of a value: its own, or, where it has none, those of the last value that had this shape."""
        if value is None:
            return ()
        own = axes_of(value, shape)
        if any(own):
            return own
        for step in reversed(self.steps(value)):
            if step.shape is None or shape is None or len(step.shape) != len(shape):
                break
            if any(step.axes):
                return step.axes
        return own

    def shape(self, shape: Shape | None, value: Value | None = None) -> str:
        """``(batch, 1600)``; ``value`` has that shape and may know its axes by name. Of a batch, the whole data."""
        known = self.shape_of(value)
        if known is not None and shape is not None and len(known) == len(shape) and unchanged(known, shape):
            shape = known
        return self.sizes.shape(shape, self.names(value, shape) if value is not None else ())

    def dim(self, size: DimLike | float | None) -> str:
        return self.sizes.dim(size)

    def shape_of(self, value: Value | None) -> Shape | None:
        return None if value is None else shape_of(value)[0]

    def name(self, value: Value | None, otherwise: str = "") -> str:
        """What the program calls a value: a variable, or the code that makes it."""
        if value is None or value.origin is None:
            return otherwise
        if value.origin.name is not None:
            return value.origin.name
        text = self.sources.text(value.origin.path, value.origin.node, 40)
        return text if text and len(text) < 40 else otherwise

    def written(self, value: Value | None) -> str:
        """How the failing expression itself writes an operand: the variable that it reads at that place."""
        if value is None or value not in self.fault.values:
            return ""
        return self.written_at(self.fault.values.index(value), len(self.fault.values))

    def written_at(self, number: int, operands: int = 0) -> str:
        """How the failing expression writes its operand of that number, where that is a variable."""
        places: list[ast.expr] = []
        node = self.node
        if isinstance(node, ast.BinOp):
            places = [node.left, node.right]
        elif isinstance(node, ast.AugAssign):
            places = [node.target, node.value]
        elif isinstance(node, ast.Compare):
            places = [node.left, *node.comparators]
        elif isinstance(node, ast.Call):
            places = list(node.args)
            if len(places) >= 1 and isinstance(places[0], (ast.List, ast.Tuple)):
                places = list(places[0].elts)
            elif isinstance(node.func, ast.Attribute) and len(places) == operands - 1:
                places.insert(0, node.func.value)
        if number < len(places) and isinstance(places[number], (ast.Name, ast.Attribute)):
            return self.sources.text(self.path, places[number], 40)
        return ""

    def layer_before(self, value: Value | None) -> Step | None:
        """The layer that made a value, where one did."""
        shape = self.shape_of(value)
        steps = self.steps(value)
        for number in range(len(steps) - 1, -1, -1):
            step = steps[number]
            if is_layer_step(step):
                # a layer that hands shapes through (Dropout) is not the one that gave it
                while number and steps[number - 1].shape == shape and is_layer_step(steps[number - 1]):
                    number -= 1
                return steps[number]
            if step.value is not value and step.shape != self.shape_of(value):
                break
        return None

    def giver(self, value: Value | None, otherwise: str = "the input") -> str:
        """Who hands a value on: a layer by its class, data by its name."""
        step = self.layer_before(value)
        if step is not None:
            if step.maker in INPUTS:
                return "the input"
            again = self.layer is not None and step.maker == short_name(self.layer)
            return f"the {step.maker} before it" if again else step.maker
        return self.name(value, otherwise)

    def from_data(self, value: Value | None) -> bool:
        """Whether the value is data or a declared input rather than what a layer gave."""
        step = self.layer_before(value)
        return step is None or step.maker in INPUTS

    def origin(self, value: Value | None) -> Origin | None:
        return None if value is None else value.origin

    def made_before(self, value: Value | None) -> Origin | None:
        """Where a value is made, where that is not the failing expression itself."""
        made = self.origin(value)
        return made if made is not None and made.node is not self.node else None

    def start(self, value: Value | None) -> Origin | None:
        """Where the way of a value begins."""
        steps = self.steps(value)
        return steps[0].origin if steps else None

    # -- layers and calls ------------------------------------------------------------------------------------------
    @property
    def layer(self) -> Instance | None:
        """The layer that raises."""
        for each in self.fault.layers:
            if isinstance(each, Instance):
                return each
        return None

    def layer_origin(self) -> Origin | None:
        """Where the layer that raises is made, where that is not the call itself."""
        for each in self.fault.layers:
            if each.origin is not None and each.origin.node is not self.node:
                return each.origin
        return None

    def declared_input(self, fits: Callable[[Shape], bool] | None = None, name: str = "") -> Array | None:
        """The declared input of the model that is fed: the one of that name, else the first whose shape fits."""
        if not self.fault.layers:
            return None
        from foreshape.semantics.keras.graph import history  # Keras is in use here: it is loaded

        for each in self.fault.layers:
            graph = each.fields.get("~graph") if isinstance(each, Instance) else None
            held: list[Array] = [] if graph is None else [given for given in graph.inputs if given.origin is not None]
            named = [given for given in held if name and (made := history(given)) is not None and made[0].name == name]
            for given in named or held:
                if given.shape is not None and (named or fits is None or fits(given.shape)):
                    return given
        return None

    def earlier_call(self, method: str) -> ast.Call | None:
        """The last call of a method of that name before the failing line, in the same file."""
        tree = self.sources.file(self.path).tree
        found: ast.Call | None = None
        if tree is None:
            return None
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
                and node.lineno <= self.finding.span.line
                and (found is None or node.lineno > found.lineno)
            ):
                found = node
        return found

    def loss_argument(self) -> Origin | None:
        """Where the loss is chosen."""
        node = self.earlier_call("compile")
        if node is None:
            return None
        for keyword in node.keywords:
            if keyword.arg == "loss":
                return Origin(self.path, keyword.value)
        return Origin(self.path, node.args[1]) if len(node.args) > 1 else None

    def field(self, holder: Value | None, name: str) -> Any:
        """A known constant that a layer was given."""
        if not isinstance(holder, Instance):
            return None
        found = holder.fields.get(name)
        return getattr(found, "value", None) if isinstance(found, Value) else None

    def argument(self, name: str, position: int | None = None) -> Origin | None:
        """The argument of the failing call, by name or position."""
        return argument_of(self.path, self.node, name, position)

    def argument_name(self, name: str, position: int | None = None, otherwise: str = "") -> str:
        """The text of an argument of the failing call."""
        found = self.argument(name, position)
        return otherwise if found is None else self.sources.text(found.path, found.node, 40)

    def called(self) -> str:
        """What the failing call calls, as it is written: "model.fit", "np.concatenate"; "" where it is no call."""
        node = self.node
        if not isinstance(node, ast.Call):
            return ""
        return self.sources.text(self.path, node.func, 40)

    def text(self) -> str:
        """The failing expression, on one line."""
        return "" if self.node is None else self.sources.text(self.path, self.node)

    def layer_text(self, holder: Value | None) -> str:
        """A layer as its class."""
        return short_name(holder) if isinstance(holder, Instance) else ""


def is_layer_step(step: Step) -> bool:
    """Whether a layer made it."""
    if step.origin.what:
        return True
    if any(isinstance(given, Instance) and _layer(given) for given in step.origin.inputs):
        return True
    return isinstance(step.value, Array) and step.value.kind == "keras"


def _layer(value: Instance) -> bool:
    return (value.library_type or "").startswith(("keras.layers.", "keras.Layer", "torch.nn."))


def whole_of(value: Value) -> Value:
    """The value that the program has, for a piece that a library cut off it."""
    while value.origin is not None and len(value.origin.inputs) == 1:
        given = value.origin.inputs[0]
        if given.origin is None or not is_part(value.origin, given.origin) or type(given) is not type(value):
            break
        value = given
    return value


def items_of(value: Value | None) -> tuple[Value, ...]:
    """The elements of a list, where they are known one by one."""
    if isinstance(value, Sequence):
        return value.contents.items() or ()
    return ()


def argument_of(path: str, node: ast.AST | None, name: str, position: int | None = None) -> Origin | None:
    """The argument of a call, by name or position."""
    if not isinstance(node, ast.Call):
        return None
    for keyword in node.keywords:
        if keyword.arg == name:
            return Origin(path, keyword.value)
    if position is not None and position < len(node.args):
        return Origin(path, node.args[position])
    return None
