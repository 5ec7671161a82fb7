import torch
from torch import nn


def depthwise_separable(c_in, c_out, stride=1):
    return nn.Sequential(
        nn.Conv2d(c_in, c_in, 3, stride, 1, groups=c_in, bias=False),
        nn.BatchNorm2d(c_in), nn.ReLU6(inplace=True),
        nn.Conv2d(c_in, c_out, 1, bias=False),
        nn.BatchNorm2d(c_out), nn.ReLU6(inplace=True),
    )


class TinyMobileNet(nn.Module):
    def __init__(self, n_classes=4, width=0.5):
        super().__init__()
        ch = [int(c * width) for c in (32, 64, 128)]
        self.stem = nn.Conv2d(3, ch[0], 3, stride=2, padding=1)
        self.body = nn.Sequential(depthwise_separable(ch[0], ch[1]), depthwise_separable(ch[1], ch[2], stride=2))
        self.head = nn.Linear(ch[2], n_classes)

    def forward(self, x):
        x = self.body(self.stem(x))
        return self.head(x.mean([2, 3]))


print(TinyMobileNet()(torch.rand(2, 3, 40, 40)))
