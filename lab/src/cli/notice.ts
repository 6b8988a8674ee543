import type { Manifest } from "../sweep/manifest.js";
import type { Store } from "../sweep/store.js";

/** Results of the folder that are looked at to say whose they are. */
const MOST_EXAMINED = 200;

/** What else lies in the folder, and why it is not used. */
export function noticeOfOthers(manifest: Manifest, store: Store): string | undefined {
  const planned = new Set(manifest.cells.map(({ id }) => id));
  const others = store.recorded().filter((id) => !planned.has(id));
  if (others.length === 0) return undefined;
  const results = `${others.length} other ${others.length === 1 ? "result" : "results"}`;
  const engines = new Set(others.slice(0, MOST_EXAMINED).map((id) => store.record(id)?.engine));
  const foreign = [...engines].filter((one) => one !== undefined && one !== manifest.engine);
  return foreign.length > 0
    ? `The folder has ${results}, of flatward ${foreign.join(", ")}. This is ${manifest.engine}, whose bits may differ: they are kept, and not used.`
    : `The folder has ${results}, of other plans; they are kept.`;
}
