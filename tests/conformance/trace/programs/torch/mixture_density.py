import math
import torch
from torch import nn


class MDN(nn.Module):
    def __init__(self, n_hidden=20, n_gaussians=5):
        super().__init__()
        self.z_h = nn.Sequential(nn.Linear(1, n_hidden), nn.Tanh())
        self.z_pi = nn.Linear(n_hidden, n_gaussians)
        self.z_mu = nn.Linear(n_hidden, n_gaussians)
        self.z_sigma = nn.Linear(n_hidden, n_gaussians)

    def forward(self, x):
        z_h = self.z_h(x)
        pi = nn.functional.softmax(self.z_pi(z_h), -1)
        mu = self.z_mu(z_h)
        sigma = torch.exp(self.z_sigma(z_h))
        return pi, mu, sigma


def mdn_loss(pi, mu, sigma, y):
    centred = y.expand_as(mu) - mu
    result = torch.exp(-0.5 * (centred / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
    result = (result * pi).sum(dim=1)
    return -torch.log(result + 1e-9).mean()


x = torch.linspace(-10, 10, 300).unsqueeze(1)
noise = torch.randn_like(x)
y = 7 * torch.sin(0.75 * x) + 0.5 * x + noise
network = MDN()
optimizer = torch.optim.Adam(network.parameters())
for epoch in range(3):
    pi, mu, sigma = network(x)
    loss = mdn_loss(pi, mu, sigma, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
k = torch.multinomial(pi, 1).view(-1)
rows = torch.arange(len(x))
drawn = mu[rows, k] + sigma[rows, k] * torch.randn(len(x))
