"""Handwritten digits: convolutions, then an LSTM that reads the rows of what they see. In PyTorch.

    python cnn_lstm_digits/torch_program.py
"""

from __future__ import annotations

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from foreshape.sequences import channels_first


class Rows(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d((1, 2)))
        self.lstm = nn.LSTM(16 * 4, 32, batch_first=True)
        self.head = nn.Linear(32, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        seen = self.convolution(images)  # batch, channels 16, height 8, width 4
        rows = seen.permute(0, 2, 1, 3).flatten(2)  # batch, 8 rows as timesteps, 16 x 4
        out, _ = self.lstm(rows)
        return self.head(out[:, -1])



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
    digits = load_digits()
    images = channels_first(digits.images[..., None].astype("float32") / 16)
    x, x_test, y, y_test = train_test_split(images, digits.target, test_size=0.25, random_state=0)
    data = TensorDataset(torch.from_numpy(x), torch.from_numpy(y))

    model = Rows()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    loss_of = nn.CrossEntropyLoss()
    losses = []
    for _ in range(6):
        total = 0.0
        for batch, labels in DataLoader(data, batch_size=64, shuffle=True):
            optimizer.zero_grad()
            loss = loss_of(model(batch), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(data))
    with torch.no_grad():
        right = (model(torch.from_numpy(x_test)).argmax(1) == torch.from_numpy(y_test)).float().mean().item()
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, right {right:.0%}")
    plot(losses, "cnn_lstm_digits_torch.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
