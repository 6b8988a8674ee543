import { createHash } from "node:crypto";
import v8 from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { methodNames } from "../../src/experiment/methods.js";
import { networkFor } from "../../src/experiment/network/make.js";
import { hashOfBits } from "../../src/experiment/provenance.js";
import { runTraining } from "../../src/experiment/run.js";
import { deserialize, serialize } from "../../src/serialize.js";
import { checkpointBytes, readCheckpoint, type Saved } from "../../src/sweep/checkpoint.js";
import { loadManifestData } from "../../src/sweep/manifest.js";
import { manifest } from "../support/manifests.js";
import { stoppedAfter } from "../support/networks.js";
import { tiny } from "../support/sweeps.js";

// Every method, by its usual settings, with all that is recorded on the way.
const { data, cells } = manifest({
  ...tiny,
  methods: [
    ...methodNames,
    { name: "hsr", learningRate: 0.1, strength: 0.1, every: 5, samples: 6, estimator: "unbiased" },
  ],
  seeds: [1],
  training: { steps: 12, perturbations: 2 },
  measures: ["trainLoss", "curve", "sharpness", "theta"],
});
const dataset = loadManifestData(data[0]);
const sizeOf = (cell: (typeof cells)[number]) => networkFor(dataset, cell.config.network).size;

/** A checkpoint after so many steps. */
function savedAt(step: number, cell: (typeof cells)[number]): Saved {
  const reached = stoppedAfter(step, dataset, cell.config);
  return { cell: cell.id, ...reached, wallSeconds: 1.25, cpuSeconds: null };
}

/** Any bytes behind their checksum. */
function checksummed(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([createHash("sha256").update(bytes).digest(), bytes]);
}

describe("serialized content", () => {
  it("comes back with every bit", () => {
    const number = fc.double();
    const vector = fc.float64Array({ maxLength: 5 });
    const content = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(number, vector, fc.array(vector)));
    fc.assert(
      fc.property(content, (value) => {
        expect(deserialize(serialize(value))).toEqual(value);
      }),
    );
    const odd = {
      zero: -0,
      none: Number.NaN,
      most: Number.POSITIVE_INFINITY,
      v: Float64Array.of(-0, Number.NaN),
    };
    expect(deserialize(serialize(odd))).toEqual(odd);
    expect(Object.is((deserialize(serialize(odd)) as typeof odd).zero, -0)).toBe(true);
  });

  it("is found out where any bit is another, and where it is cut off", () => {
    const whole = serialize({ theta: Float64Array.of(1, 2), steps: 3 });
    for (let i = 0; i < whole.length; i++) {
      expect(deserialize(whole.map((byte, at) => (at === i ? byte ^ 4 : byte)))).toBe(undefined);
      expect(deserialize(whole.subarray(0, i))).toBe(undefined);
    }
  });

  it("is nothing where the checksum is that of other bytes", () => {
    for (const bytes of [v8.serialize({ theta: 1 }), Buffer.from("{}"), Buffer.alloc(0), Buffer.alloc(3)])
      expect(deserialize(checksummed(bytes))).toBe(undefined);
    // A vector that claims more than there is.
    for (const length of [3, 1e15, -1, 0.5])
      expect(deserialize(serialize({ v: { float64: length } }))).toBe(undefined);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void deserialize(checksummed(bytes))));
  });
});

describe("a checkpoint", () => {
  it.each(methodNames.map((name) => [name]))("of %s reads back, and goes on to the same bits", (name) => {
    const cell = cells.find(({ config }) => config.method.name === name) as (typeof cells)[number];
    const go = { hashOfBits, afterStep: () => "go on" as const, onCheckpoint() {} };
    const whole = runTraining(dataset, cell.config, go)?.result;
    for (const step of [1, 7]) {
      const saved = savedAt(step, cell);
      const read = readCheckpoint(checkpointBytes(saved), cell.id, cell.config, sizeOf(cell));
      expect(read).toEqual(saved);
      expect(runTraining(dataset, cell.config, { ...go, from: read as Saved })?.result).toEqual(whole);
    }
  });

  const adam = cells.find(({ config }) => config.method.name === "adam") as (typeof cells)[number];
  const size = sizeOf(adam);
  const read = (content: unknown) => readCheckpoint(serialize(content), adam.id, adam.config, size);
  const saved = savedAt(7, adam);
  const other = cells[0];
  const held = cells.at(-1) as (typeof cells)[number];
  const remembered = savedAt(7, held);

  it("of HSR that is held has what it remembers of that step, whole, or is as good as none", () => {
    const whole = runTraining(dataset, held.config, {
      hashOfBits,
      afterStep: () => "go on",
      onCheckpoint() {},
    });
    const state = remembered.objectiveState as { readonly held: object };
    const again = (objectiveState: unknown) =>
      readCheckpoint(serialize({ ...remembered, objectiveState }), held.id, held.config, size);
    const from = again(state) as Saved;
    expect(from).toEqual(remembered);
    const go = { hashOfBits, afterStep: () => "go on" as const, onCheckpoint() {}, from };
    expect(runTraining(dataset, held.config, go)?.result).toEqual(whole?.result);
    for (const wrong of [
      undefined,
      null,
      { ...state, step: 6 },
      { ...state, held: null },
      { ...state, held: { ...state.held, direction: new Float64Array(2) } },
      { ...state, running: null },
      { ...state, running: { trace: 1 } },
    ])
      expect(again(wrong)).toBe(undefined);
  });

  const wrong: readonly [what: string, content: unknown][] = [
    ["null", null],
    ["a text", "theta"],
    ["a part", { theta: saved.theta }],
    ["another cell's", { ...saved, cell: other.id }],
    ["one that does not say whose it is", { ...saved, cell: undefined }],
    ["one with junk", { ...saved, junk: 1 }],
    ["one of another optimizer", { ...saved, state: savedAt(7, other).state }],
    ["something to remember where nothing is", { ...saved, objectiveState: remembered.objectiveState }],
    ["one without a state", { ...saved, state: null }],
    ["one with half a state", { ...saved, state: { ...(saved.state as object), first: null } }],
    ["one with a state of half a step", { ...saved, state: { ...(saved.state as object), steps: 0.5 } }],
    ["theta of another length", { ...saved, theta: saved.theta.subarray(1) }],
    ["theta as a list", { ...saved, theta: [...saved.theta] }],
    ["theta with NaN", { ...saved, theta: saved.theta.map((x, i) => (i === 1 ? Number.NaN : x)) }],
    ["theta with infinity", { ...saved, theta: saved.theta.map((x, i) => (i === 1 ? 1 / 0 : x)) }],
    ["more steps than there are", { ...saved, steps: 13 }],
    ["steps as a text", { ...saved, steps: "7" }],
    ["more perturbations than there are", { ...saved, perturbations: 3 }],
    ["a point of another shape", { ...saved, curve: [{ step: "0", trainLoss: 1 }] }],
    ["no time", { ...saved, wallSeconds: Number.NaN }],
  ];
  it.each(wrong)("that holds %s is as good as none, though its checksum holds", (_, content) => {
    expect(read(saved)).toEqual(saved);
    expect(read(content)).toBe(undefined);
  });

  it("with any part replaced by anything is as good as none, or trains on", () => {
    const keys = Object.keys(saved) as (keyof Saved)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.anything({ withBigInt: false }), (key, value) => {
        const from = read({ ...saved, [key]: value });
        if (from === undefined) return;
        const go = { hashOfBits, afterStep: () => "go on" as const, onCheckpoint() {} };
        expect(runTraining(dataset, adam.config, { ...go, from })?.result.steps).toBe(12);
      }),
    );
  });
});
