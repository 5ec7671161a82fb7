"""What may be anything: a frame with labels of its own, a dict of columns or rows, a list."""

from __future__ import annotations

from foreshape.domain.values import Choice, LibraryRef, Unknown, Value
from foreshape.semantics.registry import REGISTRY


def is_open(data: Value) -> bool:
    """Whether nothing is known of a value, of a module that is not seen for instance."""
    return isinstance(data, (Unknown, Choice)) or (isinstance(data, LibraryRef) and not REGISTRY.is_known(data.name))
