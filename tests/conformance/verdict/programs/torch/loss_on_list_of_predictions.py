import torch
import torch.nn as nn

model = nn.LSTM(1, 10, batch_first=True)
readout = nn.Linear(10, 1)
x = torch.sin(torch.linspace(0, 20, 60)).view(1, -1, 1)
predictions = []
state = None
for step in x.split(1, dim=1):
    out, state = model(step, state)
    predictions.append(readout(out[:, 0]))
loss = nn.MSELoss()(predictions[:-1], x[:, 1:, 0])
loss.backward()
print(loss.item())
