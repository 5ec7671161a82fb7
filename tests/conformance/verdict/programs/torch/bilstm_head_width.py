import torch
import torch.nn as nn


class SentimentNet(nn.Module):
    """Bidirectional LSTM over word ids; one logit per review."""

    def __init__(self, vocab_size, embedding_dim=64, hidden_dim=48, n_layers=2, drop_prob=0.3):
        super().__init__()
        self.hidden_dim = hidden_dim
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, n_layers, dropout=drop_prob,
                            batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.3)
        self.fc = nn.Linear(hidden_dim, 1)
        self.sig = nn.Sigmoid()

    def forward(self, x):
        embeds = self.embedding(x)
        lstm_out, _ = self.lstm(embeds)
        last = lstm_out[:, -1]
        out = self.dropout(last)
        out = self.fc(out)
        return self.sig(out).squeeze(1)


vocab_to_int = {w: i + 1 for i, w in enumerate("the movie was good bad terrible great plot actor scene".split())}
reviews = torch.randint(0, len(vocab_to_int) + 1, (120, 25))
labels = torch.randint(0, 2, (120,)).float()

net = SentimentNet(len(vocab_to_int) + 1)
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)

for e in range(2):
    for start in range(0, len(reviews), 40):
        inputs, target = reviews[start:start + 40], labels[start:start + 40]
        net.zero_grad()
        output = net(inputs)
        loss = criterion(output, target)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimizer.step()
    print(f"Epoch: {e + 1} Loss: {loss.item():.6f}")
