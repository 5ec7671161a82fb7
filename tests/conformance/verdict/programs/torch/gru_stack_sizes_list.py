import torch
from torch import nn


class StackedGRU(nn.Module):
    def __init__(self, n_in: int, sizes: list[int]):
        super().__init__()
        self.grus = nn.ModuleList()
        for size in sizes:
            self.grus.append(nn.GRU(n_in, size, batch_first=True))
        self.out = nn.Linear(sizes[-1], 1)

    def forward(self, x):
        for gru in self.grus:
            x, _ = gru(x)
        return self.out(x).squeeze(-1)


model = StackedGRU(3, [32, 16, 8])
print(model(torch.rand(4, 25, 3)).shape)
