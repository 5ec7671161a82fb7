import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

X, y = load_diabetes(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, random_state=0)
pca = PCA(n_components=6).fit(Xtr)
Xtr = pca.transform(Xtr)


def to_loader(a, b, **kw):
    return DataLoader(TensorDataset(torch.Tensor(a), torch.Tensor(b)), **kw)


train_loader = to_loader(Xtr, ytr, batch_size=32, shuffle=True)
test_loader = to_loader(Xte, yte, batch_size=len(Xte))

net = nn.Sequential(nn.Linear(Xtr.shape[1], 24), nn.ReLU(), nn.Linear(24, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters(), 1e-2)
for _ in range(3):
    net.train()
    for xb, yb in train_loader:
        opt.zero_grad()
        nn.functional.mse_loss(net(xb), yb).backward()
        opt.step()

net.eval()
with torch.no_grad():
    errors = [nn.functional.l1_loss(net(xb), yb).item() for xb, yb in test_loader]
print(np.mean(errors))
