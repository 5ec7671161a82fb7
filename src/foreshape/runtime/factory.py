"""The contract of a PyTorch module that a function of the person's own makes: ``package.module:factory``."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from foreshape.contracts import Contract, ContractError, InputContract


def contract_of_factory(name: str) -> Contract:
    """Import the module, call the factory, and read the modules that come first. Raises ContractError."""
    module_name, _, factory_name = name.partition(":")
    sys.path.insert(0, os.getcwd())
    try:
        made: Any = importlib.import_module(module_name)
        for part in factory_name.split("."):
            made = getattr(made, part)
        model = made()
    except Exception as error:
        raise ContractError(f"{name}: {type(error).__name__}: {error}") from None
    finally:
        sys.path.remove(os.getcwd())
    import torch

    if not isinstance(model, torch.nn.Module):
        from foreshape.runtime.live import live_model

        return live_model(model).contract()
    return Contract((_first_input(model, name),), source=name)


def _first_input(model: Any, name: str) -> InputContract:
    """What the first module with parameters reads, in the order in which they were made."""
    import torch.nn as nn

    for part in model.modules():
        if isinstance(part, (nn.Embedding, nn.EmbeddingBag)):
            return InputContract("x", (None,), axes=("timesteps",), kind="integer", low=0, high=part.num_embeddings - 1)
        if isinstance(part, nn.RNNBase):
            return InputContract("x", (None, part.input_size), axes=("timesteps", "features"), kind="float")
        if isinstance(part, nn.Conv1d):
            return InputContract("x", (part.in_channels, None), axes=("channels", "timesteps"), kind="float")
        if isinstance(part, nn.Conv2d):
            axes = ("channels", "height", "width")
            return InputContract("x", (part.in_channels, None, None), axes=axes, kind="float")
        if isinstance(part, nn.Linear):
            return InputContract("x", (part.in_features,), axes=("features",), kind="float")
    raise ContractError(f"{name}: none of its modules says what it reads. Write a contract file by hand")
