"""A PyTorch module, held against batches by really calling a copy of it on one of them."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract, LabelContract
from foreshape.contracts.losses import label_contract
from foreshape.runtime.facts import Fact
from foreshape.runtime.live import Live, Run
from foreshape.runtime.quiet import same_random_state
from foreshape.runtime.refusal import Refusal, required, takes, takes_name

LIBRARY = "torch"
SMALL = 1_000_000
"""So many parameters, and a batch is through before more threads than one have woken up."""
CONVOLUTIONS = (torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d)


class TorchLive:
    """module: the person's own, which is never called and never changed. loss: a module, a function, or None."""

    library = LIBRARY
    own_step = False

    def __init__(self, module: Any, loss: Any = None) -> None:
        self.module = module
        self.loss = loss
        self.loss_name = "" if loss is None else getattr(loss, "__name__", type(loss).__name__)
        self.known_loss = str(getattr(loss, "__module__", "")).startswith("torch.")
        self.ignored: int | None = getattr(loss, "ignore_index", -100)

    def contract(self) -> Contract:
        """Nothing is known before the module runs: ``run`` finds out which inputs are ids."""
        return Contract((), source=type(self.module).__name__)

    def arguments(self) -> int | None:
        """How many tensors ``forward`` asks for; None where nobody says."""
        return required(self.module.forward)

    def takes_labels(self, name: str) -> bool:
        """Whether ``forward`` is given them too, as modules are that come with their loss."""
        return self.loss is None and takes_name(self.module.forward, name)

    def run(
        self,
        inputs: dict[str, NDArray[Any]],
        keyed: bool,
        training: bool = False,
        shapes: Mapping[str, tuple[int | None, ...]] | None = None,
    ) -> Run:
        """The shapes of what a copy gives for these rows, and the ids that reach an Embedding unchanged. Nothing is said
        of a module that cannot be copied, or that is called in another way."""
        arguments = self._arguments(inputs, keyed)
        if arguments is None:
            return Run()
        inputs, keyed = arguments
        run = self._called(inputs, keyed, training)
        if run.error is None or training:
            return run
        learning = self._called(inputs, keyed, True)  # some take other ways while they learn
        return learning if learning.error is None or self.module.training else run

    def _arguments(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> tuple[dict[str, NDArray[Any]], bool] | None:
        """What ``forward`` is called with, and whether by name; None where nobody says."""
        forward = self.module.forward
        if takes(forward, len(inputs), tuple(inputs) if keyed else ()):
            return inputs, keyed
        if not keyed:
            return None
        named = {name: array for name, array in inputs.items() if takes_name(forward, name)}
        if named and takes(forward, len(named), tuple(named)):
            return named, True
        return (inputs, False) if len(inputs) == 1 and not named and takes(forward, 1) else None

    def _called(self, inputs: dict[str, NDArray[Any]], keyed: bool, training: bool, watched: bool = False) -> Run:
        """One call of a copy. watched: with hooks in every module, which tell the one that refuses; they cost as much as a
        small model, so a call without them comes first."""
        tensors = {name: _tensor(array) for name, array in inputs.items()}
        found: dict[str, InputContract] = {}
        entered: list[Refusal | None] = []
        with same_random_state(), _threads(self.module), _unheard():
            try:
                module = copy.deepcopy(self.module).cpu().train(training)
            except Exception:
                return Run()
            for part in module.modules():
                if isinstance(part, torch.jit.ScriptModule):  # takes no hooks
                    continue
                if isinstance(part, torch.nn.Embedding):
                    part.register_forward_pre_hook(_watch(tensors, found))
                if watched:
                    part.register_forward_pre_hook(_enter(tensors, entered))
                    part.register_forward_hook(lambda *_: _left(entered))
            try:
                output = module(**tensors) if keyed else module(*tensors.values())
            except Exception as error:
                if not watched:
                    return self._called(inputs, keyed, training, watched=True)
                return Run(error=error, indexed=found, refusal=entered[-1] if entered else None)
        tensors_out = _tensors(output)
        rows = len(next(iter(inputs.values()))) if inputs else 0
        return Run([tuple(each.shape) for each in tensors_out], indexed=found, values=output, rows=rows)

    def refused_types(self, x: Any, y: Any) -> list[Fact]:
        """The program makes tensors itself."""
        return []

    def refuses(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> bool:
        """Whether these rows, as they are, raise."""
        return self.tried(inputs, keyed) is not None

    def tried(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> BaseException | None:
        arguments = self._arguments(inputs, keyed)
        if arguments is None:
            return None
        inputs, keyed = arguments
        found: BaseException | None = None
        for training in (self.module.training, not self.module.training):
            with same_random_state(), _threads(self.module), _unheard():
                try:
                    module = copy.deepcopy(self.module).cpu().train(training)
                except Exception:
                    return None
                try:
                    tensors = {name: _tensor(array) for name, array in inputs.items()}
                    module(**tensors) if keyed else module(*tensors.values())
                except Exception as error:
                    found = found or error
                else:
                    return None
        return found

    def doubtful(self) -> bool:
        """``run`` has called it already."""
        return False

    def spoilt(self, inputs: dict[str, NDArray[Any]], keyed: bool) -> bool:
        """Whether NaN or infinity in these rows reaches output or gradients. True where that cannot be tried."""
        with same_random_state(), _threads(self.module), warnings.catch_warnings(), torch.enable_grad():
            warnings.simplefilter("ignore")
            try:
                module = copy.deepcopy(self.module).cpu().eval()
                tensors = {name: _tensor(array) for name, array in inputs.items()}
                found = _tensors(module(**tensors) if keyed else module(*tensors.values()))
                sum(
                    each.sum() for each in found if each.requires_grad
                ).backward()  # infinity may show in gradients only
            except Exception:
                return True
        found += [each.grad for each in module.parameters() if each.grad is not None]
        return not all(bool(torch.isfinite(each).all()) for each in found)

    def parts(self, labels: dict[str, NDArray[Any]], run: Run) -> list[tuple[Live, str, NDArray[Any], Run]]:
        """One pair: the output that the loss takes where it takes one of several, else the first."""
        found = _tensors(run.values)
        if len(labels) != 1 or not found or self.loss is None:
            return []
        name, array = next(iter(labels.items()))
        if not isinstance(run.values, torch.Tensor):
            few = array[: found[0].shape[0]]
            if array.dtype.kind not in "OUS" and self.compare(few, run) == (None, None):
                return []  # a loss of the person's own that takes all of it
            for each in found:
                one = Run([tuple(each.shape)], values=each, rows=run.rows)
                if array.dtype.kind not in "OUS" and self.compare(few, one) == (None, None):
                    return [(self, name, array, one)]
        return [(self, name, array, Run([tuple(found[0].shape)], values=found[0], rows=run.rows))]

    def label_contract(self, name: str, outputs: list[tuple[int, ...]]) -> LabelContract | None:
        if not outputs or not self.loss_name:
            return None
        if not self.known_loss:
            return LabelContract(name, outputs[0][1:], loss=self.loss_name)
        return label_contract(name, self.loss_name, outputs[0][1:], torch=True)

    def compare(
        self, labels: NDArray[Any], run: Run, open_batch: bool = False
    ) -> tuple[BaseException | None, tuple[int, ...] | None]:
        """What the loss raises for labels of this shape and dtype, and the shape that it stretches both to."""
        if self.loss is None or run.values is None or not takes(getattr(self.loss, "forward", self.loss), 2):
            return None, None
        target = _tensor(np.zeros(labels.shape, labels.dtype))
        quiet = warnings.catch_warnings(record=True)
        with same_random_state(), _threads(self.module), torch.enable_grad(), quiet as said:
            warnings.simplefilter("always")
            try:
                loss = copy.deepcopy(self.loss) if isinstance(self.loss, torch.nn.Module) else self.loss
                value = loss(_learnt(run.values), target)
                if isinstance(value, torch.Tensor) and value.requires_grad:
                    value.sum().backward()  # some sizes are only compared here
            except Exception as error:
                return error, None
        if isinstance(run.values, torch.Tensor) and any("target size" in str(each.message) for each in said):
            return None, tuple(np.broadcast_shapes(tuple(run.values.shape), labels.shape))
        return None, None


def _tensor(array: NDArray[Any]) -> Any:
    """A copy, of the dtype that it had."""
    made = torch.from_numpy(np.array(array, copy=True))
    return made.bfloat16() if (array.dtype.metadata or {}).get("torch") == "bfloat16" else made


@contextmanager
def _threads(module: Any) -> Iterator[None]:
    """One thread for a small module: where others use the cores, waiting for a second one at every step of an LSTM takes a hundred
    times as long as the steps. Afterwards there are as many as before."""
    before = torch.get_num_threads()
    sizes = (0 if torch.nn.parameter.is_lazy(each) else each.numel() for each in module.parameters())
    small = before > 1 and sum(sizes) < SMALL
    if small:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if small:
            torch.set_num_threads(before)


@contextmanager
def _unheard() -> Iterator[None]:
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _learnt(output: Any) -> Any:
    """What a module gave, as if there were weights behind it; no leaf, which a loss could not change in place."""
    if isinstance(output, torch.Tensor) and output.is_floating_point():
        return output.detach().requires_grad_() * 1
    return output


def _tensors(output: Any) -> list[Any]:
    """The tensors that a loss may be given: the logits of a dict first, then in order."""
    if isinstance(output, dict):
        output = [output["logits"]] if "logits" in output else list(output.values())
    if not isinstance(output, (tuple, list)):
        output = [output]
    return [each for each in output if isinstance(each, torch.Tensor) and each.ndim]


def _watch(tensors: dict[str, Any], found: dict[str, InputContract]) -> Any:
    """Ids that are those of an input make its range known. They are brought into it, so that the rest runs too."""

    def hook(embedding: Any, args: tuple[Any, ...]) -> Any:
        ids = args[0] if args else None
        if not isinstance(ids, torch.Tensor) or ids.is_floating_point():
            return None
        known = False
        for name, tensor in tensors.items():
            if tensor.shape == ids.shape and bool((tensor == ids).all()):
                known = True
                high = embedding.num_embeddings - 1
                if name in found:  # another table reads the same ids
                    high = min(high, found[name].high or 0)
                shape = tuple(None for _ in tensor.shape[1:])
                found[name] = InputContract(name, shape, kind="integer", low=0, high=high)
        if not known:  # positions, or what the model makes of its input: whether they fit is seen when it runs
            return None
        return (ids.clamp(0, embedding.num_embeddings - 1), *args[1:])

    return hook


def _left(entered: list[Refusal | None]) -> None:
    """A layer has done its work: what raises after it is not its fault."""
    entered.pop()


def _enter(tensors: dict[str, Any], entered: list[Refusal | None]) -> Any:
    """Remember what every layer is given, and what it wants, as long as it is at work."""

    def hook(part: Any, args: tuple[Any, ...]) -> None:
        given = args[0] if args else None
        if not isinstance(given, torch.Tensor):
            entered.append(None)
            return
        source = next((name for name, tensor in tensors.items() if tensor is given), "")
        axis, wanted = -1, None
        if isinstance(part, torch.nn.Linear):
            wanted = part.in_features
        elif isinstance(part, torch.nn.RNNBase):
            wanted = part.input_size
        elif isinstance(part, CONVOLUTIONS):
            axis, wanted = 1, part.in_channels
        own = next((str(each.dtype) for each in part.parameters(recurse=False)), "")
        if isinstance(part, (torch.nn.Embedding, torch.nn.EmbeddingBag)):
            own = ""  # ids are no numbers of its kind
        entered.append(
            Refusal(
                type(part).__name__,
                tuple(given.shape),
                str(given.dtype).removeprefix("torch."),
                axis=axis,
                wanted=wanted,
                weights=own.removeprefix("torch."),
                source=source,
            )
        )

    return hook
