import torch
import torch.nn as nn
from sklearn.datasets import fetch_california_housing, make_regression
from torch.utils.data import DataLoader, TensorDataset

data, price = make_regression(n_samples=320, n_features=8, noise=0.1, random_state=0)
X = torch.from_numpy(data).float()
y = torch.from_numpy(price).float().unsqueeze(1)
y = (y - y.mean()) / y.std()
high = (y > 0).float()


class TwoHeads(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, 32), nn.ReLU())
        self.value = nn.Linear(32, 1)
        self.flag = nn.Linear(32, 1)

    def forward(self, x):
        z = self.body(x)
        return {"value": self.value(z), "flag": self.flag(z), "features": z}


model = TwoHeads(X.shape[1])
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
mse, bce = nn.MSELoss(), nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.5]))
for xb, yb, hb in DataLoader(TensorDataset(X, y, high), batch_size=64):
    outputs = model(xb)
    value, flag = outputs["value"], outputs["flag"]
    loss = mse(value, yb) + 0.5 * bce(flag, hb)
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    result = model(X[:10])
features = result["features"]
probability = result["flag"].sigmoid().squeeze()
