import { z } from "zod";
import { copiesOf } from "../data/sources.js";
import { pathName, schemaIssues, strict } from "../schema.js";
import { cellId, cellSchema, dataSchema } from "../sweep/manifest.js";
import { MAX_BYTES, publishedFileSchema } from "./published.js";
import { Refusal } from "./refusal.js";

/** Characters of a job as JSON: networks, settings and names of classes stay far below. */
const MAX_CHARACTERS = 1024 * 1024;

const jobSchema = strict({
  cell: cellSchema,
  data: dataSchema,
  /** Of the data, published beside the queue; none where they are generated, shipped, or too large. */
  files: z.array(publishedFileSchema),
});

/** What a job carries. */
export type CellJob = z.infer<typeof jobSchema>;

/**
 * A job as it came from the queue, where anybody who reaches the server may have put it.
 * @param id by which the queue knows it
 * @throws Refusal when it is not a cell of this engine with the identity that it is known by
 */
export function parseJob(id: string | undefined, content: unknown, engine: string): CellJob {
  const refuse = (why: string) => new Refusal(`no job of this flatward: ${why}`);
  let parsed: ReturnType<typeof jobSchema.safeParse>;
  try {
    if (JSON.stringify(content).length > MAX_CHARACTERS) throw refuse("it is larger than 1 MB");
    parsed = jobSchema.safeParse(content);
  } catch (error) {
    // Nested beyond what the stack holds.
    throw error instanceof RangeError ? refuse("it is nested too deeply") : error;
  }
  if (!parsed.success) {
    const [{ path, message }] = schemaIssues(parsed.error);
    throw refuse(`${pathName(path)}: ${message}`);
  }
  const job = parsed.data;
  const { cell, data, files } = job;
  if (cell.id !== id || cell.id !== cellId(engine, data, cell.config))
    throw refuse("its identity is not that of its cell");
  const copies = copiesOf(data.source);
  if (files.length > copies.length || (copies.length > 1 && files.length % 2 === 1))
    throw refuse(`files: ${data.source.name} has no ${files.length}`);
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES)
    throw refuse("files: they have more than 512 MB together");
  return job;
}
