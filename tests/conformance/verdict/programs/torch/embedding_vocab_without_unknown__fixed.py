import torch
import torch.nn as nn

corpus = [
    "we are what we repeatedly do",
    "knowing yourself is the beginning of all wisdom",
    "the whole is more than the sum of its parts",
]
word2idx = {"<pad>": 0, "<unk>": 1}
for sentence in corpus:
    for word in sentence.split():
        if word not in word2idx:
            word2idx[word] = len(word2idx)

vocabulary = len(set(" ".join(corpus).split()))
max_len = max(len(s.split()) for s in corpus)


def encode(sentence):
    ids = [word2idx.get(w, 1) for w in sentence.split()]
    return ids + [0] * (max_len - len(ids))


batch = torch.tensor([encode(s) for s in corpus])


class Encoder(nn.Module):
    def __init__(self, n_words, dim):
        super().__init__()
        self.embed = nn.Embedding(n_words, dim, padding_idx=0)
        self.rnn = nn.GRU(dim, 24, batch_first=True)

    def forward(self, tokens):
        return self.rnn(self.embed(tokens))[1].squeeze(0)


encoder = Encoder(len(word2idx), 16)
codes = encoder(batch)
print(codes.shape)
