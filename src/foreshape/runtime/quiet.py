"""Looking without being noticed: the random states of a program are the same afterwards."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def same_random_state(*owners: Any) -> Iterator[None]:
    """Python, NumPy and PyTorch draw the same numbers after the block as they would have without it. owners: loaders, whose own
    generators are put back too."""
    python, numpy = random.getstate(), np.random.get_state()
    torch = sys.modules.get("torch")
    drawn = torch.get_rng_state() if torch is not None else None
    own = [(each, each.get_state()) for each in _generators(owners)] if torch is not None else []
    seeds = _keras_2_seeds()
    drawn_seeds = seeds.getstate() if seeds is not None else None
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        if torch is not None:
            torch.set_rng_state(drawn)
        if seeds is not None and drawn_seeds is not None:
            seeds.setstate(drawn_seeds)
        for generator, state in own:
            generator.set_state(state)


def _keras_2_seeds() -> random.Random | None:
    """What Keras 2 draws the seeds of initializers from, once a seed was set."""
    backend = sys.modules.get("tf_keras.src.backend") or sys.modules.get("keras.backend")
    found = getattr(getattr(backend, "_SEED_GENERATOR", None), "generator", None)
    return found if isinstance(found, random.Random) else None


def _generators(owners: tuple[Any, ...]) -> list[Any]:
    """Generators of PyTorch that a loader, its sampler or its batch sampler holds."""
    torch = sys.modules["torch"]
    found: list[Any] = []
    for owner in owners:
        sampler = getattr(owner, "sampler", None)
        for holder in (owner, sampler, getattr(getattr(owner, "batch_sampler", None), "sampler", None)):
            generator = getattr(holder, "generator", None)
            if isinstance(generator, torch.Generator) and not any(generator is each for each in found):
                found.append(generator)
    return found
