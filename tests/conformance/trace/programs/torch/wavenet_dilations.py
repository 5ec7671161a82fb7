import torch
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, channels, skip, kernel, dilation):
        super().__init__()
        self.pad = (kernel - 1) * dilation
        self.filter = nn.Conv1d(channels, channels, kernel, dilation=dilation)
        self.gate = nn.Conv1d(channels, channels, kernel, dilation=dilation)
        self.res = nn.Conv1d(channels, channels, 1)
        self.skip = nn.Conv1d(channels, skip, 1)

    def forward(self, x):
        padded = nn.functional.pad(x, (self.pad, 0))
        z = torch.tanh(self.filter(padded)) * torch.sigmoid(self.gate(padded))
        return x + self.res(z), self.skip(z)


class WaveNet(nn.Module):
    def __init__(self, n_classes=64, channels=12, skip=20, layers=4):
        super().__init__()
        self.embed = nn.Embedding(n_classes, channels)
        self.blocks = nn.ModuleList(ResidualBlock(channels, skip, 2, 2 ** i) for i in range(layers))
        self.end = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, skip, 1), nn.ReLU(), nn.Conv1d(skip, n_classes, 1))

    def forward(self, x):
        h = self.embed(x).transpose(1, 2)
        skips = 0
        for block in self.blocks:
            h, s = block(h)
            skips = skips + s
        return self.end(skips)


def mu_law(audio, mu=63):
    magnitude = torch.log1p(mu * audio.abs()) / torch.log1p(torch.tensor(float(mu)))
    signal = audio.sign() * magnitude
    return ((signal + 1) / 2 * mu + 0.5).long()


audio = torch.sin(torch.linspace(0, 400, 1024)).repeat(3, 1)
codes = mu_law(audio)
model = WaveNet()
logits = model(codes[:, :-1])
loss = nn.functional.cross_entropy(logits, codes[:, 1:])
generated = codes[:1, :100]
with torch.no_grad():
    for _ in range(5):
        scores = model(generated)[:, :, -1]
        following = scores.argmax(dim=1, keepdim=True)
        generated = torch.cat([generated, following], dim=1)
