import numpy as np
import torch
from sklearn.preprocessing import MinMaxScaler
from torch import nn

rng = np.random.default_rng(1)
table = np.column_stack([rng.normal(20, 5, 300), rng.uniform(0, 100, 300), rng.normal(1013, 8, 300)])
scaler = MinMaxScaler()
scaled = scaler.fit_transform(table)

LOOK_BACK = 10
X = np.stack([scaled[i - LOOK_BACK:i] for i in range(LOOK_BACK, len(scaled))])
y = scaled[LOOK_BACK:, [0]]
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 8, batch_first=True)
        self.fc = nn.Linear(8, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1, :])


net = Net()
with torch.no_grad():
    predicted = net(X[-50:]).numpy()
celsius = scaler.inverse_transform(predicted)
print(celsius[:3].round(1))
