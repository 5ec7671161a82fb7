import torch
import torch.nn as nn


class Ensemble(nn.Module):
    def __init__(self, n_members=3, n_in=10):
        super().__init__()
        self.members = [nn.Sequential(nn.Linear(n_in, 8), nn.ReLU(), nn.Linear(8, 1)) for _ in range(n_members)]

    def forward(self, x):
        return torch.stack([m(x) for m in self.members]).mean(0)


model = Ensemble()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
x, y = torch.randn(32, 10), torch.randn(32, 1)
loss = (model(x) - y).square().mean()
loss.backward()
optimizer.step()
print(loss.item())
