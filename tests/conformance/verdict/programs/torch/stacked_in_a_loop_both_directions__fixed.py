import torch
from torch import nn


class Tower(nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.layers = nn.ModuleList()
        before = width
        for hidden in layers:
            self.layers.append(nn.GRU(before, hidden, batch_first=True, bidirectional=True))
            before = hidden * 2
        self.top = nn.Linear(layers[-1] * 2, 1)

    def forward(self, x):
        for layer in self.layers:
            x, _ = layer(x)
        return self.top(x.mean(1))


level = Tower(5, [24, 12])(torch.randn(7, 30, 5))
