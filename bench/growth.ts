import { prepareCurvature, type Route, spectralMoments } from "flatward";
import { deepProblem } from "./depth.js";
import type { Task } from "./tasks.js";

const routes = ["gram", "blocks"] as const;
const triangle = (n: number) => (n * (n + 1)) / 2;

/**
 * Multiply-adds of tr H² by a route, as docs/theory/closed-form.md counts them: of N²/2 pairs of samples, or of the entries of H's
 * blocks for N samples, beside the factors of every sample.
 */
function operations(sizes: readonly number[], samples: number, route: Route): number {
  const units = sizes.slice(1);
  const widths = sizes.slice(0, -1).map((width) => width + 1);
  let [pair, sample] = [0, factors(sizes)];
  for (const [m, above] of units.entries()) {
    pair += triangle(above) + widths[m];
    sample += triangle(above) * triangle(widths[m]) * Number(route === "blocks");
    for (let l = 0; l < m; l++) {
      const distant = l === m - 1 ? 0 : sizes[m];
      pair += 3 * units[l] * (above + distant);
      sample += above * widths[m] * units[l] * widths[l] * Number(route === "blocks");
    }
  }
  return samples * sample + (route === "gram" ? triangle(samples) * pair : 0);
}

/** Of one sample's X and E. */
function factors(sizes: readonly number[]): number {
  const units = sizes.slice(1);
  const last = units.length - 1;
  return units.slice(0, last).reduce((total, own, l) => {
    const above = units.slice(l + 1).reduce((a, b) => a + b);
    const beyond = units.slice(l + 2, last).reduce((a, b) => a + b, 0);
    return total + own * units[l + 1] * (above + beyond + own);
  }, 0);
}

const asked = ["moments", "WS gradient"] as const;

/**
 * In multiply-adds, beside those of products: of a pair in the tables of a block, which weighs less where derivatives multiply the
 * products, and in those of each column of X between layers apart; of an entry of a factor that is formed. Fitted to where both
 * routes were measured to take as long.
 */
const OVERHEAD = { pair: { moments: 98, "WS gradient": 66 }, column: 24, entry: 8 } as const;

/** Multiply-adds of tr H² by a route, with all this: what the time of what is asked is predicted from. */
function predicted(
  what: (typeof asked)[number],
  sizes: readonly number[],
  samples: number,
  route: Route,
): number {
  const units = sizes.slice(1);
  const widths = sizes.slice(0, -1).map((width) => width + 1);
  const pairs = (products: number) => (samples * samples * (products + OVERHEAD.pair[what])) / 2;
  const entries = (count: number, each: number) => samples * count * (each + OVERHEAD.entry);
  let work = 0;
  for (const [m, above] of units.entries()) {
    for (let l = 0; l <= m; l++) {
      const [below, width] = [units[l], widths[l]];
      const neighbours = l === m - 1;
      const apart = neighbours ? 0 : 3 * sizes[m] + OVERHEAD.column;
      const products = m === l ? triangle(above) : below * (3 * above + apart);
      if (route === "gram") work += pairs(products + widths[m] + width);
      else if (m === l) work += entries(triangle(width), triangle(above));
      else if (neighbours) work += entries(widths[m] * width, above * below);
      else work += entries(above * widths[m] * below, width);
    }
  }
  return work;
}

/** One extent grows, the rest stays, for both routes. */
function growth(
  of: string,
  problemAt: (extent: number) => readonly [sizes: readonly number[], samples: number],
  extents: readonly number[],
): Task[] {
  return routes.flatMap((route) =>
    extents.map((extent, at): Task => {
      const [sizes, samples] = problemAt(extent);
      return {
        group: `growth in ${of}`,
        name: `${route}, ${of} = ${extent}`,
        isUnit: at === 0 && route === routes[0],
        growth: {
          series: route,
          of,
          extent,
          operations: operations(sizes, samples, route),
          predicted: predicted("moments", sizes, samples, route),
        },
        setUp() {
          const { net, theta, batch } = deepProblem(sizes, samples);
          return () => spectralMoments(net, theta, batch, { route });
        },
      };
    }),
  );
}

/** Where pairs and blocks take as long, by moments and by the gradient; what "auto" takes beside them. */
function crossover(sizes: readonly number[], counts: readonly number[]): Task[] {
  return asked.flatMap((what) =>
    [...routes, "auto" as const].flatMap((route) =>
      counts.map((samples): Task => {
        const point = {
          series: route,
          of: "N",
          extent: samples,
          operations: operations(sizes, samples, route),
          predicted: predicted(what, sizes, samples, route),
        };
        return {
          group: `crossover of ${what}, ${sizes.join("-")}`,
          name: `${route}, N = ${samples}`,
          isUnit: route === "gram" && samples === counts[0],
          ...(route === "auto" ? {} : { growth: point }),
          setUp() {
            const { net, theta, batch } = deepProblem(sizes, samples);
            const curvature = prepareCurvature(net, batch, { route });
            const gradient = new Float64Array(net.size);
            // Two places in turn: what is asked for again at the same one shares its work.
            const places = [theta, theta.map((entry) => 1.01 * entry)];
            let at = 0;
            return what === "moments"
              ? () => curvature.moments(places[at++ % 2])
              : () => curvature.wsUpperBoundAndGradient(places[at++ % 2], gradient);
          },
        };
      }),
    ),
  );
}

export const growthTasks: readonly Task[] = [
  ...growth("N", (N) => [[20, 32, 10], N], [128, 256, 512, 1024]),
  ...growth("d", (d) => [[d, 32, 10], 512], [8, 16, 32, 64]),
  ...growth("h", (h) => [[20, h, 10], 512], [8, 16, 32, 64]),
  ...growth("K", (K) => [[20, 32, K], 512], [3, 6, 12, 24]),
  ...growth("L", (L) => [[32, ...Array.from({ length: L - 1 }, () => 32), 10], 128], [2, 3, 4, 6]),
  ...crossover([4, 8, 3], [8, 16, 32, 64]),
  ...crossover([20, 32, 10], [128, 256, 512]),
  ...crossover([2, 8, 8, 2], [8, 16, 32, 64]),
  ...crossover([20, 16, 16, 5], [64, 128, 256, 512]),
];
