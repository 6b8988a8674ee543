import type { Study } from "./study.js";

/** Every study: all that the program and the reports know of them. A new one is a folder and an entry. */
export const studies: readonly Study[] = [
  {
    name: "spectrum",
    takes: "[data]",
    description:
      "Show the spectrum of a network's Hessian: eigenvalues, density, traces, blocks and every bound.",
    load: async () => (await import("./spectrum/command.js")).spectrumCommand,
  },
  {
    name: "explain",
    takes: "[data]",
    description:
      "Explain why a minimum is sharp: the bound on λ_max in shares of samples, classes, units, layers and pairs.",
    load: async () => (await import("./explain/command.js")).explainCommand,
  },
  {
    name: "slice",
    takes: "[data]",
    description:
      "Draw the loss along a line or over a plane through a network's parameters, with the bound on λ_max.",
    load: async () => (await import("./slice/command.js")).sliceCommand,
  },
  {
    name: "verify",
    takes: "[data]",
    description:
      "Check every closed form against automatic differentiation, finite differences and eigendecompositions.",
    load: async () => (await import("./verify/command.js")).verifyCommand,
  },
  {
    name: "tightness",
    takes: "",
    description: "Study how far every bound lies above λ_max, over hundreds of networks (a minute or two).",
    load: async () => (await import("./tightness/command.js")).tightnessCommand,
    chapter: () => import("./tightness/chapter.js"),
  },
  {
    name: "filters",
    takes: "[data]",
    description: "Study which eigenvalues each optimizer lets pass, by formula and in runs (some minutes).",
    load: async () => (await import("./filters/command.js")).filtersCommand,
    chapter: () => import("./filters/chapter.js"),
  },
  {
    name: "framework",
    takes: "[data]",
    description:
      "Study how sharp minima of convolutional networks are, in every sense (minutes on the digits, hours on MNIST).",
    load: async () => (await import("./framework/command.js")).frameworkCommand,
    chapter: () => import("./framework/chapter.js"),
  },
];
