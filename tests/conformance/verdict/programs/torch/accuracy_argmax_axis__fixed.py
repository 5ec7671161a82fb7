import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
ds = TensorDataset(torch.randn(120, 10), torch.randint(0, 3, (120,)))
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3))


@torch.no_grad()
def evaluate(model, dataset):
    model.eval()
    hits = total = 0
    for x, y in DataLoader(dataset, batch_size=50):
        pred = model(x).argmax(dim=1)
        hits += int((pred == y).sum())
        total += y.numel()
    return hits / total


print(f"{evaluate(model, ds):.3f}")
