import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

events = [(torch.randn(6, 4), n % 2) for n in range(40)]


def together(batch):
    rows, kinds = zip(*batch)
    lengths = [len(row) for row in rows]
    return pad_sequence(rows, batch_first=True), torch.tensor(kinds), lengths


train = DataLoader(events[:30], batch_size=10, collate_fn=together)
held_out = DataLoader(events[30:], batch_size=10, collate_fn=together)
gru = nn.GRU(4, 7, batch_first=True)
top = nn.Linear(7, 2)
for loader in (train,):
    for x, y, lengths in loader:
        _, state = gru(pack_padded_sequence(x, lengths, batch_first=True))
        loss = nn.functional.cross_entropy(top(state[-1]), y)
for x, y, lengths in held_out:
    _, state = gru(pack_padded_sequence(x, lengths, batch_first=True))
    hits = (top(state[-1]).argmax(1) == y).sum()
