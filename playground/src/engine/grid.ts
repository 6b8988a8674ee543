/** Columns and rows of the grid that decision regions are computed on. */
export const GRID = [56, 48] as const;
