/** Pictures of 4×4 pixels, as the build writes them (a character a pixel, "0" for 0, and the digit), as CSV. */
export function digitsTable(pictures: string): string {
  const header = Array.from({ length: 16 }, (_, i) => `p${i >> 2}${i & 3}`);
  const rows = pictures
    .split("\n")
    .map((picture) => [...picture].map((pixel, i) => (i < 16 ? pixel.charCodeAt(0) - 48 : pixel)));
  return [[...header, "digit"], ...rows].map((cells) => cells.join(",")).join("\n");
}
