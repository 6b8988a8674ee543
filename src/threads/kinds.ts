/** What the pieces of a job are. */
export const Kind = { panel: 0, reduction: 1, tiles: 2, slabs: 3 } as const;

/** The number of the thread that publishes jobs. */
export const OWN = 0;
