import { describe } from "vitest";
import { ArgumentError, NonFiniteError } from "../../src/index.js";
import { frobeniusObjective, traceObjective } from "../../src/regularizers/index.js";
import { refusals } from "../refusals.js";
import { net, x, y } from "../small-network.js";
import { distant, far, overflows, steep } from "./overflowing.js";

describe("the penalties on moments refuse", () => {
  const batch = { x, y };
  const nothing = undefined as never;
  refusals(NonFiniteError, "non-finite", [
    [
      "a trace that overflows",
      () => traceObjective(steep, distant, overflows).value(far),
      /traceObjective: .*finite spectral moments, got tr H = Infinity/,
    ],
    [
      "a norm that overflows",
      () => frobeniusObjective(steep, distant, overflows).gradient(far),
      /frobeniusObjective: .*tr H² = /,
    ],
  ]);
  refusals(ArgumentError, "invalid-argument", [
    ["no options of a trace", () => traceObjective(net, batch, nothing), /traceObjective: .*\{ strength \}/],
    [
      "a negative trace",
      () => traceObjective(net, batch, { strength: -1 }),
      /traceObjective: .*strength.*≥ 0, got -1/,
    ],
    ["no options of a norm", () => frobeniusObjective(net, batch, nothing), /frobeniusObjective: .*options/],
    [
      "a negative norm",
      () => frobeniusObjective(net, batch, { strength: -1 }),
      /frobeniusObjective: .*strength/,
    ],
    [
      "an unknown route",
      () => frobeniusObjective(net, batch, { strength: 1, route: "fast" as never }),
      /frobeniusObjective: .*route/,
    ],
  ]);
});
