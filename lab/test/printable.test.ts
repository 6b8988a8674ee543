import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../src/printable.js";

describe("printable text", () => {
  it.each([
    ["plain", "Iris, ±3 µm, 日本, 🙂", "Iris, ±3 µm, 日本, 🙂"],
    ["escape and bell", "\x1b[31mred\x07", "\\u001b[31mred\\u0007"],
    ["line ends and tabs", "a\r\n\tb", "a\\r\\n\\tb"],
    ["zero, delete and C1", "\0\x7f\x9b", "\\u0000\\u007f\\u009b"],
    ["line separators", "\u2028\u2029", "\\u2028\\u2029"],
    ["marks of direction", "\u202eabc\u2066", "\\u202eabc\\u2066"],
    ["marks beyond the first plane", "a\u{e0041}0", "a\\udb40\\udc410"],
    ["half a pair", "a\ud83d", "a\\ud83d"],
  ])("%s", (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("is cut, never inside a sign", () => {
    expect(printable("x".repeat(80))).toBe("x".repeat(80));
    expect(printable("x".repeat(2_000_000))).toBe(`${"x".repeat(80)}…`);
    expect(printable("🙂🙂🙂", 3)).toBe("🙂…");
    expect(printable("ab\x1b", 4)).toBe("ab…");
  });

  it("has one line without controls, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(shown.length).toBeLessThanOrEqual(81);
      }),
    );
  });
});
