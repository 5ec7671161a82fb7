from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class ToyPhotos(Dataset):
    def __init__(self, count=24, side=20, root=Path("photos"), transform=None):
        self.files = [root / f"{i:03d}.png" for i in range(count)]
        self.side = side
        self.transform = transform

    def _read(self, path):
        rng = np.random.default_rng(int(path.stem))
        return rng.integers(0, 256, (self.side, self.side, 3), dtype=np.uint8)

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        image = self._read(self.files[index])
        if self.transform:
            image = self.transform(image)
        return image, index % 2


def to_tensor(image):
    tensor = torch.from_numpy(image).float() / 255
    return tensor.permute(2, 0, 1)


net = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(24, 2))
for images, labels in DataLoader(ToyPhotos(transform=to_tensor), batch_size=8):
    loss = nn.functional.cross_entropy(net(images), labels)
    print(loss.item())
