import type { ComponentChildren, JSX } from "preact";
import type { Snapshot } from "../engine/api.js";
import { onPlane } from "../state/plane.js";
import { landscape, problem, shown, shownPair, snapshots, titles, type Which } from "../state/state.js";
import { number, percent } from "../text/numbers.js";
import type { Quantity } from "./curves.js";

/** The numbers of a figure. */
export interface FigureTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function Table({ caption, head, rows }: FigureTable): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <Row cell="col" cells={head} />
        </thead>
        <tbody>
          {rows.map((cells) => (
            <Row key={cells[0]} cells={cells} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ cells, cell }: { readonly cells: readonly string[]; readonly cell?: "col" }): JSX.Element {
  const header = (text: ComponentChildren, i: number) => (
    <th key={i} scope={cell ?? "row"}>
      {text}
    </th>
  );
  return <tr>{cells.map((text, i) => (cell || i === 0 ? header(text, i) : <td key={i}>{text}</td>))}</tr>;
}

/** At most so many of the snapshots up to the one that is shown, evenly. */
function someSnapshots(most = 31): (readonly [Snapshot, Snapshot])[] {
  const end = shown.value;
  const [plain, other] = snapshots.value;
  const count = Math.min(most, end + 1);
  return Array.from({ length: count }, (_, i) => {
    const index = Math.round((i * end) / Math.max(1, count - 1));
    return [plain[index], other[index]];
  });
}

export function regionsTable(which: Which): FigureTable {
  const snapshot = shownPair.value?.[which];
  const facts = problem.value;
  const title = titles.value[which];
  return {
    caption: `What ${title} gets right`,
    head: ["quantity", title],
    rows:
      snapshot === undefined || facts === undefined
        ? []
        : [
            ["fresh samples right", percent(snapshot.accuracy)],
            ["training loss", number(snapshot.loss)],
            ["training samples", `${facts.y.length}`],
            ["with a wrong label", `${facts.wrong.filter(Boolean).length}`],
          ],
  };
}

export function sliceTable(): FigureTable {
  const plane = landscape.value?.plane;
  return {
    caption: "Both paths: where they are on the plane, and their loss",
    head: ["step", ...titles.value.flatMap((title) => [`${title}: place`, "loss"])],
    rows:
      plane === undefined
        ? []
        : someSnapshots().map((pair) => [
            `${pair[0].step}`,
            ...pair.flatMap(({ theta, loss }) => [
              onPlane(plane, theta)
                .map((x) => number(x))
                .join(", "),
              number(loss),
            ]),
          ]),
  };
}

export function spectraTable(): FigureTable {
  const pair = shownPair.value;
  const count = pair?.[0].values.length ?? 0;
  return {
    caption: "Every eigenvalue, the largest first, below the bound on it",
    head: ["eigenvalue", ...titles.value],
    rows:
      pair === undefined
        ? []
        : [
            ["bound", ...pair.map(({ bound }) => number(bound))],
            ...Array.from({ length: count }, (_, i) => [
              `λ${i + 1}`,
              ...pair.map(({ values }) => number(values[count - 1 - i])),
            ]),
          ],
  };
}

export function curvesTable({ name, of, dashed }: Quantity): FigureTable {
  return {
    caption: name,
    head: ["step", ...titles.value.flatMap((title) => (dashed ? [title, "its bound"] : [title]))],
    rows: someSnapshots().map((pair) => [
      `${pair[0].step}`,
      ...pair.flatMap((each) => [number(of(each)), ...(dashed ? [number(dashed(each))] : [])]),
    ]),
  };
}
