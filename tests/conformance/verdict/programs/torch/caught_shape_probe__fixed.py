import torch
import torch.nn as nn


class Probe(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3), nn.MaxPool2d(2))
        self.classifier = nn.Linear(8 * 6 * 6, 2)

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.flatten(1))


net = Probe()
sizes = (32, 33)
for size in sizes:
    try:
        out = net(torch.zeros(1, 3, size, size))
    except RuntimeError as error:
        print(f"{size}: does not fit ({error})")
    else:
        print(f"{size}: fits, {tuple(out.shape)}")
