import torch
import torch.nn as nn


class GatedUnit(nn.Module):
    def __init__(self, dim):
        self.dim = dim
        self.proj = nn.Linear(dim, 2 * dim)

    def forward(self, x):
        a, g = self.proj(x).chunk(2, dim=-1)
        return a * torch.sigmoid(g)


class Net(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.blocks = nn.Sequential(*[GatedUnit(dim) for _ in range(depth)])

    def forward(self, x):
        return self.blocks(x)


net = Net(18, 4)
print(net(torch.ones(3, 18)).mean().item())
