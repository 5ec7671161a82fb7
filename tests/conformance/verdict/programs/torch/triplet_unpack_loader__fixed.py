import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class TripletDigits(Dataset):
    def __init__(self, n=60, size=8):
        g = torch.Generator().manual_seed(0)
        self.images = torch.rand(n, 1, size, size, generator=g)
        self.labels = torch.arange(n) % 10

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        same = (self.labels == self.labels[i]).nonzero().flatten()
        other = (self.labels != self.labels[i]).nonzero().flatten()
        positive = self.images[same[(i + 1) % len(same)]]
        negative = self.images[other[i % len(other)]]
        return self.images[i], positive, negative, self.labels[i]


encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.PReLU(), nn.Linear(32, 8))
criterion = nn.TripletMarginLoss(margin=0.5)
optimizer = torch.optim.Adam(encoder.parameters())
for anchor, positive, negative, _ in DataLoader(TripletDigits(), batch_size=20):
    loss = criterion(encoder(anchor), encoder(positive), encoder(negative))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
