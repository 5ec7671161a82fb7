"""Convolutional autoencoder on 8x8 digits."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

X = torch.from_numpy(load_digits().images).float().div(16.0).unsqueeze(1)[:512]


class ConvAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1),   # 4x4
            nn.ReLU(),
            nn.Conv2d(8, 4, 3, stride=2, padding=1),   # 2x2
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


autoencoder = ConvAutoencoder()
optimizer = torch.optim.Adam(autoencoder.parameters(), lr=1e-3)
for epoch in range(3):
    for batch in X.split(128):
        recon = autoencoder(batch)
        loss = nn.functional.binary_cross_entropy(recon, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: {loss.item():.4f}")
