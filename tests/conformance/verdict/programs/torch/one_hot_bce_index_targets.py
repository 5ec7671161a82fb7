import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
N, D, K = 256, 20, 4
centers = torch.randn(K, D) * 3
labels = torch.randint(0, K, (N,))
points = centers[labels] + torch.randn(N, D)


class OneVsRest(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(D, 32), nn.LeakyReLU(0.1))
        self.scores = nn.Linear(32, K)

    def forward(self, x):
        return self.scores(self.body(x))


model = OneVsRest()
opt = torch.optim.RMSprop(model.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for i in range(0, N, 64):
    xb, yb = points[i:i + 64], labels[i:i + 64]
    logits = model(xb)
    loss = bce(logits, yb.float())
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss)
