// Workers run compiled JavaScript: all of this is of what is built.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type * as Root from "../../src/index.js";
import type * as BandModule from "../../src/linalg/dense/band/tridiagonalize-by-band.js";
import type * as TensorModule from "../../src/tensor/index.js";
import type * as ThreadsModule from "../../src/threads/index.js";
import { exampleOf, functions } from "../docstrings.js";
import { printedBy, saidBy } from "../printed.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = (path: string) => `${root}dist/${path}index.js`;

let flatward: typeof Root;
let matmul: typeof TensorModule.matmul;
let tridiagonalizeByBand: typeof BandModule.tridiagonalizeByBand;
let startThreads: typeof ThreadsModule.startThreads;
let running: ThreadsModule.Threads | undefined;

beforeAll(async () => {
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-b", "src"], { cwd: root });
  flatward = await import(built(""));
  ({ tridiagonalizeByBand } = await import(`${root}dist/linalg/dense/band/tridiagonalize-by-band.js`));
  ({ matmul } = await import(built("tensor/")));
  ({ startThreads } = await import(built("threads/")));
});

afterEach(() => {
  running?.stop();
  running = undefined;
  flatward.useBackend("auto");
});

function normals(seed: number, rows: number, columns: number) {
  const draws = flatward.randomStream(seed, "normals");
  return flatward.tensor(
    Float64Array.from({ length: rows * columns }, () => draws.normal()),
    [rows, columns],
  );
}

it("are started as the docstring shows", async () => {
  const code = functions.filter(({ name }) => name === "startThreads").map(exampleOf)[0];
  const load = (module: string) => import(built(`${module.replace(/^flatward\/?/, "")}/`));
  expect(await printedBy(code, load)).toEqual(saidBy(code));
  expect(saidBy(code)).not.toEqual([]);
});

describe.each([1, 2, 3])("%i threads", (count) => {
  it("give products of every shape the bits of plain TypeScript", async () => {
    running = await startThreads(count);
    expect(running.count).toBe(count);
    const extent = fc.integer({ min: 30, max: 600 });
    fc.assert(
      fc.property(extent, extent, extent, fc.nat(), (m, k, n, seed) => {
        const [a, b] = [normals(seed, m, k), normals(seed + 1, k, n)];
        const [shared, plain] = (["auto", "plain"] as const).map((name) => {
          flatward.useBackend(name);
          return matmul(a, b).data;
        });
        expect(Buffer.from(shared.buffer).equals(Buffer.from(plain.buffer))).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it("give moments, Hessian and the bound's gradient the bits of one", async () => {
    const net = flatward.threeLayerNet({ inputs: 12, hidden: 16, outputs: 8 });
    const theta = net.init(3);
    const batch = { x: normals(5, 192, 12), y: Array.from({ length: 192 }, (_, i) => i % 8) };
    const all = () => [
      flatward.spectralMoments(net, theta, batch, { route: "gram" }).frobeniusSquared,
      flatward.spectralMoments(net, theta, batch, { route: "blocks" }).frobeniusSquared,
      ...flatward.exactHessian(net, theta, batch).data,
      ...flatward.wsUpperBoundAndGradient(net, theta, batch, { route: "gram" }).gradient,
      ...flatward.wsUpperBoundAndGradient(net, theta, batch, { route: "blocks" }).gradient,
    ];
    const alone = all();
    running = await startThreads(count);
    expect(all()).toEqual(alone);
  });

  it("give a matrix the tridiagonal form that one gives it", async () => {
    const reduced = [40, 225, 290].map((n) => () => {
      const { data } = normals(n, n, n);
      return tridiagonalizeByBand(flatward.symmetricPart({ data, shape: [n, n] }), 4);
    });
    const alone = reduced.map((one) => one());
    running = await startThreads(count);
    expect(reduced.map((one) => one())).toEqual(alone);
  });
});

describe("threads", () => {
  it("may be stopped, and started again", async () => {
    for (let round = 0; round < 2; round++) {
      const threads = await startThreads(2);
      threads.stop();
      threads.stop();
    }
    running = await startThreads(2);
    const [a, b] = [normals(1, 128, 128), normals(2, 128, 128)];
    const shared = matmul(a, b).data;
    running.stop();
    expect(matmul(a, b).data).toEqual(shared);
  });

  it("let a process end by itself", () => {
    const program = `
      import { startThreads } from ${JSON.stringify(built("threads/"))};
      const { count } = await startThreads(3);
      console.log(count);`;
    const options = { encoding: "utf8", timeout: 60_000 } as const;
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", program], options)).toBe("3\n");
  });

  it("are as many as there are cores, where no number is given", async () => {
    running = await startThreads();
    expect(running.count).toBeGreaterThanOrEqual(1);
  });

  it.each([0, 1.5, -1, 129, Number.NaN, "2"])("are refused for a count of %s", async (count) => {
    await expect(startThreads(count as number)).rejects.toMatchObject({
      code: "invalid-argument",
      where: "startThreads",
    });
  });

  it("are refused while others run", async () => {
    running = await startThreads(1);
    await expect(startThreads(2)).rejects.toThrow(/no threads to run yet, .*; call stop\(\)/);
  });

  it("are refused without WebAssembly, and without shared memory", async () => {
    flatward.useBackend("plain");
    await expect(startThreads(2)).rejects.toThrow(/startThreads: expected the backend wasm/);
    flatward.useBackend("auto");
    const { SharedArrayBuffer: given } = globalThis;
    try {
      Object.assign(globalThis, { SharedArrayBuffer: undefined });
      await expect(startThreads(2)).rejects.toThrow(
        /memory that threads may share.*Cross-Origin-Opener-Policy/,
      );
    } finally {
      Object.assign(globalThis, { SharedArrayBuffer: given });
    }
  });
});
