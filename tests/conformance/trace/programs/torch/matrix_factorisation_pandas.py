import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

rng = np.random.default_rng(2)
frame = pd.DataFrame({
    "user": rng.integers(0, 40, 500),
    "item": rng.integers(0, 25, 500),
    "rating": rng.uniform(1, 5, 500).round(1),
})
users = torch.tensor(frame["user"].values)
items = torch.tensor(frame["item"].to_numpy())
ratings = torch.tensor(frame["rating"].values, dtype=torch.float32)


class Ratings(Dataset):
    def __len__(self):
        return len(ratings)

    def __getitem__(self, i):
        return users[i], items[i], ratings[i]


class MF(nn.Module):
    def __init__(self, n_users, n_items, k=8):
        super().__init__()
        self.u = nn.Embedding(n_users, k)
        self.i = nn.Embedding(n_items, k)
        self.bu = nn.Embedding(n_users, 1)
        self.bi = nn.Embedding(n_items, 1)
        self.mean = nn.Parameter(torch.zeros(1))

    def forward(self, u, i):
        pu = self.u(u)
        qi = self.i(i)
        inner = (pu * qi).sum(-1)
        biases = self.bu(u).squeeze(-1) + self.bi(i).squeeze(-1)
        return inner + biases + self.mean


model = MF(40, 25)
optimizer = torch.optim.SparseAdam if False else torch.optim.Adagrad
opt = optimizer(model.parameters(), lr=0.1)
for user, item, rating in DataLoader(Ratings(), batch_size=100, shuffle=True):
    predicted = model(user, item)
    loss = (predicted - rating).pow(2).mean() + 1e-4 * model.u.weight.norm()
    opt.zero_grad()
    loss.backward()
    opt.step()
everything = model.u.weight @ model.i.weight.T
best = everything.topk(3, dim=1)
names = best.indices[0].tolist()
