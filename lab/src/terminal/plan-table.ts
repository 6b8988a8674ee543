import pc from "picocolors";
import { stepsOf } from "../experiment/config.js";
import { networkName, networkText } from "../experiment/network/text.js";
import { problemsOf } from "../sweep/groups.js";
import type { Manifest } from "../sweep/manifest.js";
import type { CellState, Store } from "../sweep/store.js";
import { plainTable } from "./table.js";

/** What a manifest holds, and how far it has come. */
export function renderPlan(manifest: Manifest, store: Store): string {
  const problems = problemsOf(manifest);
  const states = manifest.cells.map(({ id }) => store.state(id).state);
  const rows = problems.flatMap(({ label, data, network, training, groups }) =>
    groups.map((group) => [
      label === "" ? data.name : label,
      networkName(network) ?? networkText(network, data),
      `${group.method.steps ?? training.steps}`,
      group.label,
      `${group.cells.length}`,
      `${group.cells.filter((index) => states[index] === "done").length}`,
    ]),
  );
  const heads = ["problem", "network", "steps", "method", "seeds", "done"];
  const steps = manifest.cells.reduce((sum, { config }) => sum + stepsOf(config), 0);
  return [
    plainTable(heads, ["left", "left", "right", "left", "right", "right"], rows),
    `${manifest.cells.length} cells, ${steps.toLocaleString("en-US")} training steps in all; ${countsLine(countStates(states))}`,
    `results in ${store.folder}`,
  ].join("\n");
}

export type Counts = Readonly<Record<CellState["state"], number>>;

/** How many cells are in which state. */
export function countStates(states: readonly CellState["state"][]): Counts {
  const counts = { planned: 0, running: 0, done: 0, failed: 0 };
  for (const state of states) counts[state]++;
  return counts;
}

export function countsLine({ planned, running, done, failed }: Counts): string {
  return [
    pc.green(`${done} done`),
    ...(running > 0 ? [pc.cyan(`${running} running`)] : []),
    ...(failed > 0 ? [pc.red(`${failed} failed`)] : []),
    `${planned} to run`,
  ].join(", ");
}
