"""What the exit status of a command says."""

from __future__ import annotations

from typing import Final

CLEAN: Final = 0
FAULTS: Final = 1
USAGE: Final = 2  # a wrong command line or configuration, or something that cannot be read
INTERNAL: Final = 3  # a fault of Foreshape itself
