"""What is asked of a live model, whatever library it comes from."""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract, LabelContract


class Run:
    """What came of running a model on some rows. outputs: shapes, the batch axis included. indexed: inputs whose values index
    an Embedding. error: what was raised instead. values: the first output itself, where the library needs it again."""

    __slots__ = ("error", "indexed", "outputs", "values")

    def __init__(
        self,
        outputs: list[tuple[int, ...]] | None = None,
        indexed: dict[str, InputContract] | None = None,
        error: BaseException | None = None,
        values: Any = None,
    ) -> None:
        self.outputs = outputs or []
        self.indexed = indexed or {}
        self.error = error
        self.values = values


class Live(Protocol):
    """A model that is there."""

    library: str
    loss_name: str

    def contract(self) -> Contract:
        """What the model says about its input; no inputs where it says nothing before it runs."""
        ...

    def run(self, inputs: dict[str, NDArray[Any]], keyed: bool, training: bool = False) -> Run:
        """Output shapes for these rows. The person's model is not changed by it."""
        ...

    def label_contract(self, name: str, outputs: list[tuple[int, ...]]) -> LabelContract | None:
        """What its loss wants of labels; None where there is no loss."""
        ...

    def compare(self, labels: NDArray[Any], run: Run) -> tuple[BaseException | None, tuple[int, ...] | None]:
        """What the loss raises for such labels, and the shape it stretches both to where they are not alike."""
        ...


def live_model(model: Any, loss: Any = None) -> Live:
    """The model of any library. Raises TypeError for what is no model."""
    names = {base.__module__.partition(".")[0] for base in type(model).__mro__}
    if "torch" in names and "keras" not in names:
        from foreshape.runtime.torch_live import TorchLive

        return TorchLive(model, loss)
    if names & {"keras", "tf_keras", "tensorflow"}:
        from foreshape.runtime.keras_live import KerasLive

        return KerasLive(model, loss)
    raise TypeError(f"{type(model).__name__} is no Keras model and no PyTorch module")
