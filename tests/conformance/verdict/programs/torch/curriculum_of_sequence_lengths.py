import torch
from torch import nn


class LearnedPositions(nn.Module):
    def __init__(self, length, width):
        super().__init__()
        self.table = nn.Parameter(torch.randn(length, width) * 0.02)

    def forward(self, x):
        return x + self.table


class Encoder(nn.Module):
    def __init__(self, vocab=40, width=16, longest=64):
        super().__init__()
        self.tokens = nn.Embedding(vocab, width)
        self.positions = LearnedPositions(longest, width)
        self.mix = nn.GRU(width, width, batch_first=True)

    def forward(self, ids):
        return self.mix(self.positions(self.tokens(ids)))[1][0]


encoder = Encoder()
readout = nn.Linear(16, 3)
for stage, length in enumerate([64, 32, 16]):
    ids = torch.randint(40, (8, length))
    scores = readout(encoder(ids))
    print(stage, scores.shape)
