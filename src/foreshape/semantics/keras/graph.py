"""Symbolic tensors and the graph that they remember: which call of which layer made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Instance, Sequence, Unknown, Value
from foreshape.semantics.keras.traced import placeholder
from foreshape.semantics.shared.structure import flatten, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

HISTORY = "keras_history"
Operation = Callable[["Context", SequenceOf[Value], Mapping[str, Value]], Value]


class Node:
    """One symbolic call. ``layer`` is None for an operation that is not a layer (``x + y``): ``apply`` then computes
    it from
    tensors. ``outputs`` are filled in once. Nothing changes afterwards."""

    __slots__ = ("apply", "args", "kwargs", "layer", "name", "outputs")

    def __init__(
        self,
        layer: Instance | None,
        args: SequenceOf[Value],
        kwargs: Mapping[str, Value],
        name: str,
        apply: Operation | None = None,
    ) -> None:
        self.layer = layer
        self.args = tuple(args)
        self.kwargs = dict(kwargs)
        self.name = name
        self.apply = apply
        self.outputs: tuple[Array, ...] = ()

    @property
    def is_input(self) -> bool:
        return not self.args and not self.kwargs and self.apply is None

    def inputs(self) -> list[Array]:
        """The symbolic tensors that it was called on."""
        found: list[Array] = []
        for value in (*self.args, *self.kwargs.values()):
            found.extend(leaf for leaf in flatten(value) if is_symbolic(leaf))  # type: ignore[misc]
        return found


def is_symbolic(value: Value | None) -> bool:
    """Whether it is a symbolic Keras tensor."""
    return isinstance(value, Array) and value.kind == "keras"


def any_symbolic(values: SequenceOf[Value]) -> bool:
    """Whether a symbolic tensor is anywhere in these nested structures."""
    return any(is_symbolic(leaf) or _holds_symbolic(leaf) for value in values for leaf in flatten(value))


def _holds_symbolic(leaf: Value) -> bool:
    """Whether it is a list of tensors whose number is not known, with a symbolic one among them."""
    return isinstance(leaf, Sequence) and any(is_symbolic(each) for each in leaf.contents.distinct())


def history(tensor: Value) -> tuple[Node, int] | None:
    """The node that made a symbolic tensor, and which of its outputs it is."""
    if isinstance(tensor, Array):
        found: tuple[Node, int] | None = tensor.meta.get(HISTORY)
        return found
    return None


def key_of(tensor: Value) -> tuple[int, int] | None:
    """What identifies a symbolic tensor (values may be copied)."""
    found = history(tensor)
    return None if found is None else (id(found[0]), found[1])


def plain(value: Value) -> Value:
    """The same structure with symbolic tensors as the placeholders that ``call`` works on."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.kind == "keras":
            return placeholder(leaf.replace(meta={"mask": leaf.meta["mask"]} if "mask" in leaf.meta else {}))
        return leaf

    return mapped(one, value)


def symbolic(node: Node, result: Value) -> Value:
    """The structure with every tensor as a symbolic output of the node."""
    outputs: list[Array] = []

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array):
            meta = {HISTORY: (node, len(outputs))}
            if "mask" in leaf.meta:
                meta["mask"] = leaf.meta["mask"]
            made = leaf.replace(kind="keras", meta=meta)
        else:
            unknown = Unknown("a mask of something that is not known")
            made = Array("keras", None, None, meta={HISTORY: (node, len(outputs)), "mask": unknown})
            made.tainted = leaf.tainted
        outputs.append(made)
        return made

    made = mapped(one, result)
    node.outputs = tuple(outputs)
    return made


def operation(
    cx: Context, name: str, apply: Operation, args: SequenceOf[Value], kwargs: Mapping[str, Value] | None = None
) -> Value:
    """An operation on tensors, symbolic where one of them is."""
    named = dict(kwargs or {})
    if not any_symbolic((*args, *named.values())):
        return apply(cx, args, named)
    node = Node(None, args, named, name, apply)
    result = apply(cx, [plain(value) for value in args], {key: plain(value) for key, value in named.items()})
    return symbolic(node, result)


class Replay:
    """Computes outputs of a graph from values for its inputs."""

    def __init__(self, cx: Context, feed: Mapping[tuple[int, int], Value], kwargs: Mapping[str, Value]) -> None:
        self.cx = cx
        self.known: dict[tuple[int, int], Value] = dict(feed)
        self.kwargs = kwargs

    def value(self, tensor: Value) -> Value:
        """What a symbolic tensor of the graph is with this feed. Raises KeyError where it is not connected to it."""
        found = history(tensor)
        if found is None:
            return tensor
        node, number = found
        key = (id(node), number)
        if key not in self.known:
            self._compute(node)
        return self.known[key]

    def _compute(self, node: Node) -> None:
        # an explicit stack: a deep graph must not reach Python's recursion limit
        pending = [node]
        while pending:
            current = pending[-1]
            if (id(current), 0) in self.known:
                pending.pop()
                continue
            if current.is_input:
                raise KeyError(current.name)
            missing = [
                made[0]
                for tensor in current.inputs()
                if (made := history(tensor)) is not None and (id(made[0]), made[1]) not in self.known
            ]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            args = [mapped(self._known, value) for value in current.args]
            kwargs = {key: mapped(self._known, value) for key, value in current.kwargs.items()}
            if current.apply is not None:
                result = current.apply(self.cx, args, kwargs)
            else:
                assert current.layer is not None
                result = self._call(current.layer, args, kwargs)
            leaves = flatten(result)
            for number in range(max(len(current.outputs), 1)):
                if len(leaves) == len(current.outputs):
                    self.known[id(current), number] = leaves[number]
                else:
                    self.known[id(current), number] = self.cx.unknown("what the layer gives is not known")

    def _call(self, layer: Instance, args: list[Value], kwargs: dict[str, Value]) -> Value:
        from foreshape.semantics.keras.calling import call_object

        return call_object(self.cx, layer, args, kwargs)

    def _known(self, leaf: Value) -> Value:
        key = key_of(leaf) if is_symbolic(leaf) else None
        return leaf if key is None else self.known[key]


def walk(outputs: SequenceOf[Value], inputs: SequenceOf[Value]) -> tuple[list[Node], Value | None]:
    """The nodes between inputs and outputs, inputs first; and an output that needs something else, if one does."""
    stop = {key_of(tensor) for tensor in inputs}
    order: list[Node] = []
    state: dict[int, bool] = {}
    for output in outputs:
        first = history(output)
        if first is None or (id(first[0]), first[1]) in stop:
            continue
        pending: list[tuple[Node, bool]] = [(first[0], False)]
        while pending:
            node, done = pending.pop()
            if done:
                order.append(node)
                state[id(node)] = True
                continue
            if id(node) in state:
                continue
            if node.is_input:
                return order, output
            state[id(node)] = False
            pending.append((node, True))
            for tensor in reversed(node.inputs()):
                made = history(tensor)
                if made is not None and (id(made[0]), made[1]) not in stop and id(made[0]) not in state:
                    pending.append((made[0], False))
    return order, None
