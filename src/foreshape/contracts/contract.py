"""The contract itself: plain data, made of a live model, a saved one, or a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

Size = int | None
SCHEMA: Final = 1
PLURALS: Final = {"height": "rows", "width": "columns"}
KINDS: Final = ("float", "integer", "any")
LABEL_KINDS: Final = ("class-index", "one-hot", "binary", "real")


class ContractError(ValueError):
    """A contract that cannot be read, or contradicts itself."""


class InputContract:
    """One input of a model.

    name: of the input, or of the column that feeds it. shape: without the batch axis, None for a size that is free. axes: a
    word per axis ("timesteps", "features"). kind: "float", "integer" or "any". low, high: the range of indices, inclusive,
    where it feeds an ``Embedding``. wraps: whether the library reads -1 as the last row instead of raising.
    """

    __slots__ = ("axes", "high", "kind", "low", "name", "shape", "wraps")

    def __init__(
        self,
        name: str,
        shape: tuple[Size, ...] | None,
        *,
        axes: tuple[str, ...] = (),
        kind: str = "any",
        low: int | None = None,
        high: int | None = None,
        wraps: bool = False,
    ) -> None:
        self.name = name
        self.shape = shape
        self.axes = axes if shape is not None and len(axes) == len(shape) else ()
        self.kind = kind
        self.low = low
        self.high = high
        self.wraps = wraps

    def axis(self, number: int) -> str:
        """The word of an axis: "timesteps", else "axis 1" with the batch axis counted."""
        return self.axes[number] if self.axes else f"axis {number + 1}"

    @property
    def words(self) -> tuple[str, str]:
        """What lies along the first two axes of a row: ("timesteps", "features"), ("numbers", ...) for a vector of known size."""
        if self.axes:
            first, second = (PLURALS.get(each, each) for each in (*self.axes, "features")[:2])
            return first, second
        vector = self.shape is not None and len(self.shape) == 1 and self.shape[0] is not None
        return ("numbers" if vector else "timesteps"), "features"

    def as_dict(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name, "shape": None if self.shape is None else list(self.shape)}
        if self.axes:
            entry["axes"] = list(self.axes)
        entry["kind"] = self.kind
        if self.low is not None or self.high is not None:
            entry |= {"low": self.low, "high": self.high, "wraps": self.wraps}
        return entry


class LabelContract:
    """What a loss compares the output with.

    name: of the output, or of the column. shape: of one label, without the batch axis; None where it is not known. kind:
    "class-index" (whole numbers below ``classes``), "one-hot", "binary" (0 or 1) or "real". loss: its name, for messages.
    """

    __slots__ = ("classes", "kind", "loss", "name", "shape")

    def __init__(
        self,
        name: str,
        shape: tuple[Size, ...] | None,
        *,
        kind: str = "real",
        classes: int | None = None,
        loss: str = "",
    ) -> None:
        self.name = name
        self.shape = shape
        self.kind = kind
        self.classes = classes
        self.loss = loss

    @property
    def words(self) -> tuple[str, str]:
        """What lies along the first two axes of a label."""
        return ("numbers" if self.shape is not None and len(self.shape) < 2 else "timesteps"), "numbers"

    def as_dict(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name, "shape": None if self.shape is None else list(self.shape)}
        entry["kind"] = self.kind
        if self.classes is not None:
            entry["classes"] = self.classes
        if self.loss:
            entry["loss"] = self.loss
        return entry


class Contract:
    """inputs and labels of a model. batch_size: fixed (stateful layers), else None. source: where it comes from."""

    __slots__ = ("batch_size", "inputs", "labels", "source")

    def __init__(
        self,
        inputs: tuple[InputContract, ...],
        labels: tuple[LabelContract, ...] = (),
        batch_size: int | None = None,
        source: str = "",
    ) -> None:
        self.inputs = inputs
        self.labels = labels
        self.batch_size = batch_size
        self.source = source

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of a contract file."""
        return {
            "schema": SCHEMA,
            "source": self.source,
            "batch_size": self.batch_size,
            "inputs": [each.as_dict() for each in self.inputs],
            "labels": [each.as_dict() for each in self.labels],
        }

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str = "the contract") -> Contract:
        """Read what :meth:`to_json` wrote, or a person. Raises ContractError, which says what is wrong and where."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise ContractError(f"{where} is not JSON: {error}") from None
        if not isinstance(data, dict) or not isinstance(data.get("inputs"), list):
            raise ContractError(f"{where} has no list of inputs")
        if not data["inputs"]:
            raise ContractError(f"{where} names no input")
        if not isinstance(data.get("labels") or [], list):
            raise ContractError(f"{where}: labels is {data['labels']!r}, but it has to be a list")
        if data.get("schema", SCHEMA) != SCHEMA:
            raise ContractError(f"{where} has schema {data['schema']!r}, but this release reads {SCHEMA}")
        inputs = tuple(_input(each, f"{where}, input {i}") for i, each in enumerate(data["inputs"], 1))
        labels = tuple(_label(each, f"{where}, label {i}") for i, each in enumerate(data.get("labels") or [], 1))
        for names in ([each.name for each in inputs], [each.name for each in labels]):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise ContractError(f"{where} has the name {twice} twice")
        batch = data.get("batch_size")
        if batch is not None and (type(batch) is not int or batch < 1):
            raise ContractError(f"{where}: batch_size is {batch!r}, but it has to be a whole number or null")
        return cls(inputs, labels, batch, str(data.get("source") or ""))


def _input(data: Any, where: str) -> InputContract:
    name, shape = _name_and_shape(data, where)
    kind = data.get("kind", "any")
    if kind not in KINDS:
        raise ContractError(f"{where}: kind is {kind!r}, but it has to be one of {', '.join(KINDS)}")
    axes = data.get("axes") or ()
    if axes and (shape is None or len(axes) != len(shape)):
        raise ContractError(f"{where}: {len(axes)} axes are named, but the shape has {len(shape or ())}")
    for bound in ("low", "high"):
        if not isinstance(data.get(bound), (int, type(None))):
            raise ContractError(f"{where}: {bound} is {data[bound]!r}, but it has to be a whole number or null")
    return InputContract(
        name,
        shape,
        axes=tuple(map(str, axes)),
        kind=kind,
        low=data.get("low"),
        high=data.get("high"),
        wraps=bool(data.get("wraps")),
    )


def _label(data: Any, where: str) -> LabelContract:
    name, shape = _name_and_shape(data, where)
    kind = data.get("kind", "real")
    if kind not in LABEL_KINDS:
        raise ContractError(f"{where}: kind is {kind!r}, but it has to be one of {', '.join(LABEL_KINDS)}")
    classes = data.get("classes")
    if kind in ("class-index", "one-hot") and not isinstance(classes, (int, type(None))):
        raise ContractError(f"{where}: classes is {classes!r}, but it has to be a whole number or null")
    return LabelContract(name, shape, kind=kind, classes=classes, loss=str(data.get("loss") or ""))


def _name_and_shape(data: Any, where: str) -> tuple[str, tuple[Size, ...] | None]:
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str):
        raise ContractError(f"{where} has no name")
    shape = data.get("shape")
    if shape is None:
        return data["name"], None
    if not isinstance(shape, list) or any(not (size is None or (type(size) is int and size > 0)) for size in shape):
        raise ContractError(f"{where}: shape is {shape!r}, but it has to be a list of sizes, null for a free one")
    return data["name"], tuple(shape)
