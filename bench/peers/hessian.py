#!/usr/bin/env python3
"""Compares what `flatward spectrum --export-problem` says of a Hessian with PyTorch, in double precision.

The network is rebuilt with torch.nn, and its loss's Hessian taken by torch.autograd: nothing of flatward's closed
forms has a part in it. Exit code 1 when anything differs by more than 1e-8.

    python3 hessian.py problem.json [problem.json …]
"""

import json
import math
import sys

import torch

TOLERANCE = 1e-8
POWER_STEPS = 20000

torch.set_default_dtype(torch.float64)


class Sine(torch.nn.Module):
    def forward(self, z):
        return torch.sin(z)


ACTIVATIONS = {
    "tanh": torch.nn.Tanh,
    "sigmoid": torch.nn.Sigmoid,
    "softplus": torch.nn.Softplus,
    "silu": torch.nn.SiLU,
    "gelu": torch.nn.GELU,  # the exact one, by erf
    "sin": Sine,
    "identity": torch.nn.Identity,
}

F = torch.nn.functional


def one_hot(logits, labels):
    return F.one_hot(labels, logits.shape[1]).to(logits.dtype)


# flatward's conventions: sums over outputs, means over samples; half of the squared error; no log y! for Poisson.
LOSSES = {
    "softmax-cross-entropy": lambda u, y: F.cross_entropy(u, y),
    "sigmoid-cross-entropy": lambda u, y: F.binary_cross_entropy_with_logits(u, one_hot(u, y), reduction="sum")
    / len(u),
    "mean-squared-error": lambda u, y: 0.5 * F.mse_loss(u, one_hot(u, y), reduction="sum") / len(u),
    "poisson": lambda u, y: F.poisson_nll_loss(u, one_hot(u, y), log_input=True, reduction="sum") / len(u),
}


def shape(network):
    """Sizes, activations and biases of the layers, of a network with one hidden layer or of any."""
    if "sizes" in network:
        return network["sizes"], network["activation"], network["bias"]
    sizes = [network[key] for key in ("inputs", "hidden", "outputs")]
    return sizes, [network["activation"]], 2 * [network["bias"]]


def build(network):
    """The network as a Sequential; its parameters come in flatward's order."""
    sizes, activations, biases = shape(network)
    layers = []
    for l, bias in enumerate(biases):
        layers.append(torch.nn.Linear(sizes[l], sizes[l + 1], bias=bias))
        layers.extend(ACTIVATIONS[name]() for name in activations[l : l + 1])
    return torch.nn.Sequential(*layers)


def gradient_of(model, loss):
    return torch.cat([part.reshape(-1) for part in torch.autograd.grad(loss, model.parameters(), create_graph=True)])


def product(gradient, model, v):
    """H·v by double backpropagation."""
    parts = torch.autograd.grad(gradient, model.parameters(), grad_outputs=v, retain_graph=True)
    return torch.cat([part.reshape(-1) for part in parts])


def power_iteration(multiply, size):
    """The eigenvalue of the largest absolute value, and the residual of its vector."""
    v = torch.randn(size, generator=torch.Generator().manual_seed(0))
    v /= v.norm()
    for _ in range(POWER_STEPS):
        w = multiply(v)
        value = (v @ w).item()
        residual = (w - value * v).norm().item()
        if residual <= 1e-12 * abs(value):
            break
        v = w / w.norm()
    return value, residual


def compare(path):
    with open(path, encoding="utf8") as file:
        problem = json.load(file)
    network, expected = problem["network"], problem["expected"]
    sizes, activations, _ = shape(network)
    model = build(network)
    torch.nn.utils.vector_to_parameters(torch.tensor(problem["theta"], dtype=torch.float64), model.parameters())
    x, y = torch.tensor(problem["x"], dtype=torch.float64), torch.tensor(problem["y"])
    loss = LOSSES[network["loss"]](model(x), y)
    gradient = gradient_of(model, loss)
    size = gradient.numel()
    hessian = torch.stack([product(gradient, model, row) for row in torch.eye(size)])
    asymmetry = (hessian - hessian.T).abs().max().item()
    values = torch.linalg.eigvalsh(0.5 * (hessian + hessian.T))
    norm = values.abs().max().item()

    rows = [
        # Eigenvalues err by ‖H‖ times rounding, however small they are; the trace by √n ‖H‖_F.
        ("loss", expected["loss"], loss.item(), abs(loss.item())),
        ("tr H", expected["trace"], hessian.trace().item(), math.sqrt(size) * hessian.norm().item()),
        ("tr H²", expected["frobeniusSquared"], hessian.square().sum().item(), hessian.square().sum().item()),
    ]
    for i, value in enumerate(expected["largest"]):
        rows.append((f"λ_{i + 1}", value, values[size - 1 - i].item(), norm))
    for i, value in enumerate(expected["smallest"]):
        rows.append((f"λ_{size - i}", value, values[i].item(), norm))
    dominant, residual = power_iteration(lambda v: product(gradient, model, v), size)
    extreme = max(expected["largest"][0], expected["smallest"][0], key=abs)
    rows.append((f"power iteration (residual {residual:.0e})", extreme, dominant, norm))

    print(
        f"{path}: {' → '.join(map(str, sizes))}, {', '.join(activations)}, "
        f"{network['loss']}, {len(x)} samples, n = {size}, torch {torch.__version__}; asymmetry of torch's H {asymmetry:.0e}"
    )
    print(f"{'':36}{'flatward':>24}{'torch':>24}{'difference':>12}")
    differences = []
    for name, ours, theirs, scale in rows:
        difference = abs(ours - theirs) / scale if scale > 0 else abs(ours - theirs)
        differences.append(difference)
        print(f"{name:36}{ours:24.16g}{theirs:24.16g}{difference:12.1e}")
    # Put so that NaN is a difference too.
    verdict = all(difference <= TOLERANCE for difference in differences)
    print(f"largest difference {max(differences):.1e}: {'agree' if verdict else 'DIFFER'}\n")
    return verdict


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    verdicts = [compare(path) for path in sys.argv[1:]]
    sys.exit(0 if all(verdicts) else 1)
