"""Which faults there are. Their names are known without importing them: one file each, named after its fault."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.faults.base import Fault

_NO_FAULTS: Final = frozenset({"base", "catalog"})


def fault_names() -> list[str]:
    """The kebab-case names of all faults, sorted."""
    files = os.listdir(os.path.dirname(__file__))
    modules = [name[:-3] for name in files if name.endswith(".py") and not name.startswith("_")]
    return sorted(module.replace("_", "-") for module in modules if module not in _NO_FAULTS)


def fault_class(name: str) -> type[Fault]:
    """The class of a fault. Raises KeyError for a name that is none."""
    from foreshape.faults.base import Fault

    if name not in fault_names():
        raise KeyError(name)
    module = import_module(f"foreshape.faults.{name.replace('-', '_')}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Fault) and value is not Fault and value.name == name:
            return value
    raise KeyError(name)
