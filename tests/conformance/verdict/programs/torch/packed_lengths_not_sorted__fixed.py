import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(1)
walks = [torch.randn(n, 3) for n in (7, 12, 4, 9)]
lengths = torch.tensor([len(w) for w in walks])
padded = pad_sequence(walks, batch_first=True)

rnn = torch.nn.LSTM(input_size=3, hidden_size=10, batch_first=True)
packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
packed_out, (h_n, c_n) = rnn(packed)
out, out_lengths = pad_packed_sequence(packed_out, batch_first=True)
mask = torch.arange(out.size(1))[None, :] < out_lengths[:, None]
mean_over_time = (out * mask.unsqueeze(-1)).sum(1) / out_lengths.unsqueeze(-1)
print(mean_over_time.shape, h_n.shape)
