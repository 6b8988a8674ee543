import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { Controls } from "./controls/controls.js";
import { dragging } from "./controls/drop.js";
import { Presets } from "./controls/presets.js";
import { Timeline } from "./controls/timeline.js";
import { Curves, lambdaMax, trainingLoss } from "./panels/curves.js";
import { Regions } from "./panels/regions.js";
import { Slice } from "./panels/slice.js";
import { pointedText, Spectra } from "./panels/spectra.js";
import {
  curvesTable,
  type FigureTable,
  regionsTable,
  sliceTable,
  spectraTable,
  Table,
} from "./panels/tables.js";
import { both, cursor, fault, finished, problem, settings, shownPair, titles } from "./state/state.js";
import { finding, type Piece, plainText } from "./text/finding.js";
import { percent } from "./text/numbers.js";

export function App(): JSX.Element {
  return (
    <>
      <header>
        <h1>How sharp is the minimum?</h1>
        <Controls />
      </header>
      <main>
        <Presets />
        <Finding />
        <Timeline />
        <div class="row three">
          {both.map((which) => (
            <Figure key={which} title={<Named which={which} />} table={() => regionsTable(which)}>
              <Regions which={which} />
              <p class="caption">{which === 0 ? marks() : accuracies()}</p>
            </Figure>
          ))}
          <Figure title="Both paths, over the loss" table={sliceTable}>
            <Slice />
            <p class="caption">On the plane through the start and both ends; pale is low.</p>
          </Figure>
        </div>
        <Figure title="Every eigenvalue of the Hessian" table={spectraTable}>
          <Spectra />
          <p class="caption">{pointedText() ?? <SpectraKey />}</p>
        </Figure>
        <div class="row two">
          <Figure title={<>{Lambda}, under its bound (dashed)</>} table={() => curvesTable(lambdaMax)}>
            <Curves quantity={lambdaMax} />
          </Figure>
          <Figure title="Training loss" table={() => curvesTable(trainingLoss)}>
            <Curves quantity={trainingLoss} />
          </Figure>
        </div>
      </main>
      <footer>
        Everything is computed on this page, by <b>flatward</b>, in double precision: the Hessian and all its
        eigenvalues at every point of both curves.
      </footer>
      <p class="quiet" role="status">
        {finished.value && cursor.value === undefined ? plainText(sentence() ?? []) : ""}
      </p>
      {dragging.value && <div class="drop">Drop a CSV file: numbers, and a label in the last column</div>}
    </>
  );
}

const Lambda = (
  <>
    λ<sub>max</sub>
  </>
);

function sentence(): readonly Piece[] | undefined {
  const pair = shownPair.value;
  if (pair === undefined || problem.value === undefined) return undefined;
  return finding(settings.value, pair, problem.value.testSamples);
}

function Finding(): JSX.Element {
  if (fault.value !== undefined)
    return (
      <p class="finding fault" role="alert">
        {fault.value}
      </p>
    );
  return (
    <p class="finding">
      {(sentence() ?? ["One moment …"]).map((piece, i) =>
        typeof piece === "string" ? (
          piece
        ) : "strong" in piece ? (
          <b key={i}>{piece.strong}</b>
        ) : (
          <span key={i}>{Lambda}</span>
        ),
      )}
    </p>
  );
}

function Named({ which }: { readonly which: 0 | 1 }): JSX.Element {
  return (
    <>
      <i class={`key ${which === 0 ? "plain" : settings.value.method}`} />
      {titles.value[which]}
    </>
  );
}

/** What the marks of samples mean. */
function marks(): string {
  const facts = problem.value;
  const ringed = facts?.wrong.some(Boolean) ? " A ring: its label is wrong." : "";
  return `Marks: the samples trained on.${ringed}${(facts?.features.length ?? 2) > 2 ? " Along two principal components." : ""}`;
}

function accuracies(): string {
  const pair = shownPair.value;
  return pair === undefined
    ? ""
    : `Of fresh samples, ${pair.map(({ accuracy }) => percent(accuracy)).join(" and ")} are told right.`;
}

function SpectraKey(): JSX.Element {
  return (
    <>
      Thick tick: the largest, {Lambda}. Diamond: its bound in closed form. Point at a tick to see its
      direction in the plane above.
    </>
  );
}

interface FigureProps {
  readonly title: ComponentChildren;
  readonly table: () => FigureTable;
  readonly children: ComponentChildren;
}

/** A figure, and its numbers on demand. */
function Figure({ title, table, children }: FigureProps): JSX.Element {
  const open = useSignal(false);
  return (
    <section class="figure">
      <div class="title">
        <h2>{title}</h2>
        <button
          type="button"
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          Table
        </button>
      </div>
      {children}
      {open.value && <Table {...table()} />}
    </section>
  );
}
