import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { GRID } from "../engine/grid.js";
import type { ProblemFacts } from "../engine/problem.js";
import { problem, regions, shownPair, titles, type Which } from "../state/state.js";
import { percent } from "../text/numbers.js";
import { classColor, css, mixed, type Rgb, rgb } from "./colors.js";
import { type Context, Plot, type Size } from "./plot.js";
import { regionPicture } from "./region-picture.js";
import { placer, trace } from "./trace.js";

/** Which class a network predicts where, and the training samples. */
export function Regions({ which }: { readonly which: Which }): JSX.Element {
  const image = useMemo(() => document.createElement("canvas"), []);
  const snapshot = shownPair.value?.[which];
  const label = `Decision regions of ${titles.value[which]}${snapshot === undefined ? "" : `: ${percent(snapshot.accuracy)} of fresh samples right`}`;
  return (
    <Plot
      name="square"
      label={label}
      draw={(context, size, { paper, dark }) => {
        const facts = problem.value;
        const probabilities = regions.value[which];
        if (facts === undefined || probabilities === undefined) return;
        const picture = regionPicture(probabilities, facts.classes.length, GRID, rgb(paper));
        image.width = GRID[0];
        image.height = GRID[1];
        image.getContext("2d")?.putImageData(new ImageData(picture.pixels as never, ...GRID), 0, 0);
        context.imageSmoothingQuality = "high";
        // The outermost half pixels lie beyond the edge.
        context.drawImage(image, 0.5, 0.5, GRID[0] - 1, GRID[1] - 1, 0, 0, size.width, size.height);
        context.lineWidth = 1.5;
        context.strokeStyle = dark ? "rgb(255 255 255 / .75)" : "rgb(29 35 41 / .6)";
        const place = placer(GRID, size, false);
        for (const border of picture.borders) {
          trace(context, border, place);
          context.stroke();
        }
        drawSamples(context, size, facts, dark);
      }}
    />
  );
}

function drawSamples(context: Context, size: Size, facts: ProblemFacts, dark: boolean): void {
  const { places, y, wrong, view } = facts;
  // Away from the colour of the region.
  const [apart, share]: [Rgb, number] = dark ? [[255, 255, 255], 0.3] : [[16, 20, 24], 0.42];
  const radius = Math.max(2.6, Math.min(3.6, size.width / 110));
  y.forEach((label, i) => {
    const a = (1 + (places[2 * i] - view.middle[0]) / view.half[0]) * 0.5 * size.width;
    const b = (1 - (places[2 * i + 1] - view.middle[1]) / view.half[1]) * 0.5 * size.height;
    if (wrong[i]) {
      context.beginPath();
      context.arc(a, b, radius + 3.2, 0, 2 * Math.PI);
      context.lineWidth = 1.5;
      context.strokeStyle = dark ? "#fff" : "#1d2329";
      context.stroke();
    }
    shape(context, label, a, b, radius);
    context.fillStyle = css(mixed(classColor(label), apart, share));
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = dark ? "#14181c" : "#fff";
    context.stroke();
  });
}

/** A square, a disc, a triangle or a diamond by the class. */
function shape(context: Context, label: number, a: number, b: number, radius: number): void {
  context.beginPath();
  const sides = [4, 0, 3, 4][label % 4];
  if (sides === 0) {
    context.arc(a, b, radius, 0, 2 * Math.PI);
    return;
  }
  const turn = label % 4 === 0 ? Math.PI / 4 : -Math.PI / 2;
  for (let i = 0; i < sides; i++) {
    const angle = turn + (2 * Math.PI * i) / sides;
    const reach = radius * 1.25;
    context.lineTo(a + reach * Math.cos(angle), b + reach * Math.sin(angle));
  }
  context.closePath();
}
