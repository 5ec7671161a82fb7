import torch
from torch import nn

CARDINALITIES = {"weekday": 7, "month": 12, "store": 30}
CONTINUOUS = ["price", "promo", "temperature"]


class TabularModel(nn.Module):
    def __init__(self, cards, n_cont, emb_szs=None, out=1):
        super().__init__()
        emb_szs = emb_szs or {name: min(50, (n + 1) // 2) for name, n in cards.items()}
        self.embeds = nn.ModuleDict({name: nn.Embedding(n, emb_szs[name]) for name, n in cards.items()})
        self.bn_cont = nn.BatchNorm1d(n_cont)
        width = sum(emb_szs.values()) + n_cont
        self.layers = nn.Sequential(nn.Linear(width, 40), nn.ReLU(), nn.BatchNorm1d(40), nn.Linear(40, out))

    def forward(self, cats, cont):
        x = [self.embeds[name](cats[name]) for name in self.embeds]
        x = torch.cat(x, 1)
        x2 = self.bn_cont(cont)
        x = torch.cat([x, x2], 1)
        return self.layers(x)


n = 256
cats = {name: torch.randint(k, (n,)) for name, k in CARDINALITIES.items()}
cont = torch.randn(n, len(CONTINUOUS))
target = torch.rand(n, 1) * 100
model = TabularModel(CARDINALITIES, len(CONTINUOUS))
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=4)
for epoch in range(2):
    for start in range(0, n, 64):
        piece = slice(start, start + 64)
        xb = {name: column[piece] for name, column in cats.items()}
        prediction = model(xb, cont[piece])
        error = prediction - target[piece]
        loss = error.abs().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
total = sum(p.numel() for p in model.parameters() if p.requires_grad)
weights = model.embeds["store"].weight
similar = torch.cdist(weights, weights).argsort(dim=1)[:, 1:4]
