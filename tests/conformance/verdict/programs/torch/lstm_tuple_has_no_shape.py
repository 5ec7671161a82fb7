import torch
import torch.nn as nn


class AutoEncoder(nn.Module):
    def __init__(self, seq_len, n_features, embedding_dim=16):
        super().__init__()
        self.seq_len, self.n_features = seq_len, n_features
        self.encoder = nn.LSTM(n_features, embedding_dim, batch_first=True)
        self.decoder = nn.LSTM(embedding_dim, 2 * embedding_dim, batch_first=True)
        self.output_layer = nn.Linear(2 * embedding_dim, n_features)

    def forward(self, x):
        _, (hidden_n, _) = self.encoder(x)
        z = hidden_n[-1].unsqueeze(1).repeat(1, self.seq_len, 1)
        x = self.decoder(z)
        return self.output_layer(x)


model = AutoEncoder(seq_len=140, n_features=1)
ecg = torch.randn(16, 140, 1)
reconstruction = model(ecg)
loss = nn.L1Loss()(reconstruction, ecg)
loss.backward()
print(loss.item())
