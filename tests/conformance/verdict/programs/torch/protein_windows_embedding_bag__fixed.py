import torch
import torch.nn as nn

AMINO = "ACDEFGHIKLMNPQRSTVWY"
aa_to_id = {a: i for i, a in enumerate(AMINO)}


def parse_fasta(text):
    name, records = None, {}
    for line in text.strip().splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            records[name] = ""
        else:
            records[name] += line.strip()
    return records


FASTA = """
>p1 first
MKTAYIAKQR
QISFVKSHFS
>p2 second
GIVEQCCTSI
>p3 third
FVNQHLCGSHLVEAL
"""
proteins = parse_fasta(FASTA)
flat = torch.tensor([aa_to_id[a] for seq in proteins.values() for a in seq])
lengths = [len(s) for s in proteins.values()]
offsets = torch.tensor([0] + lengths[:-1]).cumsum(0)

bag = nn.EmbeddingBag(len(AMINO), 12, mode="sum")
head = nn.Linear(12, 2)
logits = head(bag(flat, offsets))
loss = nn.functional.cross_entropy(logits, torch.tensor([0, 1, 1]))
print(loss.item())
