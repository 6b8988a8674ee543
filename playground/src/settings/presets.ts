import { defaults, type Settings } from "./settings.js";

/** A setting worth a look, and why. */
export interface Preset {
  readonly title: string;
  readonly about: string;
  readonly settings: Settings;
}

export const presets: readonly Preset[] = [
  {
    title: "Wrong labels",
    about: "One training label in ten is wrong. Gradient descent bends around them, HSR does not.",
    settings: defaults,
  },
  {
    title: "Iris",
    about: "Three kinds of flowers by four lengths, seen along their first two principal components.",
    settings: { ...defaults, data: "iris", hidden: 8, wrong: 0 },
  },
  {
    title: "SAM instead",
    about:
      "Sharpness-aware minimization on the same data: flatter than gradient descent too, at a lower price.",
    settings: { ...defaults, method: "sam", strength: 0.5 },
  },
  {
    title: "Where HSR loses",
    about:
      "Spirals with 8 hidden units: HSR never finds the way in. It ends sharper, fits worse and predicts worse.",
    settings: { ...defaults, data: "spirals", hidden: 8, wrong: 0, seed: 2 },
  },
  {
    title: "Too strong",
    about: "HSR 1 makes the minimum flat, and too simple: the two moons are no longer told apart well.",
    settings: { ...defaults, strength: 1, wrong: 0 },
  },
];
