import torch
import torch.nn as nn


class MixerBlock(nn.Module):
    def __init__(self, tokens, channels, hidden=64):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.token_mix = nn.Sequential(nn.Linear(tokens, hidden), nn.GELU(), nn.Linear(hidden, tokens))
        self.norm2 = nn.LayerNorm(channels)
        self.channel_mix = nn.Sequential(nn.Linear(channels, hidden), nn.GELU(), nn.Linear(hidden, channels))

    def forward(self, x):
        y = self.norm1(x).transpose(1, 2)
        x = x + self.token_mix(y).transpose(1, 2)
        return x + self.channel_mix(self.norm2(x))


mixer = nn.Sequential(*(MixerBlock(tokens=49, channels=32) for _ in range(3)))
print(mixer(torch.randn(4, 49, 32)).std())
