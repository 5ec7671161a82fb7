import torch
import torch.nn as nn


class Mixer(nn.Module):
    def __init__(self, width=32, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        n, steps, width = x.shape
        q, k, v = self.qkv(x).view(n, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        scores = torch.einsum("nhid,nhjd->nhij", q, k).softmax(-1)
        mixed = torch.einsum("nhij,nhjd->nhid", scores, v)
        mixed = mixed.transpose(1, 2).reshape(n, steps, width)
        return self.out(mixed)


mixed = Mixer()(torch.randn(6, 20, 32))
