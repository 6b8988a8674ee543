import * as autodiff from "../../src/autodiff/index.js";
import * as bounds from "../../src/bounds/index.js";
import * as hessian from "../../src/hessian/index.js";
import * as hsr from "../../src/hsr/index.js";
import * as root from "../../src/index.js";
import * as landscape from "../../src/landscape/index.js";
import * as linalg from "../../src/linalg/index.js";
import * as nn from "../../src/nn/index.js";
import * as optim from "../../src/optim/index.js";
import * as regularizers from "../../src/regularizers/index.js";
import * as tensor from "../../src/tensor/index.js";
import * as testing from "../../src/testing/index.js";
import * as threads from "../../src/threads/index.js";
import {
  type Argument,
  batch,
  callable,
  finiteMatrix,
  flag,
  integer,
  list,
  matrix,
  number,
  object,
  oneOf,
  operand,
  optional,
  options,
  taking,
  vector,
} from "./arguments.js";

/** Every entry point. */
export const entryPoints: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  flatward: root,
  tensor,
  autodiff,
  linalg,
  optim,
  nn,
  bounds,
  hessian,
  hsr,
  landscape,
  regularizers,
  testing,
  threads,
};

/** A call that works: the function, its arguments, and what is done with the result. */
export interface Call {
  readonly call: unknown;
  readonly args: readonly Argument[];
  readonly use?: (result: never) => unknown;
}

const net = root.threeLayerNet({ inputs: 2, hidden: 3, outputs: 2 });
const theta = net.init(1);
const data = {
  x: [
    [0, 1],
    [1, 0],
  ],
  y: [0, 1],
};
const objective = root.lossObjective(net, data);
const stochastic = root.minibatchObjective({ count: 2, batchSize: 1, seed: 1 }, (samples) =>
  root.lossObjective(net, root.selectSamples(data, samples)),
);
const operator = root.hessianOperator(net, theta, data);
const quadrature = root.stochasticLanczosQuadrature(operator);
const descent = root.sgd({ learningRate: 0.1 });
const curvature = root.prepareCurvature(net, data);
const moments = root.spectralMoments(net, theta, data);
const symmetric = [
  [2, 1],
  [1, 3],
];
const square = (x: autodiff.Operand) => autodiff.sum(autodiff.square(x));
const one = Float64Array.of(1, 2);

const at = vector(theta);
const network = object(net);
/** Overwritten, whatever is in it. */
const output = (length: number) => taking(vector(new Float64Array(length)), "NaN among them");
const any = object(objective);
const A = object(operator);
const eigen = finiteMatrix(symmetric);
const layout = object(net.layout);
const { wrong } = matrix(symmetric);
const dense: Argument = { valid: { data: new Float64Array(4), shape: [2, 2] }, wrong };
const seed = optional(integer(1));
const tolerance = optional(number(1e-6));
const symmetry = { symmetryTolerance: optional(number(1e-6)) };
const route = optional(oneOf("gram"));
const estimator = optional(oneOf("plain"));
const cheap = {
  strength: number(1),
  every: optional(integer(2)),
  samples: optional(integer(2)),
  batchSize: optional(integer(2)),
  clip: optional(number(1)),
  seed,
};
const central = bounds.centralMoments(symmetric);

const common = { learningRate: number(0.1), weightDecay: optional(number(0.1)) };
const decay = { ...common, decoupledDecay: optional(flag(false)) };
const momentum = {
  momentum: optional(number(0.9)),
  dampening: optional(number(0)),
  nesterov: optional(flag(false)),
};
const aware = [options({ ...decay, ...momentum, radius: number(0.1) })];
const adaptive = [
  options({
    ...common,
    beta1: optional(number(0.9)),
    beta2: optional(number(0.9)),
    epsilon: optional(number(1e-8)),
  }),
];
const ball = [options({ ...decay, momentum: number(0.9) })];
const normalization = {
  normalization: optional(oneOf("layer")),
  layout: optional(layout),
  offset: optional(number(0)),
};
const ascent = {
  radius: number(0.1),
  restarts: optional(integer(0)),
  tolerance,
  maxIterations: optional(integer(3)),
  seed,
};
const lanczos = {
  k: optional(integer(1)),
  which: optional(oneOf("both")),
  tolerance,
  maxIterations: optional(integer(50)),
  basisSize: optional(integer(10)),
  seed,
};
const samples = optional(options({ samples: optional(integer(3)), seed }));
const reduction = optional(
  options({ axes: optional(taking(integer(0), "a negative number")), keepAxes: optional(flag(true)) }),
);
const windows = { stride: optional(integer(1)) };
const gradientOf = options({ allowConstant: optional(flag(true)) });
const image = { data: new Float64Array(9), shape: [1, 1, 3, 3] };
const operation = autodiff.operations.neg;
const arithmetic = [operand([1, 2]), operand([3, 4])];
const differentiate = (result: (x: Float64Array) => unknown) => result(one);

const row = (call: unknown, args: readonly Argument[], use?: Call["use"]): Call => ({
  call,
  args,
  ...(use && { use }),
});
const functions: Readonly<Record<string, unknown>> = autodiff;
const elementary = [
  "neg",
  "abs",
  "atan",
  "cos",
  "cosh",
  "erf",
  "exp",
  "expm1",
  "gelu",
  "log",
  "log1p",
  "normalCdf",
  "reciprocal",
].concat([
  "relu",
  "sechSquared",
  "sigmoid",
  "sign",
  "silu",
  "sin",
  "sinh",
  "softplus",
  "sqrt",
  "square",
  "tanh",
]);

/** One call of every function that an entry point exports, and of what these make. */
export const calls: Readonly<Record<string, Call>> = {
  // Networks, objectives and optimizers.
  threeLayerNet: row(root.threeLayerNet, [
    options({
      inputs: integer(2),
      hidden: integer(3),
      outputs: integer(2),
      activation: optional(oneOf("tanh")),
      loss: optional(oneOf("poisson")),
      bias: optional(flag(true)),
    }),
  ]),
  multilayerNet: row(root.multilayerNet, [
    options({
      sizes: object([2, 3, 3, 2]),
      activation: optional(taking(oneOf("tanh"))),
      loss: optional(oneOf("poisson")),
      bias: optional(taking(flag(true))),
    }),
  ]),
  "threeLayerNet.init": row(net.init, [integer(1)]),
  predictInto: row(root.predictInto, [network, at, finiteMatrix([[0, 1]]), output(2)]),
  "threeLayerNet.predict": row(net.predict, [at, finiteMatrix([[0, 1]])]),
  sequential: row(root.sequential, [
    options({
      input: taking(integer(2)),
      layers: object([{ kind: "dense", outputs: 2 }]),
      loss: optional(oneOf("poisson")),
      initialization: optional(oneOf("pytorch")),
    }),
  ]),
  parameterRange: row(root.parameterRange, [network, oneOf("W1")]),
  selectSamples: row(root.selectSamples, [
    taking(
      batch(),
      "no targets",
      "NaN in x",
      "texts in x",
      "wider features",
      "an unknown class",
      "a negative weight",
      "a weight that is NaN",
    ),
    list([0]),
  ]),
  lossAndGradient: row(root.lossAndGradient, [network, at, batch()]),
  lossObjective: row(root.lossObjective, [
    network,
    batch(),
    options({
      dropoutSeed: optional(integer(1)),
      batchSize: optional(integer(2)),
      seed: optional(integer(1)),
    }),
  ]),
  "lossObjective.valueAndGradient": row(objective.valueAndGradient, [at]),
  "lossObjective.hessianVectorProduct": row(objective.hessianVectorProduct, [at, at]),
  objectiveOf: row(root.objectiveOf, [
    integer(1),
    callable(() => ({ value: 0, gradient: Float64Array.of(0) })),
    options({
      value: optional(callable(() => 0)),
      gradient: optional(callable(() => Float64Array.of(0))),
      hessianVectorProduct: optional(callable(() => Float64Array.of(0))),
      hessianAt: optional(callable(() => () => {})),
      beginStep: optional(callable(() => {})),
    }),
  ]),
  derivedObjective: row(optim.derivedObjective, [
    any,
    options({
      value: callable(objective.value),
      valueAndGradient: callable(objective.valueAndGradient),
      gradient: optional(callable(objective.gradient)),
      hessianVectorProduct: optional(callable((product: unknown) => product)),
      hessianAt: optional(callable((product: unknown) => product)),
      beginStep: optional(callable(() => {})),
    }),
  ]),
  penalizedObjective: row(optim.penalizedObjective, [any, number(1), object(objective)]),
  minibatches: row(optim.minibatches, [
    options({ count: integer(4), batchSize: integer(2), seed: integer(1) }),
  ]),
  minibatchObjective: row(root.minibatchObjective, [
    options({ count: integer(2), batchSize: integer(1), seed: integer(1) }),
    callable(() => objective),
  ]),
  minimize: row(root.minimize, [
    any,
    at,
    object(descent),
    options({
      steps: integer(1),
      gradientTolerance: optional(number(0)),
      from: optional(object({ steps: 0, state: descent.initialState(net.size) })),
      onStep: optional(callable(() => true)),
    }),
  ]),
  sgd: row(root.sgd, [options({ ...decay, ...momentum })]),
  adam: row(root.adam, adaptive),
  adamw: row(root.adamw, adaptive),
  rmsprop: row(root.rmsprop, [
    options({
      ...decay,
      smoothing: optional(number(0.9)),
      epsilon: optional(number(1e-8)),
      momentum: optional(number(0)),
      centered: optional(flag(true)),
    }),
  ]),
  heavyBall: row(root.heavyBall, ball),
  nesterov: row(root.nesterov, ball),
  sam: row(root.sam, aware),
  usam: row(root.usam, aware),
  twoStepUsam: row(root.twoStepUsam, aware),
  hessianUsam: row(root.hessianUsam, aware),
  penaltySam: row(root.penaltySam, aware),
  asam: row(root.asam, [
    options({ ...decay, ...momentum, radius: number(0.1), offset: optional(number(0)) }),
  ]),
  lookSam: row(root.lookSam, [
    options({
      ...decay,
      ...momentum,
      radius: number(0.1),
      every: optional(integer(2)),
      reuse: optional(number(0.5)),
    }),
  ]),
  clipped: row(optim.clipped, [any, options({ norm: number(1) })]),
  constantSchedule: row(optim.constantSchedule, [number(0.1)]),
  cosineSchedule: row(optim.cosineSchedule, [
    options({ learningRate: number(0.1), steps: integer(10), final: optional(number(0)) }),
  ]),
  "cosineSchedule()": row(optim.cosineSchedule({ learningRate: 0.1, steps: 10 }), [integer(1)]),
  stepSchedule: row(optim.stepSchedule, [
    options({ learningRate: number(0.1), every: integer(10), factor: optional(number(0.1)) }),
  ]),
  warmup: row(optim.warmup, [
    callable(() => 0.1),
    options({ steps: integer(10), startFactor: optional(number(0.1)) }),
  ]),
  scheduled: row(optim.scheduled, [callable(() => descent), callable(() => 0.1)]),
  stableSpectrum: row(root.stableSpectrum, [
    object(root.sam({ learningRate: 0.1, radius: 0.1 })),
    options({ gradientNorm: number(1) }),
  ]),
  isStable: row(root.isStable, [
    object(root.adam({ learningRate: 0.1 })),
    number(1),
    options({ preconditioned: flag(true), tolerance: optional(number(0)) }),
  ]),

  // Hessians.
  exactHessian: row(root.exactHessian, [network, at, batch()]),
  gaussNewtonMatrix: row(root.gaussNewtonMatrix, [network, at, batch()]),
  residualMatrix: row(root.residualMatrix, [network, at, batch()]),
  hessianOperator: row(root.hessianOperator, [network, at, batch()]),
  gaussNewtonOperator: row(hessian.gaussNewtonOperator, [network, at, batch()]),
  residualOperator: row(hessian.residualOperator, [network, at, batch()]),
  hessianVectorProduct: row(root.hessianVectorProduct, [network, at, batch(), at]),
  hessianBlock: row(hessian.hessianBlock, [network, at, batch(), oneOf("W1")]),
  hessianBlockOperator: row(hessian.hessianBlockOperator, [network, at, batch(), oneOf("W1")]),
  hessianRankBound: row(hessian.hessianRankBound, [network, batch()]),
  directionalCurvature: row(hessian.directionalCurvature, [network, at, batch(), at]),

  // Moments and bounds.
  spectralMoments: row(root.spectralMoments, [network, at, batch(), options({ route, estimator })]),
  gaussNewtonMoments: row(root.gaussNewtonMoments, [network, at, batch()]),
  gaussNewtonUpperBoundAndGradient: row(root.gaussNewtonUpperBoundAndGradient, [network, at, batch()]),
  layerMoments: row(hsr.layerMoments, [network, at, batch(), options({ route })]),
  splitMoments: row(hsr.splitMoments, [network, at, batch(), options({ route })]),
  explainBound: row(root.explainBound, [
    network,
    at,
    batch(),
    options({
      route,
      bound: optional(oneOf("largest-upper")),
      pairs: optional(integer(3)),
      inputs: optional(flag(true)),
    }),
  ]),
  wsUpperBoundAndGradient: row(root.wsUpperBoundAndGradient, [
    network,
    at,
    batch(),
    options({ route, estimator }),
  ]),
  spectralBounds: row(root.spectralBounds, [
    network,
    at,
    batch(),
    options({ route, dense: optional(flag(false)) }),
  ]),
  prepareCurvature: row(root.prepareCurvature, [network, batch(), options({ route })]),
  "prepareCurvature.loss": row(curvature.loss, [at]),
  "prepareCurvature.lossAndGradient": row(curvature.lossAndGradient, [at, output(net.size)]),
  "prepareCurvature.moments": row(curvature.moments, [at]),
  "prepareCurvature.wsUpperBound": row(curvature.wsUpperBound, [at]),
  "prepareCurvature.wsUpperBoundAndGradient": row(curvature.wsUpperBoundAndGradient, [at, output(net.size)]),
  "prepareCurvature.hessian": row(curvature.hessian, [at, output(net.size * net.size)]),
  "prepareCurvature.eigenvalues": row(curvature.eigenvalues, [at, output(net.size)]),
  hsrObjective: row(root.hsrObjective, [
    network,
    batch(),
    options({
      strength: number(0.1),
      route,
      form: optional(oneOf("unit-direction")),
      scaling: optional(oneOf("none")),
      every: optional(integer(2)),
      batchSize: optional(integer(2)),
      seed: optional(integer(1)),
      estimator: optional(oneOf("plain")),
    }),
  ]),
  meanEstimate: row(hsr.meanEstimate, [vector(Float64Array.of(1, 2, 4), true)]),
  hsrSettings: row(hsr.hsrSettings, [
    network,
    integer(10),
    options({ strength: number(0.1), every: optional(integer(2)), batchSize: optional(integer(2)) }),
  ]),
  wsBounds: row(root.wsBounds, [object(moments)]),
  wsEigenvalueBounds: row(root.wsEigenvalueBounds, [object(moments), integer(1)]),
  rankWsBounds: row(bounds.rankWsBounds, [object(moments), integer(net.size)]),
  fourMomentBounds: row(bounds.fourMomentBounds, [object(central)]),
  centralMoments: row(bounds.centralMoments, [eigen, options(symmetry)]),
  matrixMoments: row(bounds.matrixMoments, [eigen, options(symmetry)]),
  gershgorinBounds: row(bounds.gershgorinBounds, [eigen, options(symmetry)]),
  blockNormBounds: row(bounds.blockNormBounds, [eigen, object([{ from: 0, to: 2 }]), options(symmetry)]),
  matrixBounds: row(bounds.matrixBounds, [
    eigen,
    options({ rank: optional(integer(2)), blocks: optional(object([{ from: 0, to: 2 }])), ...symmetry }),
  ]),

  // Parts of networks.
  activation: row(nn.activation, [oneOf("tanh")]),
  loss: row(nn.loss, [oneOf("poisson")]),
  checkActivation: row(nn.checkActivation, [
    object(nn.activation("tanh")),
    optional(taking(list([0, 1]), "far too large")),
  ]),
  checkLoss: row(nn.checkLoss, [object(nn.loss("poisson")), list([1, 2])]),

  // Solvers and estimates.
  symmetricEigen: row(root.symmetricEigen, [eigen, options({ vectors: optional(flag(true)), ...symmetry })]),
  symmetricPart: row(root.symmetricPart, [eigen]),
  matrixOperator: row(linalg.matrixOperator, [eigen, options(symmetry)]),
  "Operator.toMatrix": row(operator.toMatrix, [options(symmetry)]),
  productOperator: row(root.productOperator, [integer(2), callable((v: Float64Array) => v)]),
  asOperator: row(linalg.asOperator, [A]),
  "Operator.apply": row(operator.apply, [at, taking(at, "NaN among them")]),
  "Operator.plus": row(operator.plus, [A]),
  "Operator.scaled": row(operator.scaled, [number(2)]),
  "Operator.shifted": row(operator.shifted, [number(2)]),
  "Operator.restricted": row(operator.restricted, [object({ from: 0, to: 2 })]),
  lanczos: row(root.lanczos, [A, options(lanczos)]),
  powerIteration: row(root.powerIteration, [
    A,
    options({ which: optional(oneOf("largest")), tolerance, maxIterations: optional(integer(10)), seed }),
  ]),
  hutchinsonTrace: row(linalg.hutchinsonTrace, [A, samples]),
  frobeniusEstimate: row(linalg.frobeniusEstimate, [A, samples]),
  diagonalEstimate: row(linalg.diagonalEstimate, [A, samples]),
  hutchPlusPlusTrace: row(root.hutchPlusPlusTrace, [A, options({ products: optional(integer(6)), seed })]),
  stochasticLanczosQuadrature: row(root.stochasticLanczosQuadrature, [
    A,
    options({ probes: optional(integer(2)), steps: optional(integer(3)), seed }),
  ]),
  quadratureTrace: row(linalg.quadratureTrace, [object(quadrature), callable((t: number) => t)]),
  quadratureMoments: row(linalg.quadratureMoments, [object(quadrature), integer(2)]),
  spectralDensity: row(root.spectralDensity, [
    object(quadrature),
    options({
      points: optional(integer(5)),
      width: optional(number(1)),
      from: optional(number(0)),
      to: optional(number(1)),
    }),
  ]),

  // The landscape.
  hessianAt: row(root.hessianAt, [any, at, options(normalization)]),
  hessianMatrix: row(landscape.hessianMatrix, [any, at, options({ ...normalization, ...symmetry })]),
  curvatureSummary: row(root.curvatureSummary, [
    any,
    at,
    options({
      ...normalization,
      denseLimit: optional(integer(100)),
      samples: optional(integer(6)),
      tolerance,
      seed,
      ...symmetry,
    }),
  ]),
  basinIsotropy: row(landscape.basinIsotropy, [
    any,
    at,
    options({
      ...normalization,
      denseLimit: optional(integer(100)),
      probes: optional(integer(2)),
      steps: optional(integer(3)),
      seed,
      ...symmetry,
    }),
  ]),
  spectrumIsotropy: row(landscape.spectrumIsotropy, [taking(vector(one), "too few", "too many")]),
  normalizedSharpness: row(landscape.normalizedSharpness, [
    any,
    at,
    options({ ...normalization, tolerance, seed }),
  ]),
  epsilonSharpness: row(root.epsilonSharpness, [any, at, options(ascent)]),
  keskarSharpness: row(landscape.keskarSharpness, [any, at, options(ascent)]),
  adaptiveSharpness: row(landscape.adaptiveSharpness, [any, at, options({ ...ascent, ...normalization })]),
  expectedSharpness: row(landscape.expectedSharpness, [
    any,
    at,
    options({ ...normalization, deviation: number(0.1), pairs: optional(integer(2)), seed }),
  ]),
  relativeFlatness: row(landscape.relativeFlatness, [
    any,
    at,
    options({ layout, productLimit: optional(integer(9)), samples: optional(integer(2)), seed }),
  ]),
  gradientNoise: row(landscape.gradientNoise, [
    any,
    object(stochastic),
    at,
    options({ learningRate: number(0.1), steps: integer(2), covariance: optional(flag(true)) }),
  ]),
  langevinCovariance: row(landscape.langevinCovariance, [
    eigen,
    options({ temperature: number(1), learningRate: optional(number(0.1)), tolerance, ...symmetry }),
  ]),
  sgdCovariance: row(landscape.sgdCovariance, [
    eigen,
    eigen,
    options({ learningRate: number(0.1), tolerance, ...symmetry }),
  ]),
  randomDirection: row(landscape.randomDirection, [
    taking(at, "NaN among them"),
    layout,
    options({
      normalization: optional(oneOf("filter")),
      vectors: optional(oneOf("zero")),
      seed,
      index: optional(integer(1)),
    }),
  ]),
  normalizedDirection: row(landscape.normalizedDirection, [
    at,
    at,
    layout,
    options({ normalization: optional(oneOf("layer")), vectors: optional(oneOf("normalize")) }),
  ]),
  lineDirection: row(landscape.lineDirection, [vector(one), vector(Float64Array.of(0, 1))]),
  orthogonalDirection: row(landscape.orthogonalDirection, [vector(one), vector(Float64Array.of(0, 1))]),
  directionCosine: row(landscape.directionCosine, [vector(one), vector(Float64Array.of(0, 1))]),
  directionalDerivatives: row(landscape.directionalDerivatives, [any, at, at]),
  eigenvectorDirections: row(landscape.eigenvectorDirections, [any, at, options(lanczos)]),
  sliceGrid: row(landscape.sliceGrid, [options({ range: number(1), points: integer(3) })]),
  sliceValues: row(landscape.sliceValues, [
    callable(() => 1),
    vector(one),
    object([Float64Array.of(1, 0)]),
    object([Float64Array.of(-1, 0, 1)]),
  ]),
  trajectoryDirections: row(landscape.trajectoryDirections, [
    object([Float64Array.of(0, 0), Float64Array.of(1, 0), Float64Array.of(1, 2)]),
    options({ components: optional(integer(1)) }),
  ]),

  // Objectives beside the loss.
  traceObjective: row(regularizers.traceObjective, [network, batch(), options(cheap)]),
  frobeniusObjective: row(regularizers.frobeniusObjective, [
    network,
    batch(),
    options({ ...cheap, route, estimator }),
  ]),
  largestEigenvalueObjective: row(regularizers.largestEigenvalueObjective, [
    network,
    batch(),
    options({
      ...cheap,
      solver: optional(oneOf("dense")),
      tolerance,
      maxIterations: optional(integer(10)),
    }),
  ]),
  esamObjective: row(regularizers.esamObjective, [
    network,
    batch(),
    options({
      radius: number(0.1),
      sampleShare: optional(number(0.5)),
      parameterShare: optional(number(0.5)),
      batchSize: optional(integer(2)),
      seed: optional(integer(1)),
    }),
  ]),
  gradientNormObjective: row(regularizers.gradientNormObjective, [
    any,
    options({ strength: number(1), squared: optional(flag(true)) }),
  ]),
  weightDecayObjective: row(regularizers.weightDecayObjective, [any, options({ strength: number(1) })]),
  noiseObjective: row(regularizers.noiseObjective, [
    any,
    options({ deviation: number(1), directions: optional(integer(1)), seed: integer(1) }),
  ]),
  smoothLabels: row(regularizers.smoothLabels, [network, batch(), options({ smoothing: number(0.1) })]),

  // Arrays and draws.
  randomStream: row(root.randomStream, [integer(1)]),
  "RandomStream.integer": row(root.randomStream(1).integer, [integer(3)]),
  "RandomStream.uniform": row(root.randomStream(1).uniform, [optional(number(0)), optional(number(1))]),
  "RandomStream.normal": row(root.randomStream(1).normal, [optional(number(0)), optional(number(1))]),
  "RandomStream.stream": row(root.randomStream(1).stream, [
    taking(oneOf("name"), "another name", "a number"),
  ]),
  "RandomStream.permutation": row(root.randomStream(1).permutation, [integer(3)]),
  "tensor.tensor": row(root.tensor, [vector(one, true), list([2])]),
  "tensor.zeros": row(tensor.zeros, [taking(list([2]), "far too large")]),
  backend: row(root.backend, []),
  useBackend: row(root.useBackend, [oneOf("auto")]),
  toNdarray: row(root.toNdarray, [dense]),
  fromNdarray: row(root.fromNdarray, [dense]),
  "tensor.matmul": row(tensor.matmul, [matrix(symmetric), matrix(symmetric)]),
  "tensor.transpose": row(tensor.transpose, [matrix(symmetric)]),
  "tensor.rowRange": row(tensor.rowRange, [matrix(symmetric), integer(0), integer(1)]),
  "tensor.columnRange": row(tensor.columnRange, [matrix(symmetric), integer(0), integer(1)]),
  "tensor.dot": row(tensor.dot, [vector(one, true), vector(one, true)]),
  "tensor.norm": row(tensor.norm, [vector(one, true)]),
  "tensor.maxAbs": row(tensor.maxAbs, [vector(one, true)]),
  "tensor.addScaled": row(tensor.addScaled, [vector(one.slice(), true), number(1), vector(one, true)]),
  "tensor.plusScaled": row(tensor.plusScaled, [vector(one, true), number(1), vector(one, true)]),

  // Automatic differentiation.
  ...Object.fromEntries(
    elementary.map((name) => [`autodiff.${name}`, row(functions[name], [operand([1, 2])])]),
  ),
  ...Object.fromEntries(
    ["add", "sub", "mul", "div", "maximum", "minimum", "greater", "equal", "dot"].map((name) => [
      `autodiff.${name}`,
      row(functions[name], arithmetic),
    ]),
  ),
  ...Object.fromEntries(
    ["sum", "mean", "max", "prod", "logSumExp"].map((name) => [
      `autodiff.${name}`,
      row(functions[name], [operand([[1, 2]]), reduction]),
    ]),
  ),
  "autodiff.variance": row(autodiff.variance, [
    operand([[1, 2]]),
    options({ axes: optional(list([1])), keepAxes: optional(flag(true)), correction: optional(number(1)) }),
  ]),
  "autodiff.pow": row(autodiff.pow, [operand([1, 2]), operand(2)]),
  "autodiff.clip": row(autodiff.clip, [operand([1, 2]), operand(0), operand(1)]),
  "autodiff.stopGradient": row(autodiff.stopGradient, [operand([1, 2])]),
  "autodiff.where": row(autodiff.where, [operand([0, 1]), ...arithmetic]),
  "autodiff.norm": row(autodiff.norm, [operand([1, 2])]),
  "autodiff.softmax": row(autodiff.softmax, [
    operand([[1, 2]]),
    optional(taking(integer(0), "a negative number")),
  ]),
  "autodiff.logSoftmax": row(autodiff.logSoftmax, [
    operand([[1, 2]]),
    optional(taking(integer(0), "a negative number")),
  ]),
  "autodiff.matmul": row(autodiff.matmul, [
    operand([[1, 2]]),
    operand([[1, 2]]),
    options({ transposeA: optional(flag(false)), transposeB: flag(true) }),
  ]),
  "autodiff.batchNorm": row(autodiff.batchNorm, [
    operand([[1], [2]]),
    operand([1]),
    operand([0]),
    list([0]),
    optional(number(1e-5)),
  ]),
  "autodiff.broadcastTo": row(autodiff.broadcastTo, [operand([1]), taking(list([2]), "far too large")]),
  "autodiff.sumTo": row(autodiff.sumTo, [operand([1, 2]), list([1])]),
  "autodiff.reshape": row(autodiff.reshape, [operand([1, 2]), list([2, 1])]),
  "autodiff.transpose": row(autodiff.transpose, [operand([[1, 2]]), optional(list([1, 0]))]),
  "autodiff.slice": row(autodiff.slice, [operand([1, 2]), list([0]), list([1])]),
  "autodiff.concatenate": row(autodiff.concatenate, [
    object([[1], [2]]),
    optional(taking(integer(0), "null", "a negative number")),
  ]),
  "autodiff.stack": row(autodiff.stack, [object([[1], [2]])]),
  "autodiff.gather": row(autodiff.gather, [operand([1, 2]), list([0])]),
  "autodiff.conv2d": row(autodiff.conv2d, [
    operand(image),
    operand(image),
    options({ ...windows, padding: optional(integer(0)) }),
  ]),
  "autodiff.averagePool2d": row(autodiff.averagePool2d, [
    operand(image),
    integer(2),
    options({ ...windows, padding: optional(integer(0)) }),
  ]),
  "autodiff.maxPool2d": row(autodiff.maxPool2d, [operand(image), integer(2), options(windows)]),
  "autodiff.item": row(autodiff.item, [operand(1)]),
  "autodiff.grad": row(autodiff.grad, [callable(square), gradientOf], differentiate),
  "autodiff.valueAndGrad": row(autodiff.valueAndGrad, [callable(square), gradientOf], differentiate),
  "autodiff.hessian": row(autodiff.hessian, [callable(square), gradientOf], differentiate),
  "autodiff.jacobian": row(autodiff.jacobian, [callable(square)], differentiate),
  "autodiff.grad()": row(autodiff.grad(square), [taking(operand([1, 2]))]),
  "autodiff.vjp": row(autodiff.vjp, [callable(square), operand([1, 2])]),
  "autodiff.jvp": row(autodiff.jvp, [callable(square), operand([1, 2]), operand([1, 0])]),
  "autodiff.jvps": row(autodiff.jvps, [callable(square), operand([1, 2]), operand([[1, 0]])]),
  "autodiff.hvp": row(autodiff.hvp, [callable(square), operand([1, 2]), operand([1, 0]), gradientOf]),
  "autodiff.checkGrads": row(autodiff.checkGrads, [
    callable(square),
    operand([1, 2]),
    options({
      order: optional(integer(1)),
      modes: optional(object(["forward"])),
      seed,
      step: optional(number(0.01)),
      relativeStep: optional(flag(false)),
      tolerance,
      numeric: optional(flag(true)),
    }),
  ]),
  "autodiff.defineOperation": row(autodiff.defineOperation, [object(operation)]),

  // Arbitraries.
  "testing.network": row(testing.network, [
    options({
      maxExtent: optional(integer(2)),
      activations: optional(object(["tanh"])),
      losses: optional(object(["poisson"])),
    }),
  ]),
  "testing.multilayerNetwork": row(testing.multilayerNetwork, [
    options({
      maxExtent: optional(integer(2)),
      maxDepth: optional(integer(2)),
      activations: optional(object(["tanh"])),
      losses: optional(object(["poisson"])),
    }),
  ]),
  "testing.sequentialNetwork": row(testing.sequentialNetwork, [
    options({
      maxLayers: optional(integer(2)),
      smooth: optional(flag(true)),
      normalized: optional(flag(false)),
      losses: optional(object(["poisson"])),
    }),
  ]),
  "testing.batchFor": row(testing.batchFor, [
    network,
    options({ minCount: optional(integer(1)), maxCount: optional(integer(2)) }),
  ]),
  "testing.parametersFor": row(testing.parametersFor, [network, options({ limit: optional(number(1)) })]),
  "testing.problem": row(testing.problem, [
    options({
      maxExtent: optional(integer(2)),
      activations: optional(object(["tanh"])),
      losses: optional(object(["poisson"])),
      minCount: optional(integer(1)),
      maxCount: optional(integer(2)),
    }),
  ]),
  "testing.multilayerProblem": row(testing.multilayerProblem, [
    options({
      maxExtent: optional(integer(2)),
      maxDepth: optional(integer(2)),
      activations: optional(object(["tanh"])),
      losses: optional(object(["poisson"])),
      minCount: optional(integer(1)),
      maxCount: optional(integer(2)),
    }),
  ]),
  "testing.spectrum": row(testing.spectrum, [
    options({ minSize: optional(integer(1)), maxSize: optional(integer(2)) }),
  ]),
  "testing.symmetricMatrix": row(testing.symmetricMatrix, [
    options({
      minSize: optional(integer(1)),
      maxSize: optional(integer(2)),
      kinds: optional(object(["dense"])),
    }),
  ]),
};

/** Functions that nobody calls. */
export const uncalled: Readonly<Record<string, string>> = {
  startThreads: "its promise refuses: test/threads/start-threads.test.ts",
  Traced: "a class whose instances transformations make",
};
