"""Random shapes, known and symbolic, with the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from foreshape.domain.dim import DimLike, Var, var
from foreshape.semantics.shared.result import Result

from ..domain.sizes import evaluate, variable_of

THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))

Shape = tuple[int, ...]


class Sizes:
    """A shape with some of its sizes replaced by variables; equal numbers share a variable half of the time."""

    def __init__(self) -> None:
        self.values: dict[Var, int] = {}
        self.held: dict[int, DimLike] = {}

    def symbolic(self, number: int, share: bool) -> DimLike:
        if share and number in self.held:
            return self.held[number]
        size = var(f"v{len(self.values)}", min(number, 1))
        self.values[variable_of(size)] = number
        self.held[number] = size
        return size


@st.composite
def symbolic_shapes(draw: st.DrawFn, shapes: Iterable[Shape]) -> tuple[list[tuple[DimLike, ...]], Mapping[Var, int]]:
    """The shapes with variables in some places, and the numbers that these stand for."""
    sizes = Sizes()
    result = []
    for shape in shapes:
        replaced: list[DimLike] = []
        for number in shape:
            how = draw(st.sampled_from(["known", "new", "shared"]))
            replaced.append(number if how == "known" else sizes.symbolic(number, how == "shared"))
        result.append(tuple(replaced))
    return result, sizes.values


def check(result: Result, real: Shape | None, values: Mapping[Var, int]) -> None:
    """The result against what really came out: the shape, or None where it raised."""
    if real is None:
        assert not result.ok.is_yes, f"raises, but {result} is certain"
        return
    assert not result.ok.is_no, f"gives {real}, but {result} says that it fails"
    assert tuple(evaluate(size, values) for size in result.shape) == real


def shapes(max_rank: int = 4, max_size: int = 5, min_rank: int = 0, min_size: int = 0) -> st.SearchStrategy[Shape]:
    size = st.integers(min_size, max_size)
    return st.lists(size, min_size=min_rank, max_size=max_rank).map(tuple)
