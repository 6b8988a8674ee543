/** Entries in the upper triangle of an n×n matrix, its diagonal included. */
export function triangle(n: number): number {
  return (n * (n + 1)) / 2;
}
