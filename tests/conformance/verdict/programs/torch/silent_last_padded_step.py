import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

walks = [torch.randn(n, 3) for n in (12, 5, 9)]
lengths = torch.tensor([12, 5, 9])
batch = pad_sequence(walks, batch_first=True)
rnn = nn.GRU(3, 8, batch_first=True)
head = nn.Linear(8, 2)
out, _ = rnn(batch)
last = out[:, -1]
print(head(last))
