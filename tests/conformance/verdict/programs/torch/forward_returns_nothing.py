import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5, padding=2)
        self.c2 = nn.Conv2d(6, 16, 5)
        self.f1 = nn.Linear(400, 120)
        self.f2 = nn.Linear(120, 84)
        self.f3 = nn.Linear(84, num_classes)

    def forward(self, x):
        x = F.avg_pool2d(torch.sigmoid(self.c1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.c2(x)), 2)
        x = x.reshape(len(x), -1)
        x = torch.sigmoid(self.f2(torch.sigmoid(self.f1(x))))
        self.f3(x)


net = LeNet()
logits = net(torch.rand(12, 1, 28, 28))
loss = F.cross_entropy(logits, torch.arange(12) % 10)
print(loss)
