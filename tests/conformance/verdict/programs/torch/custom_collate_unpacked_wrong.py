import torch
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence
from torch.utils.data import DataLoader

songs = [(torch.randn(n, 12), n % 3) for n in (30, 22, 41, 18, 27, 35, 19, 40)]


def collate_fn(batch):
    batch = sorted(batch, key=lambda pair: pair[0].size(0), reverse=True)
    chroma = [b[0] for b in batch]
    genres = torch.tensor([b[1] for b in batch])
    lengths = torch.tensor([c.size(0) for c in chroma])
    return pad_sequence(chroma, batch_first=True), lengths, genres


class GenreNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = torch.nn.GRU(12, 20, batch_first=True)
        self.fc = torch.nn.Linear(20, 3)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True)
        _, h = self.gru(packed)
        return self.fc(h.squeeze(0))


net = GenreNet()
loader = DataLoader(songs, batch_size=4, collate_fn=collate_fn)
for chroma, genres, lengths in loader:
    logits = net(chroma, lengths)
    loss = torch.nn.functional.cross_entropy(logits, genres)
    loss.backward()
    print(loss.item())
