import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset, random_split

texts = ["fine", "not my thing", "what a waste of an evening", "i would watch it again", "so so"]
marks = [1, 0, 0, 1, 0]
vocabulary = {word: number + 1 for number, word in enumerate(sorted({w for t in texts for w in t.split()}))}


class Texts(Dataset):
    def __init__(self, texts, marks):
        self.texts, self.marks = texts, marks

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, item):
        ids = [vocabulary[word] for word in self.texts[item].split()]
        return torch.tensor(ids), torch.tensor(self.marks[item])


def padded(samples):
    ids, marks = zip(*samples)
    return pad_sequence(ids, batch_first=True), torch.stack(marks)


train, test = random_split(Texts(texts, marks), [4, 1])
loader = DataLoader(train, batch_size=2, shuffle=True, collate_fn=padded)
embedding = nn.Embedding(len(vocabulary) + 1, 8, padding_idx=0)
head = nn.Linear(8, 2)

for ids, marks in loader:
    loss = nn.functional.cross_entropy(head(embedding(ids).mean(1)), marks)
    print(loss.item())
