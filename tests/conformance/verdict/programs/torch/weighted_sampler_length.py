import torch
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(0)
y = (torch.rand(400) < 0.1).long()
x = torch.randn(400, 6) + y.unsqueeze(1)
split = 300
train = TensorDataset(x[:split], y[:split])

counts = torch.bincount(y, minlength=2).float()
per_class = 1.0 / counts
weights = per_class[y]
sampler = WeightedRandomSampler(weights, num_samples=2000, replacement=True)
loader = DataLoader(train, batch_size=100, sampler=sampler)
model = torch.nn.Linear(6, 2)
for xb, yb in loader:
    print(torch.nn.functional.cross_entropy(model(xb), yb).item())
