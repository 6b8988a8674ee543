import type { Study } from "./study.js";

/** Every study: all that the program and the reports know of them. A new one is a folder and an entry. */
export const studies: readonly Study[] = [
  {
    name: "spectrum",
    takes: "[data]",
    description:
      "Show the spectrum of a network's Hessian: eigenvalues, density, traces, blocks and every bound.",
    examples: [
      "spectrum",
      "spectrum my.csv --hidden 16,16 --method hsr --full",
      "spectrum --run results/my-plan --index 3",
    ],
    load: async () => (await import("./spectrum/command.js")).spectrumCommand,
  },
  {
    name: "explain",
    takes: "[data]",
    description:
      "Explain why a minimum is sharp: the bound on λ_max in shares of samples, classes, units, layers and pairs.",
    examples: ["explain", "explain --data digits --method hsr", "explain --run results/my-plan --index 3"],
    load: async () => (await import("./explain/command.js")).explainCommand,
  },
  {
    name: "influence",
    takes: "[questions...]",
    description:
      "Study what sharp samples do: removed, mislabelled or correlated, and which way is flatter (some minutes).",
    examples: ["influence", "influence removal labels --seeds 20"],
    load: async () => (await import("./influence/command.js")).influenceCommand,
  },
  {
    name: "slice",
    takes: "[data]",
    description:
      "Draw the loss along a line or over a plane through a network's parameters, with the bound on λ_max.",
    examples: [
      "slice",
      "slice --data moons --directions trajectory",
      "slice --run results/my-plan --index 0 --to-index 4",
    ],
    load: async () => (await import("./slice/command.js")).sliceCommand,
  },
  {
    name: "verify",
    takes: "[data]",
    description:
      "Check every closed form against automatic differentiation, finite differences and eigendecompositions.",
    examples: ["verify", "verify my.csv --hidden 3,2", "verify --case 17 --full"],
    load: async () => (await import("./verify/command.js")).verifyCommand,
  },
  {
    name: "tightness",
    takes: "",
    description: "Study how far every bound lies above λ_max, over hundreds of networks (a minute or two).",
    examples: ["tightness", "tightness --workers 4 --full"],
    load: async () => (await import("./tightness/command.js")).tightnessCommand,
    chapter: () => import("./tightness/chapter.js"),
  },
  {
    name: "filters",
    takes: "[data]",
    description: "Study which eigenvalues each optimizer lets pass, by formula and in runs (some minutes).",
    examples: ["filters", "filters my.csv --hidden 8,8", "filters --data digits --seeds 5"],
    load: async () => (await import("./filters/command.js")).filtersCommand,
    chapter: () => import("./filters/chapter.js"),
  },
  {
    name: "rivals",
    takes: "[data]",
    description:
      "Study HSR among its rivals, each tuned on validation data, at equal time and equal gradients (an hour or so).",
    examples: ["rivals", "rivals --data mnist/", "rivals --data digits --seeds 12"],
    load: async () => (await import("./rivals/command.js")).rivalsCommand,
  },
  {
    name: "framework",
    takes: "[data]",
    description:
      "Study how sharp minima of convolutional networks are, in every sense (minutes on the digits, hours on MNIST).",
    examples: ["framework", "framework --data mnist/", "framework --plan my-plan.yaml"],
    load: async () => (await import("./framework/command.js")).frameworkCommand,
    chapter: () => import("./framework/chapter.js"),
  },
];
