import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

net = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 3))
pairs = TensorDataset(torch.randn(20, 6), torch.randint(0, 3, (20,)))
loader = DataLoader(pairs, batch_size=1, shuffle=True)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01)

for features, label in loader:
    optimizer.zero_grad()
    scores = net(features).squeeze()
    loss = criterion(scores, label)
    loss.backward()
    optimizer.step()
