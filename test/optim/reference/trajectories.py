"""Trajectories of PyTorch's optimizers on a small function that is not quadratic, in float64.

    python3 test/optim/reference/trajectories.py > test/optim/reference/trajectories.json
    npx biome format --write test/optim/reference/trajectories.json

Made with Debian's python3-torch 1.13.0. The gradient is autograd's.
"""

import json
import warnings

import torch
from torch.optim import SGD, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR, StepLR

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
START = [1.5, -2.0, 0.75]
STEPS = 60


def function(x):
    quadratic = 0.5 * (x[0] * x[0] + 4 * x[1] * x[1] + 0.25 * x[2] * x[2])
    return quadratic + 0.1 * x[0] ** 4 + 0.05 * x[2] ** 4 + 0.3 * x[0] * x[1] * x[2] + 1 / (1 + x[1] * x[1]) - x[2]


def warmed_up(optimizer):
    first = LinearLR(optimizer, start_factor=1 / 3, total_iters=10)
    return SequentialLR(optimizer, [first, CosineAnnealingLR(optimizer, 50, eta_min=0.001)], milestones=[10])


def by_norm(x):
    torch.nn.utils.clip_grad_norm_([x], 0.8)


def by_value(x):
    torch.nn.utils.clip_grad_value_([x], 0.5)


# The optimizer, its schedule, its clip.
CASES = {
    "sgd": (lambda p: SGD(p, lr=0.05), None, None),
    "sgd, weight decay": (lambda p: SGD(p, lr=0.05, weight_decay=0.1), None, None),
    "sgd, momentum": (lambda p: SGD(p, lr=0.05, momentum=0.9), None, None),
    "sgd, momentum, weight decay": (lambda p: SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1), None, None),
    "sgd, dampening": (lambda p: SGD(p, lr=0.05, momentum=0.9, dampening=0.4, weight_decay=0.1), None, None),
    "sgd, nesterov": (lambda p: SGD(p, lr=0.05, momentum=0.9, nesterov=True), None, None),
    "sgd, nesterov, weight decay": (
        lambda p: SGD(p, lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.1),
        None,
        None,
    ),
    "adam": (lambda p: Adam(p, lr=0.05), None, None),
    "adam, all options": (
        lambda p: Adam(p, lr=0.05, betas=(0.7, 0.95), eps=1e-3, weight_decay=0.1),
        None,
        None,
    ),
    "adamw": (lambda p: AdamW(p, lr=0.05, weight_decay=0), None, None),
    "adamw, all options": (
        lambda p: AdamW(p, lr=0.05, betas=(0.7, 0.95), eps=1e-3, weight_decay=0.1),
        None,
        None,
    ),
    "rmsprop": (lambda p: RMSprop(p, lr=0.01), None, None),
    "rmsprop, weight decay": (lambda p: RMSprop(p, lr=0.01, alpha=0.9, eps=1e-4, weight_decay=0.1), None, None),
    "rmsprop, momentum": (lambda p: RMSprop(p, lr=0.01, momentum=0.7), None, None),
    "rmsprop, centered": (lambda p: RMSprop(p, lr=0.01, centered=True), None, None),
    "rmsprop, all options": (
        lambda p: RMSprop(p, lr=0.01, alpha=0.9, eps=1e-4, momentum=0.7, centered=True, weight_decay=0.1),
        None,
        None,
    ),
    "sgd, cosine": (lambda p: SGD(p, lr=0.1), lambda o: CosineAnnealingLR(o, 60, eta_min=0.002), None),
    "adamw, cosine to 0": (
        lambda p: AdamW(p, lr=0.05, weight_decay=0.1),
        lambda o: CosineAnnealingLR(o, 59),
        None,
    ),
    "sgd, steps": (lambda p: SGD(p, lr=0.1, momentum=0.5), lambda o: StepLR(o, 13, gamma=0.6), None),
    "sgd, warm-up and cosine": (lambda p: SGD(p, lr=0.1, momentum=0.9), warmed_up, None),
    "sgd, norm clipped": (lambda p: SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1), None, by_norm),
    "adam, value clipped": (lambda p: Adam(p, lr=0.05), None, by_value),
}


def run(make, schedule, clip):
    x = torch.tensor(START, requires_grad=True)
    optimizer = make([x])
    scheduler = schedule(optimizer) if schedule else None
    thetas, rates = [x.tolist()], []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        function(x).backward()
        if clip:
            clip(x)
        optimizer.step()
        if scheduler:
            scheduler.step()
        thetas.append(x.tolist())
    return {"thetas": thetas, **({"rates": rates} if scheduler else {})}


print(json.dumps({"torch": torch.__version__, "start": START, "cases": {n: run(*c) for n, c in CASES.items()}}))
