import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

MAX_LEN = 10
raw_lengths = [4, 13, 7, 10]
ids = torch.zeros(len(raw_lengths), MAX_LEN, dtype=torch.long)
for row, n in enumerate(raw_lengths):
    ids[row, :n] = torch.randint(1, 100, (min(n, MAX_LEN),))

lengths = torch.tensor(raw_lengths).clamp(max=MAX_LEN)
embedding = nn.Embedding(100, 8, padding_idx=0)
gru = nn.GRU(8, 16, batch_first=True)
packed = pack_padded_sequence(embedding(ids), lengths, batch_first=True, enforce_sorted=False)
out, _ = pad_packed_sequence(gru(packed)[0], batch_first=True)
print(out.shape)
