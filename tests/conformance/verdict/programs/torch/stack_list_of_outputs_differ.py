import torch
import torch.nn as nn


class TextCNN(nn.Module):
    def __init__(self, vocab=200, dim=32, n_filters=16, sizes=(2, 3, 4), classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim)
        self.convs = nn.ModuleList([nn.Conv1d(dim, n_filters, k) for k in sizes])
        self.fc = nn.Linear(n_filters * len(sizes), classes)
        self.dropout = nn.Dropout(0.5)

    def forward(self, text):
        x = self.embedding(text).transpose(1, 2)
        conved = [torch.relu(conv(x)) for conv in self.convs]
        cat = self.dropout(torch.cat(conved, dim=1).max(dim=2).values)
        return self.fc(cat)


model = TextCNN()
print(model(torch.randint(200, (8, 30))))
