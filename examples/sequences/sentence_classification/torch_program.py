"""Good or bad: sentences of different lengths, padded, embedded, packed, read by a bidirectional LSTM. In PyTorch.

    python sentence_classification/torch_program.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from foreshape.sequences import pad


class Reader(nn.Module):
    def __init__(self, size: int, units: int = 8) -> None:
        super().__init__()
        self.table = nn.Embedding(size, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, units, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * units, 1)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = pack_padded_sequence(self.table(ids), lengths, batch_first=True, enforce_sorted=False)
        _, (state, _) = self.lstm(packed)
        return self.head(torch.cat([state[0], state[1]], dim=1))


def read() -> tuple[list[list[int]], np.ndarray, int]:
    """Sentences as ids, 0 kept for padding; 1 for a good word about a restaurant, 0 for a bad one; the size of the vocabulary."""
    lines = (Path(__file__).parent / "sentences.tsv").read_text().splitlines()
    labels = np.array([line.startswith("good") for line in lines], dtype="float32")[:, None]
    sentences = [line.split("\t")[1].split() for line in lines]
    ids = {word: number for number, word in enumerate(sorted({word for words in sentences for word in words}), start=1)}
    return [[ids[word] for word in words] for words in sentences], labels, len(ids) + 1


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
    sentences, labels, size = read()
    padded = pad(sentences, dtype="int64")
    print(f"{len(sentences)} sentences as {padded.values.shape}, {padded.padding_share:.0%} of it padding")
    ids, lengths, wanted = torch.from_numpy(padded.values), torch.from_numpy(padded.lengths), torch.from_numpy(labels)

    model = Reader(size)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    loss_of = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(20):
        total = 0.0
        for rows in torch.randperm(len(ids)).split(16):
            optimizer.zero_grad()
            loss = loss_of(model(ids[rows], lengths[rows]), wanted[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(ids))
    with torch.no_grad():
        right = ((model(ids, lengths) > 0) == (wanted > 0.5)).float().mean().item()
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, right {right:.0%}")
    plot(losses, "sentence_classification_torch.png")
    assert losses[-1] < 0.5 * losses[0], losses


if __name__ == "__main__":
    main()
