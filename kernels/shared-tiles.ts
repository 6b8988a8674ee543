// The tiles of a matrix in memory that threads share.

export { addTileProduct, sweepPanel } from "./tiles";
