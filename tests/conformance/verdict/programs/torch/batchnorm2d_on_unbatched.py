import torch
from torch import nn

stem = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1),
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(start_dim=-3),
)
stem.eval()
photo = torch.rand(3, 64, 48)
with torch.inference_mode():
    vector = stem(photo)
print(vector.shape)
