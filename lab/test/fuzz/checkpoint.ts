import fc from "fast-check";
import { serialize } from "../../src/serialize.js";
import { checkpointBytes, readCheckpoint } from "../../src/sweep/checkpoint.js";
import { altered } from "./altered.js";
import type { Kind } from "./kind.js";
import { mutated, nasty } from "./mutated.js";
import { swept } from "./swept.js";

const { cell, saved } = swept;

/** A checksum that holds, and anything behind it, vectors that no bytes follow among it. */
const whole = fc.oneof(
  altered(saved).map((value) => serialize(value ?? null)),
  fc
    .constantFrom(-1, 0.5, 1e9, 2 ** 53)
    .map((length) => serialize({ ...saved, theta: { float64: length }, curve: [{ number: "1e999" }] })),
);

export const checkpoint: Kind = {
  name: "checkpoints",
  inputs: fc.oneof(mutated([checkpointBytes(saved)], nasty), whole),
  read: (bytes) => readCheckpoint(bytes, cell.id, cell.config, saved.theta.length),
};
