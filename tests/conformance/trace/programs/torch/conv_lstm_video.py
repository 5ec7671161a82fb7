import torch
from torch import nn


class ConvGRUCell(nn.Module):
    def __init__(self, in_ch, hid_ch, k=3):
        super().__init__()
        self.hid_ch = hid_ch
        self.gates = nn.Conv2d(in_ch + hid_ch, 2 * hid_ch, k, padding=k // 2)
        self.cand = nn.Conv2d(in_ch + hid_ch, hid_ch, k, padding=k // 2)

    def forward(self, x, h=None):
        if h is None:
            h = x.new_zeros(x.size(0), self.hid_ch, *x.shape[2:])
        zr = torch.sigmoid(self.gates(torch.cat([x, h], 1)))
        z, r = zr.chunk(2, dim=1)
        n = torch.tanh(self.cand(torch.cat([x, r * h], 1)))
        return (1 - z) * h + z * n


class FramePredictor(nn.Module):
    def __init__(self, widths=(8, 12)):
        super().__init__()
        chans = (1,) + widths
        self.cells = nn.ModuleList(ConvGRUCell(a, b) for a, b in zip(chans[:-1], chans[1:]))
        self.readout = nn.Conv2d(widths[-1], 1, 1)

    def forward(self, clip):
        states = [None] * len(self.cells)
        frames = []
        for t in range(clip.size(1)):
            x = clip[:, t]
            for i, cell in enumerate(self.cells):
                states[i] = cell(x, states[i])
                x = states[i]
            frame = self.readout(x)
            frames.append(frame)
        return torch.stack(frames, dim=1)


video = torch.rand(2, 6, 1, 16, 20)
model = FramePredictor()
predicted = model(video[:, :-1])
target = video[:, 1:]
loss = nn.functional.mse_loss(predicted, target)
loss.backward()
per_frame = (predicted - target).pow(2).mean(dim=(0, 2, 3, 4))
