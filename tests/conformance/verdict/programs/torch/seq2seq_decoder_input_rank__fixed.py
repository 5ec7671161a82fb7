import random

import torch
import torch.nn as nn
from torch import Tensor


class EncoderRNN(nn.Module):
    def __init__(self, input_size: int, hidden_size: int):
        super().__init__()
        self.embedding = nn.Embedding(input_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True)

    def forward(self, src: Tensor) -> tuple[Tensor, Tensor]:
        return self.gru(self.embedding(src))


class DecoderRNN(nn.Module):
    def __init__(self, hidden_size: int, output_size: int):
        super().__init__()
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, token: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        emb = torch.relu(self.embedding(token))
        output, hidden = self.gru(emb, hidden)
        return self.out(output.squeeze(1)), hidden


SOS, EOS, MAX_LEN = 0, 1, 8
encoder, decoder = EncoderRNN(50, 32), DecoderRNN(32, 60)
pairs = [(torch.randint(2, 50, (16, 10)), torch.randint(2, 60, (16, MAX_LEN))) for _ in range(3)]
params = list(encoder.parameters()) + list(decoder.parameters())
opt = torch.optim.Adam(params, lr=1e-3)
criterion = nn.CrossEntropyLoss()

for src, tgt in pairs:
    opt.zero_grad()
    _, hidden = encoder(src)
    token = torch.full((16, 1), SOS, dtype=torch.long)
    loss = 0
    teacher = random.random() < 0.5
    for t in range(MAX_LEN):
        logits, hidden = decoder(token, hidden)
        loss = loss + criterion(logits, tgt[:, t])
        token = tgt[:, t].unsqueeze(1) if teacher else logits.argmax(1, keepdim=True)
    loss.backward()
    opt.step()
    print(loss.item() / MAX_LEN)
