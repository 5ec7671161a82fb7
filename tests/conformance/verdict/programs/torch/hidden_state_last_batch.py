import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

batch_size = 50
seq_length = 20

# noisy sine
t = np.arange(0, 400, 0.1)
series = np.sin(t / 10) + np.random.normal(scale=0.05, size=t.shape)


def sliding_windows(data, length):
    xs, ys = [], []
    for i in range(len(data) - length - 1):
        xs.append(data[i:i + length])
        ys.append(data[i + length])
    return np.array(xs), np.array(ys)


x, y = sliding_windows(series, seq_length)
train_data = TensorDataset(torch.from_numpy(x).float().unsqueeze(-1), torch.from_numpy(y).float())
train_loader = DataLoader(train_data, shuffle=True, batch_size=batch_size)


class LSTM(nn.Module):
    def __init__(self, num_classes, input_size, hidden_size, num_layers):
        super(LSTM, self).__init__()
        self.num_layers = num_layers
        self.hidden_size = hidden_size
        self.lstm = nn.LSTM(input_size=input_size, hidden_size=hidden_size, num_layers=num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def init_hidden(self, batch):
        weight = next(self.parameters()).data
        return (weight.new(self.num_layers, batch, self.hidden_size).zero_(),
                weight.new(self.num_layers, batch, self.hidden_size).zero_())

    def forward(self, x, hidden):
        out, hidden = self.lstm(x, hidden)
        return self.fc(out[:, -1]), hidden


model = LSTM(1, 1, 16, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

h = model.init_hidden(batch_size)
for inputs, targets in train_loader:
    h = tuple(each.detach() for each in h)
    model.zero_grad()
    outputs, h = model(inputs, h)
    loss = criterion(outputs.squeeze(), targets)
    loss.backward()
    optimizer.step()
print(loss.item())
