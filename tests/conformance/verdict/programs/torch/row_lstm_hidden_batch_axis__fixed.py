import torch
import torch.nn as nn

# image rows as a sequence
sequence_length, input_size, hidden_size = 28, 28, 64
num_layers, num_classes, batch_size = 2, 10, 100


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, num_classes):
        super(RNN, self).__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size)
        c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size)
        out, _ = self.lstm(x, (h0, c0))
        out = self.fc(out[:, -1, :])
        return out


model = RNN(input_size, hidden_size, num_layers, num_classes)
images = torch.rand(batch_size, 1, 28, 28)
images = images.reshape(-1, sequence_length, input_size)
outputs = model(images)
print(outputs.size())
