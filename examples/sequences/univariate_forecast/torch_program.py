"""The next four years of sunspots from the last 22. In PyTorch.

    python univariate_forecast/torch_program.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from foreshape.sequences import windows

LENGTH = 22
HORIZON = 4


class Forecast(nn.Module):
    def __init__(self, features: int, units: int = 24) -> None:
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)
        self.head = nn.Linear(units, HORIZON)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out, _ = self.lstm(x)
        return self.head(out[:, -1])


def read() -> np.ndarray:
    """(309, 1): one number for every year from 1700 on."""
    table = np.loadtxt(Path(__file__).parents[1] / "sunspots.csv", delimiter=",", skiprows=1, dtype="float32")
    return table[:, 1:] / 100


def plot(losses: list[float], path: str) -> None:
    """The loss of every epoch."""
    try:
        import matplotlib
    except ImportError:
        print("matplotlib is not installed: no plot")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    pyplot.plot(losses)
    pyplot.xlabel("epoch")
    pyplot.ylabel("loss")
    pyplot.savefig(path)
    print(f"the plot is in {path}")


def main() -> None:
    torch.manual_seed(0)
    series = read()
    # targets are the numbers of the next 4 years; no window of one part overlaps with another part
    train, test = windows(series, LENGTH, horizon=HORIZON, target=0).split(0.8, 0.2)
    print(train)

    model = Forecast(features=1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loss_of = nn.MSELoss()
    losses = []
    loader = train.torch(batch_size=32, shuffle=True, seed=0)
    for _ in range(25):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_of(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        losses.append(total / len(train))
    with torch.no_grad():
        later = [loss_of(model(x), y).item() for x, y in test.torch(batch_size=32)]
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, on later years {sum(later) / len(later):.3f}")
    plot(losses, "univariate_forecast_torch.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
