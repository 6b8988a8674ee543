import type { CommandEntry } from "../studies/study.js";

/** Commands that are no study. */
export const compare: CommandEntry = {
  name: "compare",
  takes: "[data]",
  description:
    "Train one network with several methods, from the same starting points, and compare how flat their minima are.",
  examples: [
    "compare my.csv --label kind",
    "compare --data digits --hidden 32,32 --seeds 10",
    "compare --methods gradient-descent,sam,hsr --budget time",
  ],
  load: async () => (await import("./compare.js")).compareCommand,
};

export const methods: CommandEntry = {
  name: "methods",
  takes: "",
  description: "List the methods that compare and plans can name, with what is usual for each.",
  examples: [],
  load: async () => (await import("./methods.js")).methodsCommand,
};

export const playground: CommandEntry = {
  name: "playground",
  takes: "",
  description: "Watch gradient descent and HSR side by side in your browser.",
  examples: ["playground --no-open"],
  load: async () => (await import("./playground.js")).playgroundCommand,
};

/** What plans of many trainings take. */
export const sweeping: readonly CommandEntry[] = [
  {
    name: "sweep",
    takes: "<plan>",
    description:
      "Run a grid of experiments: every cell that is not done yet. Stop it when you like: the same command goes on.",
    examples: ["sweep plan.yaml --dry-run", "sweep plan.yaml --workers 4", "sweep plan.yaml --retry-failed"],
    load: async () => (await import("./sweep.js")).sweepCommand,
  },
  {
    name: "status",
    takes: "<folder>",
    description: "Show the progress of a sweep: also while it runs, here or elsewhere.",
    examples: ["status results/my-plan", "status results/my-plan --json"],
    load: async () => (await import("./status.js")).statusCommand,
  },
  {
    name: "report",
    takes: "<folder>",
    description: "Write a sweep's report from what is done so far: also while it runs.",
    examples: ["report results/my-plan", "report results/my-plan --full"],
    load: async () => (await import("./report.js")).reportCommand,
  },
  {
    name: "run",
    takes: "",
    description:
      "Run single cells of a sweep, as job arrays and other engines do. Finished cells are not run again; failed ones are.",
    examples: ["run --of plan.yaml --index 0-9", "run --of results/my-plan --cell 3f2a --json"],
    load: async () => (await import("./run.js")).runCommand,
  },
  {
    name: "export",
    takes: "<engine> <plan>",
    description:
      "Write what another engine needs to run a sweep: a Slurm job array, GNU parallel, a Kubernetes job.",
    examples: [
      "export slurm plan.yaml --cells-per-task 8 --time 02:00:00",
      "export parallel plan.yaml",
      "export kubernetes plan.yaml --image flatward:latest",
    ],
    load: async () => (await import("./export.js")).exportCommand,
  },
  {
    name: "worker",
    takes: "",
    description:
      "Compute cells for sweeps that run with --redis. Start and stop as many as you like, anywhere.",
    examples: ["worker --redis redis://host:6379 --workers 4"],
    load: async () => (await import("./worker.js")).workerCommand,
  },
  {
    name: "schema",
    takes: "",
    description: "Print the JSON schema of plans, for editors.",
    examples: [],
    load: async () => (await import("./schema.js")).schemaCommand,
  },
];
