import { type DecimalSign, decimalValue, isDecimal } from "./csv-number.js";

/** What other programs write where there is no value, in small letters. */
const usual = new Set([
  ...["?", "na", "n/a", "#n/a", "nan", "null", "<na>", "nat", "none", ".", "-", "--"],
  ...["#value!", "#div/0!", "#ref!", "#num!", "#name?", "#null!"],
]);
/** Of these, what may be the name of a class. */
const names = new Set(["none", ".", "-", "--"]);

/** Which cells are gaps. */
export interface Gaps {
  /** @param text without blanks around it */
  inFeature(text: string): boolean;
  inLabel(text: string): boolean;
}

/**
 * An empty cell is always a gap.
 * @param wanted what stands for one beside it, in the place of what other programs write; numbers by their value
 */
export function gapsOf(wanted: readonly string[] | undefined, sign: DecimalSign): Gaps {
  if (wanted === undefined) {
    const isUsual = (text: string) => text.length < 9 && usual.has(text.toLowerCase());
    return {
      inFeature: (text) => text === "" || isUsual(text),
      inLabel: (text) => text === "" || (isUsual(text) && !names.has(text.toLowerCase())),
    };
  }
  const texts = new Set(wanted);
  const values = new Set(
    wanted.filter((text) => isDecimal(text, sign)).map((text) => decimalValue(text, sign)),
  );
  const isGap = (text: string) =>
    text === "" ||
    texts.has(text) ||
    (values.size > 0 && isDecimal(text, sign) && values.has(decimalValue(text, sign)));
  return { inFeature: isGap, inLabel: isGap };
}
