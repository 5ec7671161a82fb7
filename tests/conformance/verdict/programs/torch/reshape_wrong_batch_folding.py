import torch
import torch.nn as nn


class FrameEncoder(nn.Module):
    def __init__(self, out_dim):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, out_dim),
        )

    def forward(self, x):
        return self.net(x)


class VideoClassifier(nn.Module):
    """CNN on each frame, LSTM over the frames."""

    def __init__(self, dim=32, hidden=24, n_classes=5, frames=8):
        super().__init__()
        self.frames = frames
        self.cnn = FrameEncoder(dim)
        self.rnn = nn.LSTM(dim, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, n_classes)

    def forward(self, clip):
        b, t, c, h, w = clip.shape
        feats = self.cnn(clip.reshape(b * t, c, h, w))
        feats = feats.view(b, self.frames, -1, h)
        out, _ = self.rnn(feats)
        return self.fc(out[:, -1])


clf = VideoClassifier()
video = torch.rand(2, 8, 3, 24, 24)
print(clf(video).shape)
