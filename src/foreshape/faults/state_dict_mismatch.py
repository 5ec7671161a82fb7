"""``state-dict-mismatch``: saved parameters do not fit the module that they are loaded into."""

from __future__ import annotations

from typing import ClassVar

from foreshape.domain.values import Shape
from foreshape.faults.base import Fault


class StateDictMismatch(Fault):
    """module: the name of its class. missing, unexpected: keys. sizes: (key, shape in the checkpoint, shape in the model)."""

    name: ClassVar[str] = "state-dict-mismatch"
    summary: ClassVar[str] = "Saved parameters do not fit the module that they are loaded into."

    module: str
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    sizes: tuple[tuple[str, Shape, Shape], ...]

    page: ClassVar[str] = """\
``load_state_dict`` looks every parameter up by its name, as the modules are nested, and copies it: names and shapes must be those of
the model that was saved. ``strict=False`` lets names differ, never shapes.
"""
    faulty: ClassVar[str] = """\
from torch import nn

trained = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 5))
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))
model.load_state_dict(trained.state_dict())
"""
    fixed: ClassVar[str] = """\
from torch import nn

trained = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 5))
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 5))
model.load_state_dict(trained.state_dict())
"""
