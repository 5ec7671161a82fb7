"""A look at a small module takes one thread, and gives the others back."""

from __future__ import annotations

import numpy as np
import pytest

from foreshape.runtime.preflight import preflight

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(("units", "inside"), [(4, 1), (2000, 2)])
def test_threads_are_as_before(units: int, inside: int) -> None:
    seen = []

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.head = torch.nn.Linear(1000, units), torch.nn.Linear(units, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            seen.append(torch.get_num_threads())
            return self.head(self.body(x))

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        for features, healthy in ((1000, True), (999, False)):
            found = preflight(Net(), np.zeros((4, features), np.float32), np.zeros((4, 1), np.float32), quiet=True)
            assert bool(found.facts) is not healthy
            assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert set(seen) == {inside}
