"""The closed form of docs/theory/closed-form.md in numpy: one hidden layer, tanh, softmax cross-entropy, with biases.

Written for speed, with the sums of flatward in the same order of cost: tiles of rows over pairs of samples, symmetric
matrices packed, and the mixed block's own terms through the inputs where that is cheaper.
"""

import numpy as np

NAME = f"numpy {np.__version__}"
TILE = 128


def packing(n):
    """Upper triangle of symmetric (n,n) matrices: rows, columns, scales that keep inner products, and where entries went."""
    rows, columns = np.triu_indices(n)
    scale = np.where(rows == columns, 1.0, np.sqrt(2.0))
    place = np.empty((n, n), dtype=np.intp)
    place[rows, columns] = place[columns, rows] = np.arange(rows.size)
    return rows, columns, scale, place


class Forward:
    """Everything that a batch has at theta, sample by sample; means over samples."""

    def __init__(self, problem):
        x, y = problem["x"], problem["y"]
        (self.count, self.inputs), self.hidden, self.outputs = x.shape, problem["hidden"], problem["outputs"]
        h, d, k = self.hidden, self.inputs, self.outputs
        theta = problem["theta"]
        w1, b1, self.w, b2 = np.split(theta, np.cumsum([h * d, h, k * h]))
        w1, self.w = w1.reshape(h, d), self.w.reshape(k, h)
        ones = np.ones((self.count, 1))
        self.x = np.hstack([x, ones])
        self.a = np.tanh(x @ w1.T + b1)
        self.a1 = np.hstack([self.a, ones])
        logits = self.a @ self.w.T + b2
        logits -= logits.max(axis=1, keepdims=True)
        exponentials = np.exp(logits)
        sums = exponentials.sum(axis=1, keepdims=True)
        self.p = exponentials / sums
        rows = np.arange(self.count)
        self.loss = np.mean(np.log(sums[:, 0]) - logits[rows, y])
        self.r = self.p.copy()
        self.r[rows, y] -= 1
        self.g = self.r @ self.w
        self.d = 1 - self.a * self.a
        self.f = -2 * self.a * self.d

    def join(self, first, second):
        """Like theta, from (h, d+1) and (K, h+1)."""
        return np.concatenate([first[:, :-1].ravel(), first[:, -1], second[:, :-1].ravel(), second[:, -1]])

    def gradient(self):
        first = (self.d * self.g).T @ self.x
        return self.join(first, self.r.T @ self.a1) / self.count

    def product(self, v):
        """H·v."""
        h, d, k = self.hidden, self.inputs, self.outputs
        v1, c1, v2, c2 = np.split(v, np.cumsum([h * d, h, k * h]))
        v2 = v2.reshape(k, h)
        z = self.x[:, :-1] @ v1.reshape(h, d).T + c1
        a = self.d * z
        u = self.a @ v2.T + c2 + a @ self.w.T
        r = self.p * (u - np.sum(self.p * u, axis=1, keepdims=True))
        delta = self.d * (r @ self.w + self.r @ v2) + self.f * self.g * z
        second = r.T @ self.a1
        second[:, :-1] += self.r.T @ a
        return self.join(delta.T @ self.x, second) / self.count


class Factors(Forward):
    """Beside it the factors of H: S, X of (2,1) and (1,1), packed where symmetric."""

    def __init__(self, problem):
        super().__init__(problem)
        n, h, k = self.count, self.hidden, self.outputs
        self.s = -self.p[:, :, None] * self.p[:, None, :]
        diagonal = np.arange(k)
        self.s[:, diagonal, diagonal] = self.p * (1 - self.p)
        self.small, self.large = packing(k), packing(h)
        rows, columns, scale, _ = self.small
        self.packed_s = self.s[:, rows, columns] * scale
        self.sw = (self.s.reshape(n * k, k) @ self.w).reshape(n, k, h)
        self.x21 = self.sw * self.d[:, None, :]
        self.e = self.f * self.g
        # WᵀSW is linear in S: one product over the batch.
        i, j, scale_h, _ = self.large
        pairs = self.w[rows][:, i] * self.w[columns][:, j]
        pairs += self.w[columns][:, i] * self.w[rows][:, j]
        pairs *= np.where(rows == columns, 0.5, 1.0)[:, None] / scale[:, None] * scale_h
        self.x11 = self.packed_s @ pairs
        self.x11 *= self.d[:, i]
        self.x11 *= self.d[:, j]
        self.diagonal = np.flatnonzero(i == j)
        self.x11[:, self.diagonal] += self.e
        # The mixed block of H is (X ⊗ a + r ⊗ diag d) ⊗ x.
        self.b = (self.x21 * self.a[:, None, :]).reshape(n, k * h)
        self.q = (self.r[:, :, None] * self.d[:, None, :]).reshape(n, k * h)
        self.norms_x = np.sum(self.x * self.x, axis=1)
        self.norms_a = np.sum(self.a1 * self.a1, axis=1)
        self.trace_s = np.sum(self.p * (1 - self.p), axis=1)

    def trace(self):
        traces = self.x11[:, self.diagonal].sum(axis=1)
        return np.mean(traces * self.norms_x + self.trace_s * self.norms_a)

    def times_gram(self, factor):
        """x̃ x̃ᵀ times a factor, the cheaper way."""
        if self.count <= 2 * self.x.shape[1]:
            return (self.x @ self.x.T) @ factor
        return self.x @ (self.x.T @ factor)

    def square(self):
        """tr H², over pairs on and above the diagonal of tiles."""
        x21 = self.x21.reshape(self.count, -1)
        gq = self.times_gram(self.q)
        total = 2 * np.vdot(self.q, gq) + 4 * np.vdot(self.b, gq)
        for at in range(0, self.count, TILE):
            rows, rest = slice(at, at + TILE), slice(at, None)
            g0 = self.x[rows] @ self.x[rest].T
            g1 = self.a1[rows] @ self.a1[rest].T
            kernel = x21[rows] @ x21[rest].T
            kernel *= g0
            kernel *= 2 * g1
            g0 *= g0
            g0 *= self.x11[rows] @ self.x11[rest].T
            kernel += g0
            g1 *= g1
            g1 *= self.packed_s[rows] @ self.packed_s[rest].T
            kernel += g1
            total += 2 * kernel.sum() - kernel[:, :TILE].sum()
        return total / self.count**2

    def bound_and_gradient(self):
        n, h, k = self.count, self.hidden, self.outputs
        x21 = self.x21.reshape(n, k * h)
        # Sums over the other sample of each pair: half the adjoints of tr H² N², and the value with them.
        x11_bar, x21_bar = np.empty_like(self.x11), np.empty_like(x21)
        s_bar, a_bar = np.empty_like(self.packed_s), np.empty_like(self.a1)
        for at in range(0, n, TILE):
            rows = slice(at, at + TILE)
            g0 = self.x[rows] @ self.x.T
            g1 = self.a1[rows] @ self.a1.T
            grams = x21[rows] @ x21.T
            grams *= g0
            inner = self.packed_s[rows] @ self.packed_s.T
            inner *= g1
            inner += grams
            np.matmul(inner, self.a1, out=a_bar[rows])
            np.multiply(g0, g1, out=grams)
            np.matmul(grams, x21, out=x21_bar[rows])
            g0 *= g0
            np.matmul(g0, self.x11, out=x11_bar[rows])
            g1 *= g1
            np.matmul(g1, self.packed_s, out=s_bar[rows])
        gq, gb = self.times_gram(self.q), self.times_gram(self.b)
        square = (
            np.vdot(self.x11, x11_bar)
            + np.vdot(self.packed_s, s_bar)
            + 2 * np.vdot(x21, x21_bar)
            + 2 * np.vdot(self.q, gq)
            + 4 * np.vdot(self.b, gq)
        ) / n**2
        size = h * self.x.shape[1] + k * self.a1.shape[1]
        mean = self.trace() / size
        deviation = np.sqrt(square / size - mean * mean)
        root = np.sqrt(size - 1)
        by_square = root / (2 * deviation * size)
        by_trace = (1 / size - root * mean / (deviation * size)) / n

        c = 2 * by_square / n**2
        x11_bar *= c
        x11_bar[:, self.diagonal] += (by_trace * self.norms_x)[:, None]
        s_bar *= c
        s_bar[:, np.flatnonzero(self.small[0] == self.small[1])] += (by_trace * self.norms_a)[:, None]
        a_bar *= 2 * c
        a_bar += (2 * by_trace * self.trace_s)[:, None] * self.a1
        b_bar = 2 * c * gq
        q_bar = b_bar + 2 * c * gb
        x21_bar *= 2 * c
        x21_bar = x21_bar.reshape(n, k, h)
        x21_bar += b_bar.reshape(n, k, h) * self.a[:, None, :]
        a_bar[:, :-1] += np.sum(b_bar.reshape(n, k, h) * self.x21, axis=1)
        q_bar = q_bar.reshape(n, k, h)
        r_bar = np.matmul(q_bar, self.d[:, :, None])[:, :, 0]
        d_bar = np.matmul(self.r[:, None, :], q_bar)[:, 0, :]

        # X of (1,1) is D Wᵀ X21 + diag e.
        i, j, scale, place = self.large
        x11_bar[:, i != j] *= np.sqrt(0.5)
        full = x11_bar[:, place]
        e_bar = x11_bar[:, self.diagonal]
        left = np.concatenate([self.x21, self.w * self.d[:, None, :]], axis=1)
        products = np.matmul(left, full)
        d_bar += np.sum(self.w * products[:, :k], axis=1)
        w_bar = np.sum(products[:, :k] * self.d[:, None, :], axis=0)
        x21_bar += products[:, k:]

        # X of (2,1) is S W D.
        d_bar += np.sum(x21_bar * self.sw, axis=1)
        x21_bar *= self.d[:, None, :]
        w_bar += self.s.reshape(n * k, k).T @ x21_bar.reshape(n * k, h)
        rows, columns, _, place = self.small
        s_bar[:, rows != columns] *= np.sqrt(0.5)
        s_full = s_bar[:, place] + (x21_bar.reshape(n * k, h) @ self.w.T).reshape(n, k, k)

        g_bar = self.f * e_bar
        c = -2 * self.d * (1 - 3 * self.a * self.a)
        z_bar = d_bar * self.f + c * self.g * e_bar
        w_bar += self.r.T @ g_bar
        r_bar += g_bar @ self.w.T

        # S is diag p − ppᵀ, and the logits are at the end of p and r.
        diagonal = np.arange(k)
        mean_bar = s_full[:, diagonal, diagonal] + r_bar
        mean_bar -= np.matmul(s_full + s_full.transpose(0, 2, 1), self.p[:, :, None])[:, :, 0]
        u_bar = self.p * (mean_bar - np.sum(self.p * mean_bar, axis=1, keepdims=True))
        second = u_bar.T @ self.a1
        second[:, :-1] += w_bar
        z_bar += self.d * (a_bar[:, :-1] + u_bar @ self.w)
        return mean + deviation * root, self.join(z_bar.T @ self.x, second)

    def hessian(self):
        n, h, k = self.count, self.hidden, self.outputs
        d1, h1 = self.x.shape[1], self.a1.shape[1]
        size1, size2 = h * d1, k * h1
        out = np.empty((size1 + size2, size1 + size2))
        i, j, scale, place = self.large
        s, t, _, place_x = packing(d1)
        first = ((self.x11 / scale).T @ (self.x[:, s] * self.x[:, t]))[place][:, :, place_x]
        i, j, scale, place = self.small
        s, t, _, place_a = packing(h1)
        second = ((self.packed_s / scale).T @ (self.a1[:, s] * self.a1[:, t]))[place][:, :, place_a]
        products = (self.a1[:, :, None] * self.x[:, None, :]).reshape(n, h1 * d1)
        mixed = (self.x21.reshape(n, k * h).T @ products).reshape(k, h, h1, d1)
        units = np.arange(h)
        mixed[:, units, units, :] += (self.q.T @ self.x).reshape(k, h, d1)
        place1 = np.concatenate([np.arange(size1).reshape(h, d1)[:, :-1].ravel(), np.arange(d1 - 1, size1, d1)])
        place2 = np.concatenate([np.arange(size2).reshape(k, h1)[:, :-1].ravel(), np.arange(h1 - 1, size2, h1)])
        out[:size1, :size1] = first.transpose(0, 2, 1, 3).reshape(size1, size1)[np.ix_(place1, place1)]
        out[size1:, size1:] = second.transpose(0, 2, 1, 3).reshape(size2, size2)[np.ix_(place2, place2)]
        cross = mixed.transpose(0, 2, 1, 3).reshape(size2, size1)[np.ix_(place2, place1)]
        out[size1:, :size1] = cross
        out[:size1, size1:] = cross.T
        out /= n
        return out


def held_product(problem):
    forward, v = Forward(problem), problem["v"]
    return lambda: forward.product(v)


def loss_and_gradient(problem):
    forward = Forward(problem)
    return forward.loss, forward.gradient()


def moments(problem):
    factors = Factors(problem)
    return factors.trace(), factors.square()


# From a problem, for each work, ways of doing it: the fastest counts.
WORKS = {
    "loss + gradient": lambda problem: {"closed form": lambda: loss_and_gradient(problem)},
    "H·v": lambda problem: {"closed form": held_product(problem)},
    "moments": lambda problem: {"closed form": lambda: moments(problem)},
    "WS gradient": lambda problem: {"closed form": lambda: Factors(problem).bound_and_gradient()},
    "Hessian": lambda problem: {"closed form": lambda: Factors(problem).hessian()},
    "eigenvalues": lambda problem: {"eigvalsh": lambda: np.linalg.eigvalsh(problem["matrix"])},
    "eigenvectors": lambda problem: {"eigh": lambda: np.linalg.eigh(problem["matrix"])[0]},
    "product": lambda problem: {"matmul": lambda: problem["a"] @ problem["b"]},
}
