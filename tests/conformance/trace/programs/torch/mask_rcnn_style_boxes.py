import torch


def box_area(boxes):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_iou(boxes1, boxes2):
    area1 = box_area(boxes1)
    area2 = box_area(boxes2)
    lt = torch.max(boxes1[:, None, :2], boxes2[:, :2])
    rb = torch.min(boxes1[:, None, 2:], boxes2[:, 2:])
    wh = (rb - lt).clamp(min=0)
    inter = wh[:, :, 0] * wh[:, :, 1]
    union = area1[:, None] + area2 - inter
    iou = inter / union
    return iou


def encode(reference, proposals):
    centers = (proposals[:, :2] + proposals[:, 2:]) / 2
    sizes = proposals[:, 2:] - proposals[:, :2]
    ref_centers = (reference[:, :2] + reference[:, 2:]) / 2
    ref_sizes = reference[:, 2:] - reference[:, :2]
    offsets = (ref_centers - centers) / sizes
    scales = torch.log(ref_sizes / sizes)
    return torch.cat([offsets, scales], dim=1)


corners = torch.rand(30, 2) * 50
extent = torch.rand(30, 2) * 20 + 5
anchors = torch.cat([corners, corners + extent], dim=1)
truth = anchors[[3, 11, 20]] + 1.5
iou = box_iou(anchors, truth)
best_iou, best_gt = iou.max(dim=1)
labels = (best_iou > 0.5).long()
positive = torch.nonzero(labels).squeeze(1)
matched = truth[best_gt]
targets = encode(matched, anchors)
scores = torch.rand(30)
order = scores.argsort(descending=True)
keep = order[:10]
picked = anchors[keep]
cx, cy = picked[:, 0::2].mean(1), picked[:, 1::2].mean(1)
grid = torch.stack(torch.meshgrid(torch.arange(8), torch.arange(6), indexing="xy"), dim=-1)
centers = grid.reshape(-1, 2).float() * 16
sizes = torch.tensor([8.0, 16.0, 32.0])
half = sizes.view(1, -1, 1) / 2
tiled = torch.cat([centers[:, None] - half, centers[:, None] + half], dim=-1).view(-1, 4)
