import numpy as np
import torch
from torch import nn

# gestures: 3 axes, 50 samples each
rng = np.random.RandomState(7)
X = rng.randn(80, 50, 3).astype(np.float32)
y = rng.randint(0, 5, size=(80, 1))

Xt, yt = torch.from_numpy(X), torch.from_numpy(y)
split = int(0.75 * len(Xt))


class GestureRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 20, nonlinearity="relu", batch_first=True)
        self.norm = nn.LayerNorm(20)
        self.out = nn.Linear(20, 5)

    def forward(self, x):
        seq, last = self.rnn(x)
        return self.out(self.norm(seq[:, -1, :]))


model = GestureRNN()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
for i in range(4):
    logits = model(Xt[:split])
    loss = criterion(logits, yt[:split])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

model.eval()
with torch.inference_mode():
    val = criterion(model(Xt[split:]), yt[split:])
print(loss.item(), val.item())
