import { join } from "node:path";
import { z } from "zod";
import { engine, hashOf } from "../../experiment/provenance.js";
import { prepareFolder, removeLeftovers } from "../../files.js";
import { strict } from "../../schema.js";
import { readHashed, writeHashed } from "../../sweep/hashed-file.js";
import type { Numbers, Question } from "./question.js";

/** What is measured at once: one question, on one kind of data, with one seed. */
export interface Unit {
  readonly question: Question;
  readonly data: string;
  readonly seed: number;
}

const FORMAT = "flatward-influence-unit/1";

/** The finished units in a folder, one file each. */
export interface UnitStore {
  /** Nothing where it is not there, damaged, or of other code or settings. */
  read(unit: Unit): Numbers | undefined;
  /** @throws LabError "file" */
  write(unit: Unit, numbers: Numbers): void;
}

/** Makes the folder, and removes what killed processes left half-written. @throws LabError "file" */
export function unitStoreIn(folder: string): UnitStore {
  const units = join(folder, "units");
  prepareFolder(units);
  removeLeftovers(units);
  const path = ({ question, data, seed }: Unit) => join(units, `${question.name}-${data}-${seed}.json`);
  return {
    read(unit) {
      const found = readHashed(path(unit), schemaOf(unit));
      return typeof found === "string" ? undefined : found.numbers;
    },
    write: (unit, numbers) => writeHashed(path(unit), { ...identityOf(unit), numbers }),
  };
}

function identityOf({ question, data, seed }: Unit) {
  const settings = hashOf(question.settings);
  return { format: FORMAT, engine: engine(), question: question.name, settings, data, seed };
}

function schemaOf(unit: Unit) {
  const { format, engine, question, settings, data, seed } = identityOf(unit);
  return strict({
    format: z.literal(format),
    engine: z.literal(engine),
    question: z.literal(question),
    settings: z.literal(settings),
    data: z.literal(data),
    seed: z.literal(seed),
    numbers: z.record(z.string(), z.number()),
    sha256: z.string(),
  });
}
