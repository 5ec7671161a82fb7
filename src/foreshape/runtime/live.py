"""What is asked of a live model, whatever library it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract, LabelContract
from foreshape.runtime.facts import Fact
from foreshape.runtime.refusal import Refusal


class Run:
    """What came of running a model on some rows. outputs: shapes, the batch axis included. indexed: inputs whose values index
    an Embedding. error: what was raised instead. values: the output itself, where the library needs it again. refusal: the
    layer that raised. rows: of what it was given, 0 where that is not known."""

    __slots__ = ("error", "indexed", "outputs", "refusal", "rows", "values")

    def __init__(
        self,
        outputs: list[tuple[int, ...]] | None = None,
        indexed: dict[str, InputContract] | None = None,
        error: BaseException | None = None,
        values: Any = None,
        refusal: Refusal | None = None,
        rows: int = 0,
    ) -> None:
        self.outputs = outputs or []
        self.indexed = indexed or {}
        self.error = error
        self.values = values
        self.refusal = refusal
        self.rows = rows


class Live(Protocol):
    """A model that is there. known_loss: the loss is the library's own, so that what it makes of NaN and of numbers is known.
    ignored: the label that it leaves out. own_step: what is done with a batch is code of the program, called by the library."""

    library: str
    loss_name: str
    known_loss: bool
    ignored: int | None
    own_step: bool

    def contract(self) -> Contract:
        """What the model says about its input; no inputs where it says nothing before it runs."""
        ...

    def run(
        self,
        inputs: dict[str, NDArray[Any]],
        keyed: bool,
        training: bool = False,
        shapes: Mapping[str, tuple[int | None, ...]] | None = None,
    ) -> Run:
        """Output shapes for these rows. The person's model is not changed by it. shapes: what the data declares, where that is
        less than what there is."""
        ...

    def arguments(self) -> int | None:
        """How many inputs it has to be given; None where nobody says."""
        ...

    def takes_labels(self, name: str) -> bool:
        """Whether labels of this name are among what the model itself is called with."""
        ...

    def refused_types(self, x: Any, y: Any) -> list[Fact]:
        """What ``fit`` does not take at all, because of its type."""
        ...

    def refuses(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> bool:
        """Whether these rows really raise; True where that cannot be tried."""
        ...

    def tried(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> BaseException | None:
        """What really calling it with these rows raises; None for nothing, and where that cannot be tried."""
        ...

    def doubtful(self) -> bool:
        """Whether values inside of the model may raise although the shapes go through."""
        ...

    def spoilt(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> bool:
        """Whether NaN or infinity in these rows reaches the output; True where that cannot be tried."""
        ...

    def parts(self, labels: dict[str, NDArray[Any]], run: Run) -> list[tuple[Live, str, NDArray[Any], Run]]:
        """The labels of each output, with the model seen as one that has this output alone."""
        ...

    def label_contract(self, name: str, outputs: list[tuple[int, ...]]) -> LabelContract | None:
        """What its loss wants of labels; None where there is no loss."""
        ...

    def compare(
        self, labels: NDArray[Any], run: Run, open_batch: bool = False
    ) -> tuple[BaseException | None, tuple[int, ...] | None]:
        """What the loss raises for such labels, and the shape it stretches both to where they are not alike. open_batch: the
        size of a batch is not known before it comes."""
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
