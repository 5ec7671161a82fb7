import torch
from torch import nn


class Probabilistic(nn.Module):
    def __init__(self, n_in=11, horizon=5):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(n_in, 32), nn.Mish())
        self.mean = nn.Linear(32, horizon)
        self.raw = nn.Linear(32, horizon - 1)

    def forward(self, x):
        z = self.trunk(x)
        return self.mean(z), nn.functional.softplus(self.raw(z)) + 1e-4


net = Probabilistic()
mu, var = net(torch.randn(16, 11))
loss = nn.GaussianNLLLoss()(mu, torch.randn(16, 5), var)
print(loss.item())
