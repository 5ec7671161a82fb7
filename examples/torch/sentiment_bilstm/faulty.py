"""Short reviews to positive or negative: words, ids, Embedding, a bidirectional LSTM."""
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

reviews = [
    ("a warm and funny film", 1),
    ("dull from the first minute to the last", 0),
    ("the actors are wonderful", 1),
    ("i left before the end", 0),
    ("beautiful pictures and a clever story", 1),
    ("the plot makes no sense at all", 0),
    ("i would watch it again", 1),
    ("a waste of a good cast", 0),
]

vocab = {"<pad>": 0, "<unk>": 1}
for text, _ in reviews:
    for word in text.split():
        vocab.setdefault(word, len(vocab))


def encode(text):
    return torch.tensor([vocab.get(word, vocab["<unk>"]) for word in text.split()])


tokens = pad_sequence([encode(text) for text, _ in reviews], batch_first=True, padding_value=vocab["<pad>"])
labels = torch.tensor([label for _, label in reviews], dtype=torch.float32)


class SentimentLSTM(nn.Module):
    def __init__(self, vocab_size, embedding_dim=24, hidden_dim=16, n_layers=1):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim, padding_idx=0)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, n_layers, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(hidden_dim, 1)

    def forward(self, ids):
        embedded = self.embedding(ids)
        _, (hidden, _) = self.lstm(embedded)
        sentence = torch.cat([hidden[-2], hidden[-1]], dim=1)
        return self.fc(sentence).squeeze(1)


model = SentimentLSTM(len(vocab))
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for step in range(10):
    optimizer.zero_grad()
    logits = model(tokens)
    loss = loss_fn(logits, labels)
    loss.backward()
    optimizer.step()
accuracy = ((logits > 0) == labels.bool()).float().mean()
print(f"loss {loss.item():.3f}, accuracy {accuracy.item():.2f}")
