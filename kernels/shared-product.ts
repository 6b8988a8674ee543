// Products of packed panels in memory that threads share.

export { a, b, lines, multiply, pack, packProducts, unpacked } from "./product";

/** An address, with room for the sums of a whole block; behind it every other thread has as much. */
export const sums: usize = memory.data(8 * 128 * 528, 16);
