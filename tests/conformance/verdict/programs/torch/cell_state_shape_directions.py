import argparse

import torch
from torch import nn


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--hidden", type=int, default=40)
    p.add_argument("--layers", type=int, default=2)
    p.add_argument("--bidirectional", action="store_true", default=True)
    p.add_argument("--batch-size", type=int, default=16)
    p.add_argument("--steps", type=int, default=30)
    return p.parse_args()


class Tagger(nn.Module):
    def __init__(self, args, n_in, n_tags):
        super().__init__()
        self.args = args
        self.num_directions = 2 if args.bidirectional else 1
        self.lstm = nn.LSTM(n_in, args.hidden, args.layers, bidirectional=args.bidirectional)
        self.out = nn.Linear(args.hidden * self.num_directions, n_tags)

    def init_state(self, batch_size):
        shape = (self.args.layers, batch_size, self.args.hidden)
        return torch.zeros(shape), torch.zeros(shape)

    def forward(self, x):
        state = self.init_state(x.shape[1])
        y, _ = self.lstm(x, state)
        return self.out(y)


def main():
    args = parse_args()
    model = Tagger(args, n_in=20, n_tags=9)
    x = torch.randn(args.steps, args.batch_size, 20)
    logits = model(x)
    tags = torch.randint(0, 9, (args.steps, args.batch_size))
    loss = nn.functional.cross_entropy(logits.reshape(-1, 9), tags.reshape(-1))
    loss.backward()
    print(loss.item())


if __name__ == "__main__":
    main()
