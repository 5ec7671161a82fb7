import torch
import torch.nn as nn


class ReviewClassifier(nn.Module):
    def __init__(self, vocab=300, dim=20, hidden=32):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.lstm = nn.LSTM(dim, hidden, num_layers=2, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, ids):
        _, (h, _) = self.lstm(self.emb(ids))
        return self.fc(h[:, -1])


model = ReviewClassifier()
print(model(torch.randint(300, (2, 18))).shape)
