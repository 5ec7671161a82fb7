import torch
from torch import nn
from sklearn.datasets import load_diabetes

X, y = load_diabetes(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(5):
    pred = net(X)
    loss = nn.functional.mse_loss(pred.squeeze(1), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(loss.item())
