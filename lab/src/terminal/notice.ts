import { counted } from "../report/format.js";
import type { Manifest } from "../sweep/manifest.js";
import type { Store } from "../sweep/store.js";

/** Results of the folder that are read to find their versions. */
const MAX_EXAMINED = 200;
/** Names that are listed. */
const MAX_NAMED = 10;

/** The first of many names. */
export function shortList(names: readonly string[]): string {
  return `${names.slice(0, MAX_NAMED).join(", ")}${names.length > MAX_NAMED ? " …" : ""}`;
}

/**
 * The notice, once a command, of files that are there and do not fit; nothing where there are none.
 * @param what one of them is
 * @param outcome what happens to them
 */
export function damageNotice(
  names: readonly string[],
  what: string,
  folder: string,
  outcome: "computed again" | "left out",
): string {
  if (names.length === 0) return "";
  const are = names.length === 1 ? "is" : "are";
  const advice = outcome === "left out" ? "; flatward sweep computes what is missing" : "";
  return `flatward: ${counted(names.length, what)} in ${folder} ${are} damaged or of another version, and ${outcome}: ${shortList(names)}${advice}\n`;
}

/** What else lies in the folder, and why it is not used. */
export function noticeOfOthers(manifest: Manifest, store: Store): string | undefined {
  const planned = new Set(manifest.cells.map(({ id }) => id));
  const others = store.recorded().filter((id) => !planned.has(id));
  if (others.length === 0) return undefined;
  const results = `${others.length} other ${others.length === 1 ? "result" : "results"}`;
  const engines = new Set(others.slice(0, MAX_EXAMINED).map((id) => store.engineOf(id)));
  const otherEngines = [...engines].filter((one) => one !== undefined && one !== manifest.engine);
  return otherEngines.length > 0
    ? `The folder has ${results}, of flatward ${otherEngines.join(", ")}. This is ${manifest.engine}, whose bits may differ: they are kept, and not used.`
    : `The folder has ${results}, of other plans; they are kept.`;
}
