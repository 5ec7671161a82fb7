"""A one-dimensional convolutional autoencoder for heartbeats; a large error means an odd beat."""
import torch
from torch import nn

BEAT = 140

phase = torch.rand(200, 1, 1)
t = torch.linspace(0, 1, BEAT).view(1, 1, BEAT)
beats = torch.sin(2 * torch.pi * (t + 0.1 * phase)) + 0.5 * torch.sin(6 * torch.pi * t) + 0.05 * torch.randn(200, 1, BEAT)


class BeatAutoencoder(nn.Module):
    def __init__(self, code=8):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv1d(1, 16, kernel_size=7, stride=2, padding=3),
            nn.ReLU(),
            nn.Conv1d(16, code, kernel_size=7, stride=2, padding=3),
            nn.ReLU(),
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose1d(code, 16, kernel_size=7, stride=2, padding=3, output_padding=1),
            nn.ReLU(),
            nn.ConvTranspose1d(16, 1, kernel_size=7, stride=2, padding=3),
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


model = BeatAutoencoder()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(3):
    for batch in beats.split(50):
        rebuilt = model(batch)
        loss = nn.functional.l1_loss(rebuilt, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())

with torch.no_grad():
    errors = (model(beats) - beats).abs().mean(dim=(1, 2))
threshold = errors.mean() + 2 * errors.std()
print("odd beats:", (errors > threshold).nonzero().flatten().tolist())
