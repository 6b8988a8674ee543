// tanh and its derivative, two numbers at a time: what src/nn/dense/jets.ts and `decay` of src/tensor/exponential.ts compute,
// operation by operation, so that the bits are theirs.

const NUMBER: usize = 8;
/** Bytes of the numbers that there is room for, as src/tensor/wasm-tanh.ts knows. */
const ROOM: usize = 2048 * NUMBER;

/** Address of z, which tanh replaces; its derivative comes behind it. */
export const z: usize = memory.data(2 * 2048 * 8, 16);

/** Constants; code that holds them is longer, and slower. */
const numbers: usize = memory.data<f64>(
  [
    1,
    2,
    746,
    Math.LOG2E,
    6755399441055744,
    0.6931471805582987,
    1.6465949582897082e-12,
    2.510038549551032e-8,
    2.7557268459997064e-6,
    0.00019841269863053618,
    0.008333333333330062,
    0.16666666666666669,
    2.0911236630261545e-9,
    2.755728296954995e-7,
    2.4801587317144498e-5,
    0.0013888888888886552,
    0.041666666666666664,
    0.5,
    4,
  ],
  16,
);

function number(k: usize): v128 {
  return v128.load64_splat(numbers + k * NUMBER);
}

/** c_k + x·y. */
function plus(k: usize, x: v128, y: v128): v128 {
  return f64x2.add(number(k), f64x2.mul(x, y));
}

/** 2^(−n) for whole n ≤ 1022. */
function halves(n: v128): v128 {
  return i64x2.shl(i64x2.sub(i64x2.splat(1023), n), 52);
}

/** Of `count` numbers. */
export function tanh(count: usize): void {
  const end = z + count * NUMBER;
  for (let at = z; at < end; at += 2 * NUMBER) {
    const point = v128.load(at);
    const near = f64x2.pmin(f64x2.mul(number(1), f64x2.abs(point)), number(2));
    const shifted = plus(4, near, number(3));
    const n = f64x2.sub(shifted, number(4));
    const r = f64x2.add(f64x2.sub(f64x2.mul(n, number(5)), near), f64x2.mul(n, number(6)));
    const square = f64x2.mul(r, r);
    const even = plus(11, square, plus(10, square, plus(9, square, plus(8, square, number(7)))));
    const odd = plus(16, square, plus(15, square, plus(14, square, plus(13, square, number(12)))));
    const inner = plus(17, r, f64x2.add(even, f64x2.mul(r, odd)));
    const growth = f64x2.add(r, f64x2.mul(square, inner));
    // n stands in the last bits; in two halves, where 2^(−n) may be too small for one.
    const whole = v128.and(shifted, i64x2.splat(0xfff));
    const half = i64x2.shr_u(whole, 1);
    const scale = f64x2.mul(halves(half), halves(i64x2.sub(whole, half)));
    const grown = f64x2.mul(scale, growth);
    const q = f64x2.add(scale, grown);
    const rest = f64x2.sub(f64x2.sub(number(0), scale), grown);
    const sum = f64x2.add(number(0), q);
    const negative = f64x2.lt(point, f64x2.splat(0));
    const t = f64x2.div(v128.bitselect(f64x2.neg(rest), rest, negative), sum);
    v128.store(at, t);
    v128.store(at + ROOM, f64x2.div(f64x2.mul(number(18), q), f64x2.mul(sum, sum)));
  }
}
