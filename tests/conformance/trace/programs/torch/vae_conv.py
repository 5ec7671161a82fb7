import torch
from torch import nn
import torch.nn.functional as F


class ConvVAE(nn.Module):
    def __init__(self, latent=6):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 4, 2, 1)
        self.conv2 = nn.Conv2d(8, 16, 4, 2, 1)
        self.mu = nn.Linear(16 * 7 * 7, latent)
        self.logvar = nn.Linear(16 * 7 * 7, latent)
        self.fc = nn.Linear(latent, 16 * 7 * 7)
        self.deconv1 = nn.ConvTranspose2d(16, 8, 4, 2, 1)
        self.deconv2 = nn.ConvTranspose2d(8, 1, 4, 2, 1)

    def encode(self, x):
        h = F.leaky_relu(self.conv1(x))
        h = F.leaky_relu(self.conv2(h))
        flat = h.view(h.size(0), -1)
        return self.mu(flat), self.logvar(flat)

    @staticmethod
    def sample(mu, logvar):
        std = (0.5 * logvar).exp()
        return mu + torch.randn_like(std) * std

    def decode(self, z):
        h = self.fc(z).view(-1, 16, 7, 7)
        h = F.leaky_relu(self.deconv1(h))
        return torch.sigmoid(self.deconv2(h))

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = self.sample(mu, logvar)
        return self.decode(z), mu, logvar


images = torch.rand(50, 1, 28, 28)
model = ConvVAE()
opt = torch.optim.Adam(model.parameters())
for batch in torch.utils.data.DataLoader(images, batch_size=25):
    recon, mu, logvar = model(batch)
    bce = F.binary_cross_entropy(recon, batch, reduction="none").flatten(1).sum(1)
    kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1)
    loss = (bce + kl).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
z = torch.randn(9, 6)
with torch.no_grad():
    drawn = model.decode(z)
    row = torch.cat(list(drawn), dim=-1)
    sheet = drawn.view(3, 3, 28, 28).permute(0, 2, 1, 3).reshape(84, 84)
