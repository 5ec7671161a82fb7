import torch
import torch.nn as nn

INPUT_LEN, HORIZON, FEATURES = 48, 12, 3


def make_windows(table, n_in, n_out):
    xs = table.unfold(0, n_in, 1).transpose(1, 2)
    xs = xs[:-n_out]
    ys = torch.stack([table[i + n_in: i + n_in + n_out, 0] for i in range(len(xs))])
    return xs, ys


table = torch.randn(300, FEATURES).cumsum(0)
X, Y = make_windows(table, INPUT_LEN, HORIZON)


class DirectForecaster(nn.Module):
    def __init__(self, n_features, hidden, horizon):
        super().__init__()
        self.rnn = nn.LSTM(n_features, hidden, num_layers=2, batch_first=True)
        self.head = nn.Sequential(nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, horizon))

    def forward(self, x):
        states, (h, c) = self.rnn(x)
        return self.head(h[-1])


net = DirectForecaster(FEATURES, 24, horizon=HORIZON)
optim = torch.optim.Adam(net.parameters())
lossfn = nn.MSELoss()
for step in range(3):
    idx = torch.randperm(len(X))[:64]
    loss = lossfn(net(X[idx]), Y[idx])
    optim.zero_grad(); loss.backward(); optim.step()
    print(step, float(loss))
