import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset


class IntentDataset(Dataset):
    LABELS = ["greet", "order", "cancel"]

    def __init__(self, rows):
        self.rows = rows
        words = sorted({w for text, _ in rows for w in text.split()})
        self.vocab = {w: i + 1 for i, w in enumerate(words)}

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        text, label = self.rows[i]
        ids = torch.tensor([self.vocab[w] for w in text.split()])
        return ids, self.LABELS.index(label)


def collate(batch):
    ids, labels = zip(*batch)
    return pad_sequence(ids, batch_first=True), torch.tensor(labels)


data = IntentDataset([
    ("hello there", "greet"),
    ("good morning", "greet"),
    ("i want a large pizza please", "order"),
    ("one coffee", "order"),
    ("please cancel my order", "cancel"),
    ("stop it", "cancel"),
])

loader = DataLoader(data, batch_size=3, collate_fn=collate)
model = torch.nn.EmbeddingBag(len(data.vocab) + 1, 3, padding_idx=0)
for ids, labels in loader:
    scores = model(ids)
    loss = torch.nn.functional.cross_entropy(scores, labels)
    print(ids.shape, loss.item())
