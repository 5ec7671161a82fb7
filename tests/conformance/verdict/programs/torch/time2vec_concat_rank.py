import torch
import torch.nn as nn


class Time2Vec(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.w0 = nn.Parameter(torch.randn(1))
        self.b0 = nn.Parameter(torch.randn(1))
        self.w = nn.Parameter(torch.randn(k - 1))
        self.b = nn.Parameter(torch.randn(k - 1))

    def forward(self, tau):
        linear = self.w0 * tau + self.b0
        periodic = torch.sin(self.w * tau + self.b)
        return torch.cat([linear, periodic], dim=-1)


class Model(nn.Module):
    def __init__(self, n_features, k=6):
        super().__init__()
        self.t2v = Time2Vec(k)
        self.gru = nn.GRU(n_features + k, 16, batch_first=True)
        self.out = nn.Linear(16, 1)

    def forward(self, x, t):
        z = torch.cat([x, self.t2v(t)], dim=-1)
        return self.out(self.gru(z)[0][:, -1])


m = Model(3)
hours = torch.arange(24.0).repeat(5, 1)
print(m(torch.rand(5, 24, 3), hours).shape)
