import math

import torch
import torch.nn as nn

SAMPLE_RATE = 8000
N_MELS = 40


def fake_clip(freq, seconds=1.0):
    t = torch.arange(int(SAMPLE_RATE * seconds)) / SAMPLE_RATE
    return torch.sin(2 * math.pi * freq * t)


def log_spectrogram(wave, n_fft=256, hop=128):
    window = torch.hann_window(n_fft)
    spec = torch.stft(wave, n_fft, hop_length=hop, window=window, return_complex=True)
    return spec.abs().clamp(min=1e-5).log()


class KeywordSpotter(nn.Module):
    def __init__(self, n_bins, n_words):
        super().__init__()
        self.front = nn.Sequential(
            nn.Conv1d(n_bins, 64, kernel_size=5, stride=2), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Conv1d(64, 32, kernel_size=3), nn.ReLU(), nn.AdaptiveAvgPool1d(1),
        )
        self.classifier = nn.Linear(32, n_words)

    def forward(self, spec):
        return self.classifier(self.front(spec).squeeze(-1))


clips = torch.stack([fake_clip(f) for f in (220.0, 330.0, 440.0, 550.0)])
features = torch.stack([log_spectrogram(c) for c in clips])
model = KeywordSpotter(features.shape[1], n_words=4)
print(model(features).softmax(-1))
