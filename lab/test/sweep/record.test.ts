import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf, hashOfBits } from "../../src/experiment/provenance.js";
import { runTraining } from "../../src/experiment/run.js";
import { cellId, loadManifestData } from "../../src/sweep/manifest.js";
import { type CellRecord, type Ending, parseRecord, recordOf, recordText } from "../../src/sweep/record.js";
import { manifest } from "../support/manifests.js";
import { type Loose, partsOf, rehashed, replacePart } from "../support/parts.js";
import { tiny } from "../support/sweeps.js";

const { engine, data, cells } = manifest({
  ...tiny,
  measures: ["trainLoss", "trainingSeconds", "lambdaMax", "eigenvalues", "curve", "sharpness", "theta"],
});
const [cell] = cells;
const source = data[cell.data];
const effort = {
  started: "2026-01-01T00:00:00.000Z",
  finished: "2026-01-01T00:00:01.500Z",
  wallSeconds: 1.5,
  cpuSeconds: null,
  trainingSeconds: 0.5,
  resumedAt: 7,
};
const { result } = runTraining(loadManifestData(source), cell.config, {
  hashOfBits,
  afterStep: () => "go on",
  onCheckpoint() {},
}) as { result: NonNullable<CellRecord["result"]> };
const recordWith = (ending: Ending) => recordOf(cell, engine, source, ending, effort);
const done = recordWith({ result });
const failed = recordWith({ error: new RangeError("too far") });
const parsed = (record: CellRecord) => parseRecord(recordText(record), cell.id);

const altered = (record: CellRecord, change: (content: Loose) => void) =>
  rehashed(recordText(record), change);

describe("a record", () => {
  it("reads back as it was written", () => {
    for (const record of [done, failed]) {
      expect(JSON.stringify(parsed(record))).toBe(JSON.stringify(record));
      // The changes below are what is refused, not the hash that they are given.
      expect(
        parseRecord(
          altered(record, () => {}),
          cell.id,
        ),
      ).toEqual(JSON.parse(recordText(record)));
    }
  });

  it("reads back where numbers overflowed: as null, as its JSON has them", () => {
    const point = { step: 3, trainLoss: Number.POSITIVE_INFINITY, wsBound: Number.NaN };
    const overflowed = recordWith({
      result: {
        ...result,
        status: "non-finite",
        measures: { ...result.measures, trainLoss: Number.NaN, lambdaMax: Number.POSITIVE_INFINITY },
        eigenvalues: [],
        curve: [point],
        sharpness: [{ step: 3, lambdaMax: Number.NaN }],
      },
    });
    expect(parsed(overflowed)?.result?.measures).toEqual({ trainLoss: null, lambdaMax: null });
    expect(parsed(overflowed)?.result?.curve).toEqual([{ step: 3, trainLoss: null, wsBound: null }]);
  });

  it("of whatever was thrown reads back", () => {
    const thrown = [{ name: 1, message: null, stack: 2, code: 3 }, "a text", {}, new TypeError("")];
    for (const error of thrown) expect(parsed(recordWith({ error }))?.state, String(error)).toBe("failed");
  });

  const changes: readonly [what: string, record: CellRecord, change: (content: Loose) => void][] = [
    ["without provenance", done, (r) => delete r.provenance],
    ["with provenance of null", done, (r) => Object.assign(r, { provenance: null })],
    ["without a host", done, (r) => delete r.provenance.host],
    ["with a time of another type", done, (r) => Object.assign(r.provenance, { wallSeconds: "1" })],
    ["started on no date", done, (r) => Object.assign(r.provenance, { started: "yesterday" })],
    ["of no known source", done, (r) => Object.assign(r.provenance, { source: { name: "nothing" } })],
    ["with junk in its provenance", done, (r) => Object.assign(r.provenance, { junk: 1 })],
    ["done without a result", done, (r) => delete r.result],
    ["done with an error", done, (r) => Object.assign(r, { error: { name: "Error", message: "" } })],
    ["done in no time", done, (r) => Object.assign(r.provenance, { trainingSeconds: null })],
    ["failed without an error", failed, (r) => delete r.error],
    ["failed with a result", failed, (r) => Object.assign(r, { result })],
    ["failed with a message of another type", failed, (r) => Object.assign(r.error, { message: ["x"] })],
    ["of another state", failed, (r) => Object.assign(r, { state: "running" })],
    ["of another format", done, (r) => Object.assign(r, { format: "flatward-cell/2" })],
    ["with a junk key", done, (r) => Object.assign(r, { junk: 1 })],
    ["with measures as a list", done, (r) => Object.assign(r.result, { measures: [] })],
    ["with a measure as a text", done, (r) => Object.assign(r.result.measures, { trainLoss: "0.1" })],
    ["without a measure", done, (r) => delete r.result.measures.trainLoss],
    ["with a measure that was not asked for", done, (r) => Object.assign(r.result.measures, { testLoss: 1 })],
    ["with a measure that is none", done, (r) => Object.assign(r.result.measures, { constructor: 1 })],
    ["without what was to be kept", done, (r) => delete r.result.curve],
    ["with theta as an object", done, (r) => Object.assign(r.result, { theta: { length: 3 } })],
    ["with theta of another length", done, (r) => r.result.theta.pop()],
    ["with null in theta", done, (r) => r.result.theta.fill(null, 0, 1)],
    ["with eigenvalues of another length", done, (r) => r.result.eigenvalues.pop()],
    ["with a point of another shape", done, (r) => r.result.curve.push({ step: 1 })],
    [
      "with more points than are recorded",
      done,
      (r) => Object.assign(r.result, { curve: Array(33).fill(r.result.curve[0]) }),
    ],
    [
      "with more sharpness than is recorded",
      done,
      (r) => Object.assign(r.result, { sharpness: Array(33).fill(r.result.sharpness[0]) }),
    ],
    ["of a training that went on", done, (r) => Object.assign(r.result, { steps: 1e6 })],
    ["of half a step", done, (r) => Object.assign(r.result, { steps: 0.5 })],
    ["stopped on the way", done, (r) => Object.assign(r.result, { status: "stopped" })],
    ["whose settings lack a default", done, (r) => delete r.config.training.perturbations],
  ];
  it.each(changes)("%s is none, though its hash is right", (_, record, change) => {
    expect(parseRecord(altered(record, change), cell.id)).toBe(undefined);
  });

  it("whose settings lack a default is none, though its identity is right too", () => {
    let id = "";
    const text = altered(done, (record) => {
      delete record.config.training.perturbations;
      id = cellId(record.engine, record.data, record.config);
      record.id = id;
    });
    expect(parseRecord(text, id)).toBe(undefined);
  });

  it.each(["", '"result":', '"measures":', '"provenance":', '"network":'])(
    "with a prototype among its keys is none: in %s",
    (place) => {
      const text = JSON.stringify(done);
      const at = text.indexOf("{", text.indexOf(place)) + 1;
      for (const key of ["__proto__", "constructor", "toString"]) {
        const planted: Loose = JSON.parse(`${text.slice(0, at)}"${key}":{"state":"done"},${text.slice(at)}`);
        const { sha256: _, provenance, ...content } = planted;
        const whole = JSON.stringify({ ...content, sha256: hashOf(content), provenance });
        expect(parseRecord(whole, cell.id), key).toBe(undefined);
      }
    },
  );

  it("is none when it is too deep, or no JSON at all", () => {
    const deep = (opening: string, closing: string) => opening.repeat(100_000) + closing.repeat(100_000);
    for (const text of ["", "null", "[]", "{", "\0", deep("[", "]"), deep('{"a":', "}")])
      expect(parseRecord(text, cell.id)).toBe(undefined);
  });

  it("with any part replaced by anything is none, or has the same types", () => {
    const parts = partsOf(JSON.parse(recordText(done)));
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), (path, value) => {
        const text = altered(done, (record) => replacePart(record, path, value));
        const read = parseRecord(text, cell.id);
        if (read === undefined) return;
        const { host, wallSeconds } = read.provenance;
        expect([read.state, typeof host, typeof wallSeconds]).toEqual(["done", "string", "number"]);
        for (const measure of Object.values(read.result?.measures ?? {}))
          expect(measure === null || typeof measure === "number").toBe(true);
      }),
    );
  });
});
