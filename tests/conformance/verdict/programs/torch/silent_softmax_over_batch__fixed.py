import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(90, 6), torch.randint(3, (90,)))
net = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 3))
for features, labels in DataLoader(data, batch_size=30):
    probs = torch.softmax(net(features), dim=1)
    loss = nn.functional.nll_loss(torch.log(probs), labels)
    print(loss.item())
