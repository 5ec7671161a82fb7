"""Circles on noise: a small U-Net, pixel-wise logits, dice score."""
import torch
from torch import nn
import torch.nn.functional as F

SIZE = 36


def make_images(n):
    ys, xs = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    centers = torch.randint(8, SIZE - 8, (n, 2))
    radius = torch.randint(3, 8, (n,))
    distance = (ys[None] - centers[:, 0, None, None]) ** 2 + (xs[None] - centers[:, 1, None, None]) ** 2
    masks = (distance <= radius[:, None, None] ** 2).float()
    images = masks + 0.4 * torch.randn(n, SIZE, SIZE)
    return images.unsqueeze(1), masks.unsqueeze(1)


def block(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self, widths=(8, 16, 32, 64)):
        super().__init__()
        self.down = nn.ModuleList()
        channels = 1
        for width in widths:
            self.down.append(block(channels, width))
            channels = width
        self.up = nn.ModuleList()
        for width in reversed(widths[:-1]):
            self.up.append(nn.ModuleList([nn.ConvTranspose2d(channels, width, 2, stride=2), block(2 * width, width)]))
            channels = width
        self.out = nn.Conv2d(channels, 1, 1)

    def forward(self, x):
        skips = []
        for i, stage in enumerate(self.down):
            x = stage(x)
            if i < len(self.down) - 1:
                skips.append(x)
                x = F.max_pool2d(x, 2)
        for (grow, merge), skip in zip(self.up, reversed(skips)):
            x = merge(torch.cat([grow(x), skip], dim=1))
        return self.out(x)


images, masks = make_images(24)
model = UNet()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(3):
    logits = model(images)
    loss = F.binary_cross_entropy_with_logits(logits, masks)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
predicted = (logits > 0).float()
dice = 2 * (predicted * masks).sum() / (predicted.sum() + masks.sum() + 1e-6)
print(loss.item(), dice.item())
