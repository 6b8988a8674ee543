// The peers that run in Node, and flatward: node.js FOLDER, which has the problems.
import { createRequire } from "node:module";
import { serve } from "../serve.js";
import { works as flatward } from "./flatward.js";
import { works as jax } from "./jax.js";
import { works as mlMatrix } from "./ml-matrix.js";
import { readProblem } from "./problems.js";

const folder = process.argv[2];
const peers = { flatward, "ml-matrix": mlMatrix, "jax-js": jax } as const;
const { version, devDependencies } = createRequire(import.meta.url)("../../../package.json");

await serve(([peer, work, shape]) => peers[peer as keyof typeof peers][work](readProblem(folder, shape)), {
  peers: {
    flatward: [`flatward ${version}`, Object.keys(flatward)],
    "ml-matrix": [`ml-matrix ${devDependencies["ml-matrix"]}`, Object.keys(mlMatrix)],
    "jax-js": [`jax-js ${devDependencies["@jax-js/jax"]}`, Object.keys(jax)],
  },
  missing: {},
});
