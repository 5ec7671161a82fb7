import torch
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset, TensorDataset, random_split

features = torch.randn(105, 12)
labels = torch.randint(0, 4, (105,))
dataset = TensorDataset(features, labels)
x0, y0 = dataset[0]
train, test = random_split(dataset, [80, 25])
subset = Subset(dataset, list(range(10)))
both = ConcatDataset([train, subset])
total = torch.zeros(12)
for xb, yb in DataLoader(train, batch_size=16, shuffle=True):
    total = total + xb.sum(0)
for xt, yt in DataLoader(test, batch_size=25):
    centered = xt - total / 80
for xc, yc in DataLoader(both, batch_size=9):
    means = xc.mean(1)


class Pairs(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return {"image": torch.full((3, 8, 8), float(i)), "label": i % 5, "weight": 0.5, "name": f"img{i}"}


loader = DataLoader(Pairs(20), batch_size=5)
batch = next(iter(loader))
image = batch["image"]
label = batch["label"]
weight = batch["weight"]
for step, sample in enumerate(loader):
    images = sample["image"]
    pooled = images.mean(dim=(2, 3))
