import torch
import torch.nn.functional as F
from torch import nn


class CVAE(nn.Module):
    def __init__(self, n_in=64, n_classes=10, z=5):
        super().__init__()
        self.n_classes = n_classes
        self.enc = nn.Linear(n_in + n_classes, 32)
        self.mu, self.logvar = nn.Linear(32, z), nn.Linear(32, z)
        self.dec = nn.Sequential(nn.Linear(z + n_classes, 32), nn.ReLU(), nn.Linear(32, n_in), nn.Sigmoid())

    def forward(self, x, y):
        c = F.one_hot(y, self.n_classes).float()
        h = torch.relu(self.enc(torch.cat([x, c], dim=1)))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (logvar / 2).exp()
        return self.dec(torch.cat([z, c], dim=1)), mu, logvar


model = CVAE()
recon, mu, logvar = model(torch.rand(16, 64), torch.randint(10, (16,)))
print(recon.shape)
