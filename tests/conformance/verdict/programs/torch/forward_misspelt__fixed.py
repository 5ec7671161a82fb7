import torch
from torch import nn


class Perceptron(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.stack = nn.Sequential(nn.Linear(n_in, 20), nn.ReLU(), nn.Linear(20, n_out))

    def forward(self, x):
        return self.stack(x)


net = Perceptron(8, 2)
for batch in torch.randn(40, 8).split(10):
    out = net(batch)
    print(out.shape)
