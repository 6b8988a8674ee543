// The closed form against the dense Hessian it never forms, and its gradient against central differences.
import {
  exactHessian,
  randomStream,
  spectralMoments,
  symmetricEigen,
  threeLayerNet,
  wsBounds,
  wsUpperBoundAndGradient,
} from "flatward";

const draws = randomStream(3);
const net = threeLayerNet({ inputs: 3, hidden: 4, outputs: 2, activation: "gelu", loss: "poisson" });
const batch = {
  x: Array.from({ length: 25 }, () => [draws.normal(), draws.normal(), draws.normal()]),
  y: Array.from({ length: 25 }, () => [draws.integer(4), draws.integer(4)]),
};
const theta = net.init(1);

const { data } = exactHessian(net, theta, batch);
const frobeniusSquared = data.reduce((sum, entry) => sum + entry * entry, 0);
for (const route of ["gram", "blocks"]) {
  const moments = spectralMoments(net, theta, batch, { route });
  console.log(
    `tr H² by ${route}: relative difference ${Math.abs(moments.frobeniusSquared / frobeniusSquared - 1).toExponential(1)}`,
  );
}

const { values } = symmetricEigen(exactHessian(net, theta, batch));
const bounds = wsBounds(spectralMoments(net, theta, batch));
console.log(
  `λ_max ${values.at(-1).toFixed(6)} lies in [${bounds.largest.lower.toFixed(6)}, ${bounds.largest.upper.toFixed(6)}]`,
);

// Halving the step must divide the error of a central difference by four.
const { gradient } = wsUpperBoundAndGradient(net, theta, batch);
const bound = (i, step) =>
  wsBounds(
    spectralMoments(
      net,
      theta.map((t, j) => (i === j ? t + step : t)),
      batch,
    ),
  ).largest.upper;
const error = (step) => Math.abs((bound(0, step) - bound(0, -step)) / (2 * step) - gradient[0]);
console.log(
  `error of central differences falls by ${(error(0.02) / error(0.01)).toFixed(2)}, ${(error(0.01) / error(0.005)).toFixed(2)}`,
);
