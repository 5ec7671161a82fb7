"""Which column of a data set feeds which input of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from foreshape.contracts import Contract, InputContract, LabelContract
from foreshape.data.sources import DataError

if TYPE_CHECKING:
    import pyarrow as pa

LABELS: Final = ("label", "labels", "y", "target", "targets", "class")
INPUTS: Final = ("x", "input", "inputs", "features", "input_ids", "tokens", "sequence", "sequences", "data")


class Binding:
    """columns: every input or label with the columns that feed it; several scalar columns make one vector together."""

    __slots__ = ("columns", "contract")

    def __init__(
        self, contract: Contract, columns: Sequence[tuple[InputContract | LabelContract, tuple[str, ...]]]
    ) -> None:
        self.contract = contract
        self.columns = tuple(columns)

    @property
    def names(self) -> list[str]:
        """The columns that have to be read."""
        return list(dict.fromkeys(name for _, columns in self.columns for name in columns))

    def as_dict(self) -> dict[str, Any]:
        return {
            "contract": self.contract.as_dict(),
            "columns": [[part.name, list(columns)] for part, columns in self.columns],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Binding:
        import json

        contract = Contract.from_json(json.dumps(data["contract"]))
        parts: list[InputContract | LabelContract] = [*contract.inputs, *contract.labels]
        bound: list[tuple[InputContract | LabelContract, tuple[str, ...]]] = []
        for name, columns in data["columns"]:  # a model of one layer calls its input and its output by the same name
            part = next((each for each in parts if each.name == name), None)
            if part is None:
                raise KeyError(name)
            parts.remove(part)
            bound.append((part, tuple(columns)))
        return cls(contract, bound)


def bind(contract: Contract, schema: pa.Schema, chosen: Mapping[str, str]) -> Binding:
    """The columns for every input and label: those that are chosen by name, else of the same name, else what is usual. A
    label without a column is left out. Raises DataError for an input without one."""
    names = list(schema.names)
    known = [*(each.name for each in contract.inputs), *(each.name for each in contract.labels)]
    for part, column in chosen.items():
        if part not in known:
            raise DataError(f"there is no input or label {part} in the contract; there are: {', '.join(known)}")
        if column not in names:
            raise DataError(f"there is no column {column}; there are: {', '.join(names)}")
    labels = _labels(contract.labels, names, chosen)
    taken = {column for columns in labels.values() for column in columns}
    rest = [name for name in names if name not in taken]
    inputs: list[tuple[InputContract | LabelContract, tuple[str, ...]]] = []
    for each in contract.inputs:
        columns = _input(each, rest, schema, chosen, len(contract.inputs) == 1)
        if not columns and len(contract.inputs) == 1 and _is_table(each, rest, schema):
            assert each.shape
            raise DataError(
                f"the input {each.name} wants {each.shape[0]} columns, but there are {len(rest)}: {', '.join(rest)}"
            )
        if not columns:
            raise DataError(
                f"no column feeds the input {each.name}; there are: {', '.join(names)}. Name one: --column {each.name}=NAME"
            )
        inputs.append((each, columns))
    found = [(each, labels[each.name]) for each in contract.labels if labels.get(each.name)]
    return Binding(contract, [*inputs, *found])


def _is_table(each: InputContract, names: Sequence[str], schema: pa.Schema) -> bool:
    """Whether a vector was to be put together of columns of single numbers."""
    vector = each.shape is not None and len(each.shape) == 1 and each.shape[0] is not None
    return vector and len(names) > 1 and not any(schema.field(name).type.num_fields for name in names)


def _labels(
    labels: Sequence[LabelContract], names: Sequence[str], chosen: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in labels:
        usual = [name for name in names if name.lower() in LABELS] if len(labels) == 1 else []
        column = chosen.get(each.name) or (each.name if each.name in names else next(iter(usual), None))
        if column is not None:
            found[each.name] = (column,)
    return found


def _input(
    each: InputContract, names: Sequence[str], schema: pa.Schema, chosen: Mapping[str, str], only: bool
) -> tuple[str, ...]:
    if each.name in chosen:
        return (chosen[each.name],)
    if each.name in names:
        return (each.name,)
    if not only:
        return ()
    usual = [name for name in names if name.lower() in INPUTS]
    if usual:
        return (usual[0],)
    if len(names) == 1:
        return (names[0],)
    nested = [name for name in names if schema.field(name).type.num_fields]
    if len(nested) == 1:
        return (nested[0],)
    if each.shape is not None and len(each.shape) == 1 and each.shape[0] == len(names) and not nested:
        return tuple(names)
    return ()
