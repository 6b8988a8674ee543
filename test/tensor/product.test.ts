import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { randomStream } from "../../src/index.js";
import { type Backend, useBackend } from "../../src/tensor/index.js";
import type { IndexedMatrix, Steps } from "../../src/tensor/indexed-matrix.js";
import { addProduct, addSymmetricProduct, type Extents, rightFormed } from "../../src/tensor/product.js";
import { createRowProducts } from "../../src/tensor/row-products.js";
import { naiveProduct } from "../oracles/naive-product.js";
import { chosenBackend } from "../setup.js";

afterAll(() => useBackend(chosenBackend));

/** What each backend leaves in memory, a copy of c. */
function products(c: IndexedMatrix, a: IndexedMatrix, b: IndexedMatrix, extents: Extents, alpha: number) {
  const [wasm, plain] = (["wasm", "plain"] as const).map((name: Backend) => {
    const out = { ...c, data: c.data.slice() };
    useBackend(name);
    addProduct(out, a, b, extents, alpha);
    return out.data;
  });
  return { wasm, plain };
}

/** By bits, but for which NaN it is. */
const firstDifference = (a: Float64Array, b: Float64Array): number =>
  a.findIndex((value, i) => !Object.is(value, b[i]));

/** Around the edges of tiles and, rarely, of blocks. */
const extent = (block: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: block - 2, max: block + 5 }) },
  );

/** Numbers of every size, −0 and infinities included; and ones of size one, whose sums are not all lost to overflow. */
const seeds = fc.record({ seed: fc.nat(), wild: fc.boolean() });

function numbers(length: number, { seed, wild }: { seed: number; wild: boolean }): Float64Array {
  const draws = randomStream(seed, "numbers");
  const extremes = [0, -0, 5e-324, -1e-300, 1e300, Number.POSITIVE_INFINITY];
  return Float64Array.from({ length }, () =>
    wild && draws.uniform() < 0.05 ? extremes[draws.integer(extremes.length)] : draws.normal(),
  );
}

type Layout = "rows" | "whole" | "columns" | "backwards" | "tables";
const layout = fc.constantFrom<Layout>("rows", "whole", "columns", "backwards", "tables");

/** A matrix of `rows` × `columns` in memory of its own, with unused elements before, between and behind its own. */
function placed(
  rows: number,
  columns: number,
  how: Layout,
  source: { seed: number; wild: boolean },
): IndexedMatrix {
  const data = numbers((rows + 2) * (columns + 2), source);
  const wide = columns + 2;
  const tall = rows + 2;
  if (how === "rows") return { data, offset: 1, down: wide, across: 1 };
  if (how === "whole") return { data, offset: 3, down: columns, across: 1 };
  if (how === "columns") return { data, offset: 1, down: 1, across: tall };
  if (how === "backwards") return { data, offset: data.length - 2, down: -wide, across: -1 };
  const draws = randomStream(source.seed, "tables");
  // Rows of tables may coincide.
  const table = (count: number, step: number): Steps =>
    Int32Array.from({ length: count }, () => step * draws.integer(count));
  return { data, offset: 1, down: table(rows, wide), across: table(columns, 1) };
}

const at = (steps: Steps, i: number) => (typeof steps === "number" ? i * steps : steps[i]);
const entries =
  ({ data, offset, down, across }: IndexedMatrix) =>
  (i: number, j: number) =>
    data[offset + at(down, i) + at(across, j)];

/** The transpose of what lies in memory as `a`. */
const transposed = ({ data, offset, down, across }: IndexedMatrix): IndexedMatrix => ({
  data,
  offset,
  down: across,
  across: down,
});

describe("a product", () => {
  const cases = fc.record({
    m: extent(128),
    k: extent(256),
    n: extent(512),
    layouts: fc.tuple(layout, layout, layout),
    alpha: fc.constantFrom(1, -0.3),
    source: seeds,
  });

  it("has the same bits by WebAssembly and by plain TypeScript, wherever its elements lie", () => {
    fc.assert(
      fc.property(cases, ({ m, k, n, layouts, alpha, source }) => {
        const c = placed(m, n, layouts[0], source);
        const a = placed(m, k, layouts[1], { ...source, seed: source.seed + 1 });
        const b = placed(k, n, layouts[2], { ...source, seed: source.seed + 2 });
        const { wasm, plain } = products(c, a, b, [m, k, n], alpha);
        expect(firstDifference(wasm, plain)).toBe(-1);
        expect(firstDifference(plain, c.data)).not.toBe(-1);
      }),
    );
  });

  it("takes the place of what C was, where β is 0, as if that had been zeros", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 0, max: 300 }),
        extent(512),
        fc.constantFrom<Layout>("rows", "whole"),
        seeds,
        fc.constantFrom<Backend>("wasm", "plain"),
        (m, k, n, how, source, name) => {
          useBackend(name);
          const [a, b] = [placed(m, k, "rows", source), placed(k, n, "columns", source)];
          const c = placed(m, n, how, source);
          const [fromZeros, fromAnything] = [c.data.slice(), c.data.slice()];
          for (let i = 0; i < m; i++) {
            const row = c.offset + i * (c.down as number);
            fromZeros.fill(0, row, row + n);
            fromAnything.fill(Number.NaN, row, row + n);
          }
          addProduct({ ...c, data: fromZeros }, a, b, [m, k, n]);
          addProduct({ ...c, data: fromAnything }, a, b, [m, k, n], 1, 0);
          expect(firstDifference(fromAnything, fromZeros)).toBe(-1);
        },
      ),
    );
  });

  it("adds up what comes to the same element of C, where β is 0 too", () => {
    for (const name of ["wasm", "plain"] as const) {
      useBackend(name);
      const c = { data: new Float64Array(3).fill(9), offset: 0, down: Int32Array.of(0, 0), across: 1 };
      const a = { data: Float64Array.of(1, 2, 3, 4), offset: 0, down: 2, across: 1 };
      const b = { data: Float64Array.of(1, 0, 10, 0, 1, 100), offset: 0, down: 3, across: 1 };
      addProduct(c, a, b, [2, 2, 3], 1, 0);
      expect(Array.from(c.data)).toEqual([1 + 3, 2 + 4, 210 + 430]);
    }
  });

  it("has the same bits by what factors keep of it, again and again", () => {
    const source = { seed: 1, wild: false };
    // Several blocks of rows, columns and depths.
    const extents: Extents = [150, 300, 600];
    const [m, k, n] = extents;
    const [a, b] = [placed(m, k, "rows", source), placed(k, n, "columns", source)];
    const expected = products(placed(m, n, "rows", source), a, b, extents, 1);
    const keeping = [
      [{ ...a, packed: { products: 0, blocks: [] } }, b],
      [a, { ...b, packed: { products: 0, blocks: [] } }],
      [
        { ...a, packed: { products: 0, blocks: [] } },
        { ...b, packed: { products: 0, blocks: [] } },
      ],
    ];
    for (const [left, right] of keeping)
      for (let time = 0; time < 3; time++)
        expect(
          firstDifference(
            products(placed(m, n, "rows", source), left, right, extents, 1).wasm,
            expected.wasm,
          ),
        ).toBe(-1);
  });

  it("adds up in the order of its definition, each product rounded, within a block of depths", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        extent(250),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        (m, k, n, seed) => {
          const a = placed(m, k, "rows", { seed, wild: false });
          const b = placed(k, n, "columns", { seed: seed + 1, wild: false });
          const c = { data: new Float64Array(m * n), offset: 0, down: n, across: 1 };
          const { wasm, plain } = products(c, a, b, [m, k, n], 1);
          const defined = naiveProduct([m, k, n], entries(a), entries(b));
          expect(wasm).toEqual(defined);
          expect(plain).toEqual(defined);
        },
      ),
    );
  });

  it("that is symmetric has the bits of the whole one, for half the work", () => {
    const symmetric = fc.record({
      n: extent(512),
      k: extent(256),
      how: layout,
      scattered: fc.boolean(),
      alpha: fc.constantFrom(1, -2),
      beta: fc.constantFrom(0, 1),
      source: seeds,
    });
    fc.assert(
      fc.property(symmetric, ({ n, k, how, scattered, alpha, beta, source }) => {
        const a = placed(n, k, how, source);
        const places = Int32Array.from({ length: n }, (_, i) => (5 * i) % n);
        const c = {
          data: new Float64Array(n * n).fill(0.5),
          offset: 0,
          down: n,
          across: scattered && n % 5 !== 0 ? places : 1,
        };
        for (const name of ["wasm", "plain"] as const) {
          useBackend(name);
          const [half, whole] = [c, c].map((each) => ({ ...each, data: each.data.slice() }));
          if (beta === 0) half.data.fill(Number.NaN);
          addSymmetricProduct(half, a, transposed(a), [n, k], alpha, beta);
          addProduct(whole, a, transposed(a), [n, k, n], alpha, beta);
          expect(firstDifference(half.data, whole.data)).toBe(-1);
        }
      }),
    );
  });
});

describe("a row-wise product as the right factor", () => {
  const cases = fc.record({
    m: extent(128),
    k: extent(256),
    n: extent(528),
    widths: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })),
    alike: fc.boolean(),
    inTurn: fc.boolean(),
    beta: fc.constantFrom(0, 1),
    source: seeds,
  });

  // Rows that do not fit where a kernel packs from.
  const long = {
    m: 5,
    k: 256,
    n: 9,
    widths: [300, 300] as [number, number],
    alike: false,
    inTurn: true,
    beta: 0,
    source: { seed: 1, wild: false },
  };

  it("has the bits of the product with what it is written out", () => {
    fc.assert(
      fc.property(cases, ({ m, k, n, widths, alike, inTurn, beta, source }) => {
        const draws = randomStream(source.seed, "columns");
        const rows = (width: number, seed: number) => ({
          data: numbers(k * (width + 2), { ...source, seed }),
          step: width + 2,
          width,
        });
        const first = rows(widths[0], source.seed + 1);
        const second = alike ? first : rows(widths[1], source.seed + 2);
        const weights = numbers(k, source);
        const all = first.width * second.width;
        const columns = inTurn ? Math.min(n, all) : n;
        const offset = inTurn ? draws.integer(all - columns + 1) : 0;
        const across = Int32Array.from({ length: columns }, (_, j) =>
          inTurn ? offset + j : draws.integer(all),
        );
        const written = new Float64Array(k * columns);
        for (let i = 0; i < k; i++)
          for (let j = 0; j < columns; j++) {
            const [a, b] = [Math.floor(across[j] / second.width), across[j] % second.width];
            written[i * columns + j] =
              weights[i] * first.data[i * first.step + a] * second.data[i * second.step + b];
          }
        const a = placed(m, k, "tables", source);
        const c = placed(m, columns, "whole", source);
        const expected = { ...c, data: c.data.slice() };
        const explicit = { data: written, offset: 0, down: columns, across: 1 };
        useBackend("plain");
        addProduct(expected, a, explicit, [m, k, columns], 1, beta);
        const formed = createRowProducts()(weights, first, second);
        for (const name of ["wasm", "plain"] as const) {
          useBackend(name);
          const out = { ...c, data: c.data.slice() };
          addProduct(out, a, rightFormed(formed, across), [m, k, columns], 1, beta);
          expect(firstDifference(out.data, expected.data)).toBe(-1);
        }
      }),
      { examples: [[long]] },
    );
  });
});
