// What an engine that compiles this can do: vectors of two doubles.

export function sum(a: f64, b: f64): f64 {
  const both = f64x2.add(f64x2.splat(a), f64x2.splat(b));
  return f64x2.extract_lane(both, 1);
}
