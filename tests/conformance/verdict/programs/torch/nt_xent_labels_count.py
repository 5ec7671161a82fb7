import torch
import torch.nn as nn
import torch.nn.functional as F


class SimCLR(nn.Module):
    def __init__(self, dim=32, proj=16):
        super().__init__()
        self.backbone = nn.Sequential(nn.Flatten(), nn.Linear(64, dim), nn.ReLU())
        self.projector = nn.Linear(dim, proj)

    def forward(self, x):
        return F.normalize(self.projector(self.backbone(x)), dim=1)


def info_nce(z1, z2, temperature=0.1):
    z = torch.cat([z1, z2])
    sim = z @ z.T / temperature
    sim.fill_diagonal_(-1e9)
    n = z1.size(0)
    targets = torch.arange(n)
    return F.cross_entropy(sim, targets)


model = SimCLR()
opt = torch.optim.Adam(model.parameters(), lr=3e-4)
images = torch.rand(100, 1, 8, 8)
for batch in images.split(25):
    view1 = batch + 0.1 * torch.randn_like(batch)
    view2 = batch.flip(-1)
    loss = info_nce(model(view1), model(view2))
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    print(loss.item())
