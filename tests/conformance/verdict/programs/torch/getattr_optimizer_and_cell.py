import argparse

import torch
from torch import nn


def get_args(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--cell", choices=["RNN", "GRU", "LSTM"], default="GRU")
    parser.add_argument("--optimizer", default="Adam")
    parser.add_argument("--hidden", default=32, type=int)
    parser.add_argument("--bi", default=True, type=bool)
    return parser.parse_args(argv)


class Labeler(nn.Module):
    def __init__(self, cell, n_in, hidden, n_labels, bi):
        super().__init__()
        self.rnn = getattr(nn, cell)(n_in, hidden, batch_first=True, bidirectional=bi)
        self.proj = nn.Linear(hidden, n_labels)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.proj(out)


args = get_args([])
model = Labeler(args.cell, 13, args.hidden, 61, args.bi)
optimizer = getattr(torch.optim, args.optimizer)(model.parameters(), lr=1e-3)
mfcc = torch.randn(4, 200, 13)
phones = torch.randint(61, (4, 200))
logits = model(mfcc)
loss = nn.functional.cross_entropy(logits.transpose(1, 2), phones)
loss.backward()
optimizer.step()
