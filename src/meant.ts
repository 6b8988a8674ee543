/** Names that other software has, without capitals, underscores and hyphens, and what they may be here. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  alpha: ["smoothing", "learningRate"],
  averagepooling2d: ["averagePool2d"],
  avgpool2d: ["averagePool2d"],
  axis: ["axes"],
  batch: ["batchSize"],
  bce: ["sigmoid-cross-entropy"],
  betas: ["beta1 and beta2"],
  binarycrossentropy: ["sigmoid-cross-entropy"],
  categoricalcrossentropy: ["softmax-cross-entropy"],
  count: ["k", "samples", "points"],
  crossentropy: ["softmax-cross-entropy"],
  crossentropyloss: ["softmax-cross-entropy"],
  dim: ["axes"],
  eps: ["epsilon", "radius", "tolerance"],
  epochs: ["steps"],
  eta: ["learningRate"],
  features: ["inputs", "outputs", "x"],
  filters: ["channels"],
  gamma: ["factor"],
  iterations: ["steps", "maxIterations"],
  keepdim: ["keepAxes"],
  keepdims: ["keepAxes"],
  l2: ["weightDecay", "strength", "mean-squared-error"],
  labels: ["y"],
  lambda: ["weightDecay", "strength"],
  linear: ["dense", "identity"],
  logistic: ["sigmoid"],
  lr: ["learningRate"],
  maxiter: ["maxIterations", "steps"],
  mse: ["mean-squared-error"],
  mseloss: ["mean-squared-error"],
  ncv: ["basisSize"],
  nev: ["k"],
  numiterations: ["maxIterations", "steps"],
  numsamples: ["samples"],
  probes: ["samples"],
  randomstate: ["seed"],
  rho: ["radius"],
  sampleweight: ["weights"],
  sampleweights: ["weights"],
  samples: ["probes", "products"],
  sigma: ["deviation", "width"],
  std: ["deviation"],
  swish: ["silu"],
  targets: ["y"],
  tol: ["tolerance", "gradientTolerance"],
  tolerance: ["gradientTolerance"],
  units: ["outputs", "hidden"],
};

/** A name as it is compared: `weight_decay`, `weight-decay` and `weightDecay` are one. */
function spelling(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

/** Which of the names `wanted` may have been meant to be, as a question; nothing where none is near. */
export function meant(wanted: string, names: readonly string[]): string | undefined {
  const spelt = spelling(wanted);
  const known = Object.hasOwn(aliases, spelt) ? aliases[spelt].map((each) => each.split(" and ")) : [];
  const near = nearest(spelt, names);
  const found =
    known.find((each) => each.every((name) => names.includes(name))) ?? (near === undefined ? [] : [near]);
  if (found.length === 0) return undefined;
  return `did you mean ${found.map((name) => JSON.stringify(name)).join(" and ")}?`;
}

/** The name that differs in the fewest letters: half of them or more are as they are. */
function nearest(spelt: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = spelt.length / 2 + 1;
  for (const name of names) {
    const edits = editDistance(spelt, spelling(name));
    if (edits >= least) continue;
    best = name;
    least = edits;
  }
  return best;
}

/** Letters to change, add or leave out, by rows of Levenshtein's table. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
