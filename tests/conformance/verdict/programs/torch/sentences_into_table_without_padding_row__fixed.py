import torch
import torch.nn as nn

lines = ["red fox runs", "fox sleeps", "a red bird sings"]
words = sorted({word for line in lines for word in line.split()})
index = {word: place + 1 for place, word in enumerate(words)}
ids = torch.zeros(len(lines), 4, dtype=torch.long)
for row, line in enumerate(lines):
    for column, word in enumerate(line.split()):
        ids[row, column] = index[word]
table = nn.Embedding(len(words) + 1, 6, padding_idx=0)
read, _ = nn.GRU(6, 5, batch_first=True)(table(ids))
