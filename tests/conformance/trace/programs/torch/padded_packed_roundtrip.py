import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence, pad_sequence

lengths = [7, 3, 5, 6]
seqs = [torch.randn(n, 4) for n in lengths]
padded = pad_sequence(seqs, batch_first=True)
time_major = pad_sequence(seqs)
filled = pad_sequence([torch.arange(n) for n in lengths], batch_first=True, padding_value=-1)
mask = filled >= 0
lens = torch.tensor(lengths)
packed = pack_padded_sequence(padded, lens, batch_first=True, enforce_sorted=False)
lstm = nn.LSTM(4, 6, num_layers=2, bidirectional=True, batch_first=True)
out, (h, c) = lstm(packed)
unpacked, out_lens = pad_packed_sequence(out, batch_first=True)
longer, _ = pad_packed_sequence(out, batch_first=True, total_length=10)
forward_last = h[-2]
both = torch.cat([h[-2], h[-1]], dim=1)
ordered, perm = lens.sort(descending=True)
again = padded[perm]
direct = pack_sequence([s for s in sorted(seqs, key=len, reverse=True)])
gru = nn.GRU(4, 5)
_, state = gru(direct)
final = state.squeeze(0)
pos = (lens - 1).view(-1, 1, 1).expand(-1, 1, unpacked.size(2))
at_end = unpacked.gather(1, pos).squeeze(1)
mean = (unpacked * mask.unsqueeze(-1)).sum(1) / lens.unsqueeze(1)
