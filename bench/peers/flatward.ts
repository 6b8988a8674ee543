import {
  type Batch,
  exactHessian,
  hessianOperator,
  lanczos,
  lossAndGradient,
  lossObjective,
  type PreparedCurvature,
  prepareCurvature,
  spectralMoments,
  symmetricEigen,
  type ThreeLayerNet,
  threeLayerNet,
  wsUpperBoundAndGradient,
} from "flatward";
import { matmul } from "flatward/tensor";
import { convolutionalNet } from "../convolution.js";
import type { Ways } from "../serve.js";
import type { PeerProblem } from "./problems.js";

const netOf = ({ inputs, hidden, outputs }: PeerProblem): ThreeLayerNet =>
  threeLayerNet({ inputs, hidden, outputs });
const batchOf = ({ x, y }: PeerProblem): Batch => ({ x, y });

/** The function that is called once, and the objective that training calls again and again. */
function gradients(net: Parameters<typeof lossObjective>[0], problem: PeerProblem): Ways {
  const { theta } = problem;
  const batch = batchOf(problem);
  const objective = lossObjective(net, batch);
  return {
    function: () => {
      const { loss, gradient } = lossAndGradient(net, theta, batch);
      return [loss, gradient];
    },
    objective: () => {
      const { value, gradient } = objective.valueAndGradient(theta);
      return [value, gradient];
    },
  };
}

/** What is prepared once, at two thetas in turn that are next to each other: at the same one it would keep the forward pass. */
function prepared(
  problem: PeerProblem,
  run: (curvature: PreparedCurvature, theta: Float64Array) => unknown,
): () => unknown {
  const curvature = prepareCurvature(netOf(problem), batchOf(problem));
  const places = [problem.theta, problem.theta.map((entry) => entry * (1 + 1e-13))];
  let at = 0;
  return () => run(curvature, places[at++ % 2]);
}

function product(net: Parameters<typeof lossObjective>[0], problem: PeerProblem): Ways {
  const operator = hessianOperator(net, problem.theta, batchOf(problem));
  const out = new Float64Array(problem.theta.length);
  return {
    operator: () => {
      operator.apply(problem.v, out);
      return out;
    },
  };
}

/** @param certify whether it looks for repeated eigenvalues too */
function largest(problem: PeerProblem, certify: boolean): Ways {
  const operator = hessianOperator(netOf(problem), problem.theta, batchOf(problem));
  const run = () => {
    const { values, products } = lanczos(operator, { k: 5, certify });
    run.note = `${products} products`;
    return values;
  };
  run.note = "";
  return { function: run };
}

export const works: Readonly<Record<string, (problem: PeerProblem) => Ways>> = {
  "loss + gradient": (problem) => gradients(netOf(problem), problem),
  H·v: (problem) => product(netOf(problem), problem),
  moments: (problem) => {
    const [net, batch] = [netOf(problem), batchOf(problem)];
    return {
      function: () => {
        const { trace, frobeniusSquared } = spectralMoments(net, problem.theta, batch);
        return [trace, frobeniusSquared];
      },
      prepared: prepared(problem, (curvature, theta) => {
        const { trace, frobeniusSquared } = curvature.moments(theta);
        return [trace, frobeniusSquared];
      }),
    };
  },
  "WS gradient": (problem) => {
    const [net, batch] = [netOf(problem), batchOf(problem)];
    return {
      function: () => {
        const { value, gradient } = wsUpperBoundAndGradient(net, problem.theta, batch);
        return [value, gradient];
      },
      prepared: prepared(problem, (curvature, theta) => {
        const gradient = new Float64Array(theta.length);
        return [curvature.wsUpperBoundAndGradient(theta, gradient), gradient];
      }),
    };
  },
  Hessian: (problem) => {
    const [net, batch] = [netOf(problem), batchOf(problem)];
    const out = new Float64Array(net.size * net.size);
    return {
      function: () => exactHessian(net, problem.theta, batch).data,
      prepared: prepared(problem, (curvature, theta) => {
        curvature.hessian(theta, out);
        return out;
      }),
    };
  },
  eigenvalues: ({ matrix }) => ({ function: () => symmetricEigen(matrix).values }),
  eigenvectors: ({ matrix }) => ({ function: () => symmetricEigen(matrix, { vectors: true }).values }),
  "Lanczos, 5 largest": (problem) => largest(problem, false),
  "Lanczos certified, 5 largest": (problem) => largest(problem, true),
  product: ({ a, b }) => ({ matmul: () => matmul(a, b).data }),
  "CNN loss + gradient": (problem) => gradients(convolutionalNet, problem),
  "CNN H·v": (problem) => product(convolutionalNet, problem),
};
