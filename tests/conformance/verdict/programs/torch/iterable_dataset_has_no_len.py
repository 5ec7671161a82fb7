import math
import torch
from torch.utils.data import DataLoader, IterableDataset


class SensorStream(IterableDataset):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield torch.tensor([math.sin(i / 5), math.cos(i / 5)]), torch.tensor([math.sin((i + 1) / 5)])


loader = DataLoader(SensorStream(200), batch_size=16)
model = torch.nn.Linear(2, 1)
total, batches = 0.0, 0
for x, y in loader:
    total += (model(x) - y).pow(2).mean().item()
    batches += 1
print(total / len(loader))
