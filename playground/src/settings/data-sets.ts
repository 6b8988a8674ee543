/** What the page can train on. */
export interface DataSet {
  readonly title: string;
  /** As `flatward compare` takes it. */
  readonly source: string;
  /** Where the page does not train on all that the command trains on. */
  readonly note?: string;
  /** Share of the samples that is held out to test on. */
  readonly testFraction: number;
  /** That are taken, where the usual number takes too long. */
  readonly steps?: number;
}

/** Two classes of 250 samples: 100 to train on, 150 to test on. */
const drawn = { testFraction: 0.6 };

export const dataSets = {
  moons: { title: "two moons", source: "{ name: moons, samples: 250, noise: 0.2 }", ...drawn },
  circles: { title: "circles", source: "{ name: circles, samples: 250, noise: 0.1 }", ...drawn },
  spirals: { title: "spirals", source: "{ name: spirals, samples: 250, noise: 0.03 }", ...drawn },
  blobs: { title: "blobs", source: "{ name: blobs, samples: 250, spread: 0.4 }", ...drawn },
  iris: { title: "Iris", source: "iris", testFraction: 0.25 },
  digits: {
    title: "digits",
    source: "digits",
    note: "The page takes 200 of the pictures, shrunk to 4 × 4; the command takes them all as they are.",
    testFraction: 0.5,
    steps: 600,
  },
  csv: { title: "your CSV file", source: "", testFraction: 0.25 },
} as const satisfies Record<string, DataSet>;

export type DataName = keyof typeof dataSets;
export const dataNames = Object.keys(dataSets) as DataName[];
