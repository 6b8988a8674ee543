/** From low to high, as light as a page to as deep as dark lines can still be seen on; one lightness step after another. */
export const ramp = ["#fffbe6", "#fee9a8", "#fdc878", "#f79d5b", "#e66f5a", "#c74a6b", "#963579"] as const;
/** Lines and letters on it, on dark pages too. */
export const ON_RAMP = "#1d2329";
export const HALO = "#ffffff";
/** Paths and points on it. */
export const PATH = "#123c9c";
