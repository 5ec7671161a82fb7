"""A PyTorch module, held against batches by really calling a copy of it on one of them."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from foreshape.contracts import Contract, InputContract
from foreshape.contracts.losses import label_contract
from foreshape.runtime.live import Run

LIBRARY = "torch"


class TorchLive:
    """module: the person's own, which is never called and never changed. loss: a module, a function, or None."""

    library = LIBRARY

    def __init__(self, module: Any, loss: Any = None) -> None:
        self.module = module
        self.loss = loss
        self.loss_name = "" if loss is None else getattr(loss, "__name__", type(loss).__name__)
        self._copy: Any = None

    def contract(self) -> Contract:
        """Nothing is known before the module runs: ``run`` finds out which inputs are ids."""
        return Contract((), source=type(self.module).__name__)

    def _quiet_copy(self) -> Any:
        if self._copy is None:
            self._copy = copy.deepcopy(self.module).cpu()
        return self._copy

    def run(self, inputs: dict[str, NDArray[Any]], keyed: bool, training: bool = False) -> Run:
        """The shapes of what a copy gives for these rows, and the ids that reach an Embedding unchanged."""
        module = self._quiet_copy().train(training)
        tensors = {name: torch.from_numpy(np.array(array, copy=True)) for name, array in inputs.items()}
        found: dict[str, InputContract] = {}
        hooks = [
            part.register_forward_pre_hook(self._watch(tensors, found))
            for part in module.modules()
            if isinstance(part, torch.nn.Embedding)
        ]
        generator = torch.get_rng_state()
        try:
            with torch.no_grad(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                output = module(**tensors) if keyed else module(*tensors.values())
        except Exception as error:
            return Run(error=error, indexed=found)
        finally:
            torch.set_rng_state(generator)
            for hook in hooks:
                hook.remove()
        first = output[0] if isinstance(output, (tuple, list)) else output
        if isinstance(first, dict):
            first = next(iter(first.values()), None)
        shapes = [tuple(first.shape)] if isinstance(first, torch.Tensor) else []
        return Run(outputs=shapes, indexed=found, values=first)

    @staticmethod
    def _watch(tensors: dict[str, Any], found: dict[str, InputContract]) -> Any:
        """Ids that are those of an input make its range known. They are brought into it, so that the rest runs too."""

        def hook(embedding: Any, args: tuple[Any, ...]) -> Any:
            ids = args[0] if args else None
            if not isinstance(ids, torch.Tensor) or ids.is_floating_point():
                return None
            for name, tensor in tensors.items():
                if tensor.shape == ids.shape and bool((tensor == ids).all()):
                    high = embedding.num_embeddings - 1
                    shape = tuple(None for _ in tensor.shape[1:])
                    found[name] = InputContract(name, shape, kind="integer", low=0, high=high)
            return (ids.clamp(0, embedding.num_embeddings - 1), *args[1:])

        return hook

    def label_contract(self, name: str, outputs: list[tuple[int, ...]]) -> Any:
        return label_contract(name, self.loss_name, outputs[0][1:], torch=True) if outputs and self.loss_name else None

    def compare(self, labels: NDArray[Any], run: Run) -> tuple[BaseException | None, tuple[int, ...] | None]:
        """What the loss raises for labels of this shape and dtype, and the shape that it stretches both to."""
        if self.loss is None or run.values is None:
            return None, None
        target = torch.from_numpy(np.zeros(labels.shape, labels.dtype))
        try:
            with torch.no_grad(), warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                self.loss(run.values, target)
        except Exception as error:
            return error, None
        if any("target size" in str(each.message) for each in said):
            return None, tuple(np.broadcast_shapes(tuple(run.values.shape), labels.shape))
        return None, None
