import torch
import torch.nn as nn


class PairScorer(nn.Module):
    def __init__(self, dim=24):
        super().__init__()
        self.enc = nn.GRU(8, dim, batch_first=True)
        self.bilinear = nn.Bilinear(dim, dim, 1)

    def encode(self, x):
        return self.enc(x)[1][-1]

    def forward(self, premise, hypothesis):
        return self.bilinear(self.encode(premise), self.encode(hypothesis)).squeeze(-1)


scorer = PairScorer()
premise, hypothesis = torch.rand(9, 20, 8), torch.rand(9, 11, 8)
mask = torch.ones(9, 11)
score = scorer(premise, hypothesis, mask)
print(score)
