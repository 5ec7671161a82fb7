"""Tones in noise: spectrogram, convolutions over (frequency, time), a GRU over time."""
import math

import torch
from torch import nn

RATE = 4000
TONES = (300.0, 600.0, 900.0)


def clip(tone):
    t = torch.arange(RATE) / RATE
    return torch.sin(2 * math.pi * tone * t) * torch.hann_window(RATE) + 0.1 * torch.randn(RATE)


def spectrogram(waves, n_fft=128, hop=64):
    spec = torch.stft(waves, n_fft, hop_length=hop, window=torch.hann_window(n_fft), return_complex=True)
    return torch.log1p(spec.abs())


class CRNN(nn.Module):
    def __init__(self, n_bins, n_classes, channels=8, hidden=24):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d((2, 1)),
            nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d((2, 1)),
        )
        self.gru = nn.GRU(channels * (n_bins // 4), hidden, batch_first=True)
        self.fc = nn.Linear(hidden, n_classes)

    def forward(self, spec):
        maps = self.conv(spec.unsqueeze(1))
        steps = maps.permute(0, 3, 1, 2)
        _, last = self.gru(steps)
        return self.fc(last.squeeze(0))


labels = torch.arange(30) % len(TONES)
waves = torch.stack([clip(TONES[k]) for k in labels.tolist()])
features = spectrogram(waves)
model = CRNN(features.size(1), len(TONES))
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(3):
    order = torch.randperm(len(features))
    for picked in order.split(10):
        logits = model(features[picked])
        loss = nn.functional.cross_entropy(logits, labels[picked])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
