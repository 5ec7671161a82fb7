import torch
from torch import nn


class RunningNorm(nn.Module):
    def __init__(self, dim, momentum=0.1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("var", torch.ones(dim))
        self.register_buffer("steps", torch.tensor(0))
        self.scale = nn.Parameter(torch.ones(dim))
        self.momentum = momentum

    def forward(self, x):
        if self.training:
            batch_mean = x.mean(0)
            batch_var = x.var(0, unbiased=False)
            self.mean.mul_(1 - self.momentum).add_(batch_mean.detach(), alpha=self.momentum)
            self.var.lerp_(batch_var.detach(), self.momentum)
            self.steps += 1
        return self.scale * (x - self.mean) / (self.var + 1e-5).sqrt()


norm = RunningNorm(6)
for _ in range(3):
    y = norm(torch.randn(40, 6))
norm.eval()
z = norm(torch.randn(1, 6))
mean = norm.mean
state = norm.state_dict()
copied = state["var"].clone()
buffer = torch.zeros(10, 6)
buffer[2:5] = z
buffer[-1] += 1
buffer[:, 0].fill_(3)
buffer.add_(1).clamp_(0, 4)
row = buffer[3]
buffer.t_()
cols = buffer.shape[1]
q = torch.empty(3, 4).uniform_(-1, 1)
q.zero_()
r = q.new_full((2, 2), 5)
s = torch.ones(5).scatter_(0, torch.tensor([1, 3]), 0.0)
ranked = torch.arange(10).float().masked_fill_(torch.arange(10) % 2 == 0, -1)
u = q.unsqueeze_(0)
w = torch.randn(4, 4).triu_()
total = torch.tensor(0.0)
for i in range(4):
    total += w[i].sum()
