"""A tag for every word: bidirectional LSTM, padded sentences, padding left out of the loss."""
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

TAGS = ["O", "PER", "LOC", "ORG"]
sentences = [
    ("anna works for acme in berlin", "PER O O ORG O LOC"),
    ("the train to oslo is late", "O O O LOC O O"),
    ("globex hired peter", "ORG O PER"),
    ("maria and john met in rome yesterday", "PER O PER O O LOC O"),
]
words = sorted({word for text, _ in sentences for word in text.split()})
word_ids = {word: i + 1 for i, word in enumerate(words)}
IGNORE = -100

tokens = pad_sequence([torch.tensor([word_ids[w] for w in text.split()]) for text, _ in sentences], batch_first=True)
tags = pad_sequence(
    [torch.tensor([TAGS.index(t) for t in row.split()]) for _, row in sentences], batch_first=True, padding_value=IGNORE
)


class Tagger(nn.Module):
    def __init__(self, n_words, n_tags, dim=20, hidden=24):
        super().__init__()
        self.embedding = nn.Embedding(n_words, dim, padding_idx=0)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(2 * hidden, n_tags)

    def forward(self, ids):
        features, _ = self.lstm(self.embedding(ids))
        return self.classifier(features)


model = Tagger(len(words), len(TAGS))
criterion = nn.CrossEntropyLoss(ignore_index=IGNORE)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for epoch in range(5):
    scores = model(tokens)
    loss = criterion(scores.transpose(1, 2), tags)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
predicted = scores.argmax(dim=-1)
known = tags != IGNORE
print(loss.item(), (predicted[known] == tags[known]).float().mean().item())
