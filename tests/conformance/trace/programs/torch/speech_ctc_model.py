import torch
import torch.nn as nn
import torch.nn.functional as F


class CNNLayerNorm(nn.Module):
    def __init__(self, n_feats):
        super().__init__()
        self.layer_norm = nn.LayerNorm(n_feats)

    def forward(self, x):
        x = x.transpose(2, 3).contiguous()
        x = self.layer_norm(x)
        return x.transpose(2, 3).contiguous()


class ResidualCNN(nn.Module):
    def __init__(self, in_channels, out_channels, kernel, stride, n_feats):
        super().__init__()
        self.cnn1 = nn.Conv2d(in_channels, out_channels, kernel, stride, padding=kernel // 2)
        self.cnn2 = nn.Conv2d(out_channels, out_channels, kernel, stride, padding=kernel // 2)
        self.layer_norm1 = CNNLayerNorm(n_feats)

    def forward(self, x):
        residual = x
        x = self.layer_norm1(x)
        x = F.gelu(x)
        x = self.cnn1(x)
        x = self.cnn2(x)
        x += residual
        return x


class SpeechRecognitionModel(nn.Module):
    def __init__(self, n_cnn_layers=2, n_rnn_layers=2, rnn_dim=32, n_class=29, n_feats=64, stride=2):
        super().__init__()
        n_feats = n_feats // 2
        self.cnn = nn.Conv2d(1, 8, 3, stride=stride, padding=3 // 2)
        self.rescnn_layers = nn.Sequential(*[
            ResidualCNN(8, 8, kernel=3, stride=1, n_feats=n_feats) for _ in range(n_cnn_layers)
        ])
        self.fully_connected = nn.Linear(n_feats * 8, rnn_dim)
        self.birnn_layers = nn.Sequential(*[
            nn.Linear(rnn_dim, rnn_dim) for i in range(n_rnn_layers)
        ])
        self.classifier = nn.Sequential(nn.Linear(rnn_dim, rnn_dim), nn.GELU(), nn.Linear(rnn_dim, n_class))

    def forward(self, x):
        x = self.cnn(x)
        x = self.rescnn_layers(x)
        sizes = x.size()
        x = x.view(sizes[0], sizes[1] * sizes[2], sizes[3])
        x = x.transpose(1, 2)
        x = self.fully_connected(x)
        x = self.birnn_layers(x)
        x = self.classifier(x)
        return x


net = SpeechRecognitionModel()
specs = torch.randn(3, 1, 64, 120)
out = net(specs)
logp = F.log_softmax(out, dim=2)
logp = logp.transpose(0, 1)
labels = torch.randint(1, 28, (3, 15))
in_len = torch.full((3,), logp.size(0), dtype=torch.int32)
lab_len = torch.tensor([15, 12, 9])
loss = nn.CTCLoss(blank=28)(logp, labels, in_len, lab_len)
best = logp.argmax(-1).T
collapsed = [torch.unique_consecutive(row) for row in best]
