import torch


def tile_queries(queries, batch):
    # (n_queries, dim) for each image of the batch
    return queries.unsqueeze(0).repeat(batch, 1, 1)


queries = torch.randn(10, 32)
batch = 4
q = tile_queries(queries, batch)
boxes = torch.rand(4, 10, 4)
centers = boxes.repeat(1, 2)
both = torch.cat([q, centers], dim=-1)
print(both.shape)
