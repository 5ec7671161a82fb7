import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

TAGS = {"O": 0, "B-PER": 1, "I-PER": 2, "B-LOC": 3, "I-LOC": 4}
PAD_TAG = -100

sentences = [
    (["john", "lives", "in", "new", "york"], ["B-PER", "O", "O", "B-LOC", "I-LOC"]),
    (["mary", "smith", "sings"], ["B-PER", "I-PER", "O"]),
    (["paris", "is", "nice", "today"], ["B-LOC", "O", "O", "O"]),
]
vocab = {"<pad>": 0}
for words, _ in sentences:
    for w in words:
        vocab.setdefault(w, len(vocab))

X = pad_sequence([torch.tensor([vocab[w] for w in ws]) for ws, _ in sentences], batch_first=True)
Y = pad_sequence([torch.tensor([TAGS[t] for t in ts]) for _, ts in sentences], batch_first=True, padding_value=PAD_TAG)


class BiLSTMTagger(nn.Module):
    def __init__(self, n_words, n_tags, dim=16, hidden=32):
        super().__init__()
        self.emb = nn.Embedding(n_words, dim, padding_idx=0)
        self.lstm = nn.LSTM(dim, hidden // 2, bidirectional=True, batch_first=True)
        self.hidden2tag = nn.Linear(hidden, n_tags)

    def forward(self, sents):
        out, _ = self.lstm(self.emb(sents))
        return self.hidden2tag(out)


tagger = BiLSTMTagger(len(vocab), len(TAGS))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(tagger.parameters(), lr=0.1)
for _ in range(3):
    tagger.zero_grad()
    scores = tagger(X)
    loss = criterion(scores.view(-1, len(TAGS)), Y.view(-1))
    loss.backward()
    optimizer.step()
print(loss)
