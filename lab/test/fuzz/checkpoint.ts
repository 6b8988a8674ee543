import fc from "fast-check";
import { seal } from "../../src/sealed.js";
import { checkpointBytes, readCheckpoint } from "../../src/sweep/checkpoint.js";
import { altered } from "./altered.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";
import { swept } from "./swept.js";

const { cell, saved } = swept;

/** An intact seal around anything, vectors that no bytes follow among it. */
const sealed = fc.oneof(
  altered(saved).map((value) => seal(value ?? null)),
  fc
    .constantFrom(-1, 0.5, 1e9, 2 ** 53)
    .map((length) => seal({ ...saved, theta: { float64: length }, curve: [{ number: "1e999" }] })),
);

export const checkpoint: Kind = {
  name: "checkpoints",
  inputs: fc.oneof(mutated([checkpointBytes(saved)], nasty), sealed),
  read: (bytes) => readCheckpoint(bytes, cell.id, cell.config, saved.theta.length),
};
