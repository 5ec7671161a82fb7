from typing import List

import torch
from torch import nn, Tensor


class InceptionBlock(nn.Module):
    def __init__(self, c_in: int, c: int = 8):
        super().__init__()
        self.bottleneck = nn.Conv1d(c_in, c, 1, bias=False)
        self.branches = nn.ModuleList([nn.Conv1d(c, c, k, padding=k // 2) for k in (9, 19, 39)])
        self.pool = nn.Sequential(nn.MaxPool1d(3, 1, 1), nn.Conv1d(c_in, c, 1))
        self.bn = nn.BatchNorm1d(4 * c)

    def forward(self, x: Tensor) -> Tensor:
        z = self.bottleneck(x)
        parts: List[Tensor] = [branch(z) for branch in self.branches]
        parts.append(self.pool(x))
        return torch.relu(self.bn(torch.cat(parts, dim=1)))


block = InceptionBlock(3)
print(block(torch.randn(5, 3, 100)).shape)
