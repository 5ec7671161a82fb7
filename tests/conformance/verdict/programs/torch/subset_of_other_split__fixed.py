import torch
from torch.utils.data import DataLoader, Subset, TensorDataset

generator = torch.Generator().manual_seed(7)
data = TensorDataset(torch.arange(500).float().view(-1, 1), torch.arange(500) % 2)
train = Subset(data, list(range(0, 400)))
test = Subset(data, list(range(400, 500)))
calibration = Subset(test, list(range(0, 20)))
for x, y in DataLoader(calibration, batch_size=10):
    print(x.flatten()[:3], y.sum())
