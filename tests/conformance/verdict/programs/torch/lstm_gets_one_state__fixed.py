import torch
from torch import nn


class Captioner(nn.Module):
    def __init__(self, image_dim=128, hidden=40, vocab=70):
        super().__init__()
        self.init_h = nn.Linear(image_dim, hidden)
        self.init_c = nn.Linear(image_dim, hidden)
        self.embed = nn.Embedding(vocab, 24)
        self.lstm = nn.LSTM(24, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, vocab)

    def forward(self, image, caption):
        h = self.init_h(image).unsqueeze(0)
        c = self.init_c(image).unsqueeze(0)
        out, _ = self.lstm(self.embed(caption), (h, c))
        return self.fc(out)


net = Captioner()
print(net(torch.rand(6, 128), torch.randint(70, (6, 14))).shape)
