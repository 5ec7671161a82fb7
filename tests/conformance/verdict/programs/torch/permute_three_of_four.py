import torch
import torch.nn as nn


class SpeechRecognizer(nn.Module):
    """Small DeepSpeech: 2d convolutions over (mel, time), then a GRU over time."""

    def __init__(self, n_mels=32, rnn_dim=48, n_class=29):
        super().__init__()
        self.cnn = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.fully = nn.Linear(8 * n_mels // 2, rnn_dim)
        self.rnn = nn.GRU(rnn_dim, rnn_dim, bidirectional=True, batch_first=True)
        self.head = nn.Linear(2 * rnn_dim, n_class)

    def forward(self, x):
        x = self.cnn(x)
        x = x.permute(0, 2, 1)
        x = x.flatten(2)
        x = torch.relu(self.fully(x))
        x, _ = self.rnn(x)
        return self.head(x)


net = SpeechRecognizer()
print(net(torch.randn(3, 1, 32, 100)).shape)
