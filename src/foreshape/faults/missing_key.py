"""``missing-key``: a dict is asked for a key that it does not have."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class MissingKey(Fault):
    """key: as Python prints it. known: the keys that are there, as Python prints them. dated: a position was asked of rows
    whose labels are dates."""

    name: ClassVar[str] = "missing-key"
    summary: ClassVar[str] = "A dict is asked for a key that it does not have."

    key: str
    known: tuple[str, ...] = ()
    dated: bool = False

    page: ClassVar[str] = """\
``history.history["accuracy"]`` is there only if the model was compiled with that metric, ``config["units"]`` only if someone
put it there. A key that is not there is a KeyError.
"""
    faulty: ClassVar[str] = """\
config = {"units": 32, "timesteps": 10}
shape = (config["timesteps"], config["features"])
"""
    fixed: ClassVar[str] = """\
config = {"units": 32, "timesteps": 10, "features": 3}
shape = (config["timesteps"], config["features"])
"""
