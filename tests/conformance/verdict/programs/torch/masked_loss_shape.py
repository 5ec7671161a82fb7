import torch
from torch.nn.utils.rnn import pad_sequence

sessions = [torch.randn(n, 2) for n in (9, 4, 7)]
lengths = torch.tensor([9, 4, 7])
x = pad_sequence(sessions, batch_first=True)
mask = torch.arange(x.size(1)).unsqueeze(0) < lengths.unsqueeze(1)
model = torch.nn.RNN(2, 2, batch_first=True)
pred, _ = model(x)
loss = (pred[:, :-1] - x[:, 1:]) ** 2
loss = (loss * mask).sum() / mask.sum()
loss.backward()
print(loss.item())
