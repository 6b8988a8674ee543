import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LabError } from "../../src/errors.js";
import { parseDescription, readPlan } from "../../src/sweep/description.js";
import { scratch } from "../support/run.js";

const rest = `network: { hidden: 2 }
methods: [{ name: gradient-descent, learningRate: 0.1 }]
training: { steps: 5 }
seeds: [1]
`;

/** The message of a refusal; fails when there is none, or another error. */
function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: "usage", exitCode: 2 });
    return (error as LabError).message;
  }
  throw new Error("it was taken for a plan");
}

const refusalOf = (text: string) => refusal(() => parseDescription(text, "plan.yaml"));

/** So that the square of it takes long, and the text is not too long itself. */
const many = 20_000;
const distinct = (make: (i: number) => string) => Array.from({ length: many }, (_, i) => make(i));

describe("the text of a plan", () => {
  const deep = /plan\.yaml: expected at most 64 lists and objects inside of each other, got more/;
  it.each([
    ["lists", `data: ${"[".repeat(100_000)}\n`],
    ["lists that end", `data: ${"[".repeat(65)}${"]".repeat(65)}\n${rest}`],
    ["objects that end", `data: ${"{ a: ".repeat(65)}1${"}".repeat(65)}\n${rest}`],
    ["lists in JSON", `{"data":${"[".repeat(5000)}${"]".repeat(5000)}}`],
    ["lists without brackets", `data:\n  ${"- ".repeat(50_000)}1\n`],
    ["keys without brackets", `data: 1\n${"? ".repeat(50_000)}\n`],
    ["objects in JSON", `${'{"data":'.repeat(20_000)}1${"}".repeat(20_000)}`],
  ])("is not nested deeply: %s", (_, text) => {
    expect(refusalOf(text)).toMatch(deep);
  });

  it("is nested as deeply as networks may be", () => {
    const layers = `${"[{ kind: residual, layers: ".repeat(16)}[{ kind: tanh }]${"}]".repeat(16)}`;
    const text = `data: iris\n${rest.replace("{ hidden: 2 }", `{ kind: sequential, layers: ${layers} }`)}`;
    expect(parseDescription(text, "plan.yaml").seeds).toEqual([1]);
  });

  it("shows what is not visible", () => {
    expect(refusalOf(`data: "iris\\0"\n${rest}`)).toContain('"iris\\u0000"; did you mean "iris"?');
    expect(refusalOf(`data: iris\n"a\\e[2J": 1\n${rest}`)).toContain("a\\u001b[2J: there is no key");
    expect(refusalOf(`data: iris\nmeasures: ["\\a"]\n${rest}`)).toContain('there is no measure "\\u0007"');
    const named = '{ kind: sequential, name: "\\e[2J", layers: [{ kind: dense }] }';
    expect(refusalOf(`data: iris\n${rest.replace("{ hidden: 2 }", named)}`)).toContain(
      "network.name: it has characters that are not visible",
    );
    expect(refusalOf(`data: *\x1b[2J\n${rest}`)).toMatch(/^[^\p{Cc}]*$/u);
  });

  it("is cut where it is long", () => {
    const long = "x".repeat(200_000);
    expect(refusalOf(`data: ${long}\n${rest}`)).toMatch(/data source "x{80}…"/);
    expect(refusalOf(`data: iris\n${long}: 1\n${rest}`).length).toBeLessThan(500);
    expect(refusalOf(`data: iris\nmeasures: [${long}, ${long.slice(1)}]\n${rest}`).length).toBeLessThan(2000);
    const labels = [long.slice(0, 100_000), long.slice(0, 100_000)];
    expect(refusalOf(`data: { name: iris, label: [${labels}] }\n${rest}`)).toMatch(/x{79}… is given twice/);
  });

  it("has only so many of its faults listed", () => {
    const message = refusalOf(`data: iris\n${distinct((i) => `k${i}: 1`).join("\n")}\n${rest}`);
    expect(message).toContain("(line 2): k0: there is no key");
    expect(message).toContain(`and ${many - 20} more`);
    expect(message.split("\n")).toHaveLength(21);
  });

  it("has only so many aliases", () => {
    const aliased = (count: number) =>
      `data: iris\n${rest.replace("seeds: [1]", `seeds: [&a 1]\nmeasures: [${"*a, ".repeat(count)}]`)}`;
    expect(refusalOf(aliased(101))).toMatch(/expected at most 100 aliases, got more at line 6, column/);
    expect(refusalOf(aliased(99))).toMatch(/measures\[0\]: expected a name/);
  });

  it("is not larger than people write", () => {
    expect(refusalOf(`# ${"x".repeat(2 ** 18)}\ndata: iris\n${rest}`)).toMatch(
      /expected at most 262144 characters, got 262\d{3}; write seeds/,
    );
  });

  it.each([
    ["keys", distinct((i) => `k${i}: 1`).join("\n")],
    ["errors", '"'.repeat(10 * many)],
    ["wrong seeds", `data: iris\n${rest.replace("[1]", `[${"a,".repeat(128_000)}]`)}`],
  ])("is refused in one go: many %s", { timeout: 15_000 }, (_, text) => {
    expect(refusalOf(text).length).toBeLessThan(5000);
  });

  it("is text in UTF-8", () => {
    const path = join(scratch(), "plan.yaml");
    const read = (bytes: Uint8Array) => {
      writeFileSync(path, bytes);
      return refusal(() => readPlan(path));
    };
    expect(read(Buffer.from(`data: iris\0\n${rest}`))).toMatch(/got zero bytes, which no text has/);
    expect(read(Buffer.from(`data: iris # \xe9\n${rest}`, "latin1"))).toMatch(/got another encoding/);
  });
});
