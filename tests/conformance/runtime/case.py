"""What a case is: a model and its data, made when it is asked for, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Case:
    """model, x, y: as ``preflight`` gets them. options: its other arguments. train: does what the person would do
    next, for real. rule: the fault that has to be found, "" for healthy pairs. place: ``(row, step, value)`` of its
    first offender. count: of offenders. elements: how many batches ``train`` has to see, where they come out of a generator.
    fed: what is trained on, ``x`` or what a look gave back."""

    def __init__(
        self,
        model: Any,
        x: Any,
        y: Any = None,
        *,
        train: Callable[[], Any] = lambda: None,
        rule: str = "",
        place: tuple[int, tuple[int, ...], str] | None = None,
        count: int | None = None,
        elements: int | None = None,
        **options: Any,
    ) -> None:
        self.model = model
        self.x = x
        self.y = y
        self.train = train
        self.rule = rule
        self.place = place
        self.count = count
        self.elements = elements
        self.fed = x
        self.options = options


Make = Callable[[], Case]


def registry() -> tuple[dict[str, Make], Callable[[Make], Make]]:
    """The cases of a file by name, and what puts them there."""
    found: dict[str, Make] = {}

    def case(make: Make) -> Make:
        found[make.__name__] = make
        return make

    return found, case
