import { type Command, InvalidArgumentError } from "commander";

/** A parser of numeric options with a range; its message completes commander's own. */
export function number({
  atLeast = Number.NEGATIVE_INFINITY,
  above = Number.NEGATIVE_INFINITY,
  below = Number.POSITIVE_INFINITY,
} = {}) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && value >= atLeast && value > above && value < below) return value;
    const limits = [
      Number.isFinite(atLeast) ? `≥ ${atLeast}` : "",
      Number.isFinite(above) ? `> ${above}` : "",
      Number.isFinite(below) ? `< ${below}` : "",
    ].filter(Boolean);
    throw new InvalidArgumentError(
      `It must be a number${limits.length > 0 ? ` ${limits.join(" and ")}` : ""}.`,
    );
  };
}

/** A parser of whole-number options. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const limit = value > most ? ` and ≤ ${most}` : "";
    throw new InvalidArgumentError(`It must be a whole number ≥ ${least}${limit}.`);
  };
}

/** A parser of comma-separated lists. */
export function listOf<Value>(parse: (text: string) => Value) {
  return (text: string): Value[] => text.split(",").map((part) => parse(part));
}

/** The same, where one entry stands for itself. */
export function oneOrMore<Value>(parse: (text: string) => Value) {
  return (text: string): Value | Value[] => {
    const values = listOf(parse)(text);
    return values.length === 1 ? values[0] : values;
  };
}

/** Whether the user has written an option. */
export function isGiven(command: Command, name: string): boolean {
  return command.getOptionValueSource(name) === "cli";
}

/** `learningRate` → `--learning-rate`. */
export function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
