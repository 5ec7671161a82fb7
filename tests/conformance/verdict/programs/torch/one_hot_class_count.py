import torch
import torch.nn.functional as F

words = ["a", "b", "c", "d", "e"]
ids = torch.tensor([3, 1, 4, 1, 0, 2])
onehot = F.one_hot(ids, num_classes=4).float()
rnn = torch.nn.RNN(onehot.size(1), 7)
out, h = rnn(onehot.unsqueeze(1))
print(out.shape, h.shape)
