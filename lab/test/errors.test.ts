import { activationNames, threeLayerNet } from "flatward";
import { describe, expect, it } from "vitest";
import { nearest } from "../src/errors.js";

describe("suggestions", () => {
  it("name the nearest word, or none when none is near", () => {
    expect(nearest("specis", ["sepal", "species"])).toBe("species");
    expect(nearest("weight", ["sepal", "species"])).toBeUndefined();
  });

  it.each(["thanh", "tn", "sgm", "softpl", "sinn", "glu", "idnt", "idt", "x", "soft", "sigplus"])(
    "name what the engine would: %s",
    (word) => {
      const make = () => threeLayerNet({ inputs: 1, hidden: 1, outputs: 2, activation: word as never });
      const meant = nearest(word, activationNames);
      expect(make).toThrow(meant === undefined ? /^(?!.*did you mean)/ : `did you mean "${meant}"?`);
    },
  );
});
