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
    about: "Sharpness-aware minimization on the same data: flatter than gradient descent, too.",
    settings: { ...defaults, method: "sam", strength: 0.2 },
  },
  {
    title: "Where HSR loses",
    about:
      "Clean labels. HSR ends where it is sharper, fits worse and predicts worse: the bound held it back.",
    settings: { ...defaults, wrong: 0, seed: 2 },
  },
  {
    title: "Too strong",
    about: "HSR 1 flattens so much that the two moons are no longer told apart well.",
    settings: { ...defaults, strength: 1, wrong: 0 },
  },
];
