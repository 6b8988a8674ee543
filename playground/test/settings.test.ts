import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataNames } from "../src/settings/data-sets.js";
import { methodNames, methods } from "../src/settings/methods.js";
import { presets } from "../src/settings/presets.js";
import { changed, defaults, fromFragment, type Settings, toFragment } from "../src/settings/settings.js";

const anySettings: fc.Arbitrary<Settings> = fc.record({
  data: fc.constantFrom(...dataNames),
  hidden: fc.integer({ min: 1, max: 64 }),
  method: fc.constantFrom(...methodNames),
  strength: fc.double({ min: 0, max: 100, noNaN: true }).map(Math.abs),
  wrong: fc.double({ min: 0, max: 0.9, noNaN: true }).map(Math.abs),
  steps: fc.integer({ min: 10, max: 20_000 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

describe("an address", () => {
  it("holds all settings, and the step that is shown", () => {
    fc.assert(
      fc.property(anySettings, fc.nat(), (settings, step) => {
        expect(fromFragment(`#${toFragment(settings)}`)).toEqual({ settings });
        const at = step % settings.steps;
        expect(fromFragment(toFragment(settings, at))).toEqual({ settings, at });
      }),
    );
  });

  it("that says nothing, or nonsense, has the defaults", () => {
    for (const fragment of [
      "",
      "#",
      "#data=nothing&hidden=-3&strength=x&wrong=2&steps=1e9&seed=.5&method=&at=-1",
    ])
      expect(fromFragment(fragment)).toEqual({ settings: defaults });
  });

  it("of another method alone has its usual strength", () => {
    expect(fromFragment("#method=sam").settings).toEqual({
      ...defaults,
      method: "sam",
      strength: methods.sam.usual,
    });
  });

  it("never gives settings out of range, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { settings } = fromFragment(text);
        expect(fromFragment(toFragment(settings)).settings).toEqual(settings);
      }),
    );
  });
});

describe("a change", () => {
  it("of the data takes their number of steps", () => {
    expect(changed(defaults, { data: "digits" }).steps).toBe(600);
    expect(changed(changed(defaults, { data: "digits" }), { data: "iris" }).steps).toBe(defaults.steps);
    expect(fromFragment("#data=digits").settings.steps).toBe(600);
  });

  it("of the method takes its usual strength, of all else keeps it", () => {
    expect(changed(defaults, { method: "weight-decay" }).strength).toBe(methods["weight-decay"].usual);
    expect(changed({ ...defaults, strength: 0.3 }, { hidden: 8 }).strength).toBe(0.3);
  });
});

describe("presets", () => {
  it("begin with the defaults, and can be linked", () => {
    expect(presets[0].settings).toEqual(defaults);
    for (const { settings } of presets) expect(fromFragment(toFragment(settings)).settings).toEqual(settings);
  });
});
