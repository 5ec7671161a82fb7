import math

import torch
from torch import nn


def sinusoidal(t, dim):
    half = dim // 2
    freqs = torch.exp(-math.log(10000) * torch.arange(half) / half)
    args = t[:, None].float() * freqs[None]
    return torch.cat([args.cos(), args.sin()], dim=-1)


class DenoiseBlock(nn.Module):
    def __init__(self, ch, t_dim):
        super().__init__()
        self.conv = nn.Conv2d(ch, ch, 3, padding=1)
        self.time = nn.Linear(t_dim, ch)
        self.norm = nn.GroupNorm(4, ch)

    def forward(self, x, emb):
        h = self.conv(x) + self.time(emb)
        return x + torch.relu(self.norm(h))


T = 50
betas = torch.linspace(1e-4, 0.02, T)
alpha_bar = torch.cumprod(1 - betas, dim=0)
x0 = torch.rand(6, 16, 12, 12)
t = torch.randint(0, T, (6,))
noise = torch.randn_like(x0)
a = alpha_bar[t].view(-1, 1, 1, 1)
xt = a.sqrt() * x0 + (1 - a).sqrt() * noise
block = DenoiseBlock(16, 32)
pred = block(xt, sinusoidal(t, 32))
print(nn.functional.mse_loss(pred, noise).item())
