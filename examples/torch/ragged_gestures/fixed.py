"""Gestures of different lengths: a Dataset, a collate function, packed sequences and a GRU."""
import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset


class GestureDataset(Dataset):
    """Circles, lines and zigzags, each as (timesteps, 2) with its own number of timesteps."""

    def __init__(self, size=48):
        self.items = []
        for i in range(size):
            steps = 10 + (7 * i) % 15
            t = torch.linspace(0, 1, steps)
            kind = i % 3
            if kind == 0:
                path = torch.stack([torch.cos(2 * math.pi * t), torch.sin(2 * math.pi * t)], dim=1)
            elif kind == 1:
                path = torch.stack([t, 0.5 * t], dim=1)
            else:
                path = torch.stack([t, (10 * t).frac()], dim=1)
            self.items.append((path + 0.05 * torch.randn_like(path), kind))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


def collate(samples):
    paths, kinds = zip(*samples)
    lengths = torch.tensor([len(path) for path in paths])
    return pad_sequence(paths, batch_first=True), lengths, torch.tensor(kinds)


class GestureGRU(nn.Module):
    def __init__(self, hidden=20):
        super().__init__()
        self.gru = nn.GRU(2, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 3)

    def forward(self, padded, lengths):
        packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.gru(packed)
        return self.out(last[-1])


loader = DataLoader(GestureDataset(), batch_size=12, shuffle=True, collate_fn=collate)
model = GestureGRU()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    for padded, lengths, kinds in loader:
        loss = nn.functional.cross_entropy(model(padded, lengths), kinds)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
