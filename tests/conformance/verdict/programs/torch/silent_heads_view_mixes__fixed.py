import torch
import torch.nn as nn


class HeadSplit(nn.Module):
    def __init__(self, dim=24, heads=4):
        super().__init__()
        self.heads, self.d = heads, dim // heads
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        b, t, _ = x.shape
        q = self.q(x).view(b, t, self.heads, self.d).transpose(1, 2)
        return (q @ q.transpose(-1, -2)).softmax(-1)


print(HeadSplit()(torch.rand(2, 9, 24)).shape)
