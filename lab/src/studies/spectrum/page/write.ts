import { join } from "node:path";
import { prepareFolder, writeAtomically } from "../../../files.js";
import { type Figure, figureOf } from "../../../report/figure.js";
import { formatNumber } from "../../../report/format.js";
import { spectrumRowsFigure } from "../../../report/spectrum-figure.js";
import { boundsFigure, hasRatios } from "./bounds-figure.js";
import { densityFigure } from "./density-figure.js";
import type { SpectrumDocument } from "./document.js";
import { type HessianMap, hessianFigure } from "./hessian-figure.js";
import { spectrumPage } from "./html.js";

export interface WrittenSpectrum {
  readonly json: string;
  readonly jsonPath: string;
  readonly pagePath: string;
}

/** Writes `spectrum.json` and `spectrum.html`. @param hessian of a small network @throws LabError "file" */
export async function writeSpectrum(
  document: SpectrumDocument,
  folder: string,
  hessian?: HessianMap,
): Promise<WrittenSpectrum> {
  prepareFolder(folder);
  const jsonPath = join(folder, "spectrum.json");
  const pagePath = join(folder, "spectrum.html");
  const json = `${JSON.stringify(document, null, 1)}\n`;
  writeAtomically(jsonPath, json);
  writeAtomically(pagePath, spectrumPage(document, await figuresOf(document, hessian)));
  return { json, jsonPath, pagePath };
}

async function figuresOf(
  { result, options }: SpectrumDocument,
  hessian: HessianMap | undefined,
): Promise<Figure[]> {
  const { dense, extremes, density, bounds, parameters } = result;
  const lanczos = [...extremes.smallest, ...extremes.largest].map(({ value }) => value);
  const known = dense?.eigenvalues ?? lanczos;
  const all = bounds?.bounds ?? [];
  const upper = all.map((bound) => bound.upper);
  const rows = [
    ...(dense
      ? [{ label: "all eigenvalues", color: "#2f6fd0", eigenvalues: dense.eigenvalues, bounds: upper }]
      : []),
    { label: "Lanczos", color: "#d55e00", eigenvalues: lanczos, bounds: dense ? [] : upper },
    { label: "SLQ nodes", color: "#8a8a8a", eigenvalues: density.nodes, bounds: [] },
  ];
  return Promise.all([
    figureOf(
      {
        name: "spectrum",
        title: "All eigenvalues that are known",
        caption: `${dense ? "Every eigenvalue of the dense Hessian, what Lanczos found of them at either end, and the nodes of the quadrature." : "What Lanczos found at either end, and the nodes of the quadrature."}${bounds ? " Diamonds: every upper bound on λ_max." : ""}`,
      },
      (room) => spectrumRowsFigure(rows, room),
    ),
    ...(hessian === undefined
      ? []
      : [
          figureOf(
            {
              name: "hessian",
              title: "The Hessian by its blocks",
              caption:
                "Every entry of H, parameters in their order: blue where positive, orange where negative, the deeper the larger (as its root). Lines part the weights and biases of layers.",
            },
            (room) => hessianFigure(hessian, room),
          ),
        ]),
    figureOf(
      {
        name: "density",
        title: "Spectral density",
        caption: `Spectral density by stochastic Lanczos quadrature (${options.probes} probes of ${options.lanczosSteps} steps), every eigenvalue smoothed by a Gaussian of standard deviation ${formatNumber(density.width)}. Band: ± 2 standard errors over the probes.${density.exact ? " Dashed: all eigenvalues, smoothed alike." : ""} Ticks: ${dense ? "the eigenvalues" : "the eigenvalues found by Lanczos"}.`,
      },
      (room) => densityFigure(density, known, parameters, room),
    ),
    ...(hasRatios(all)
      ? [
          figureOf(
            {
              name: "bounds",
              title: "Every bound on λ_max",
              caption:
                "Every bound on λ_max over λ_max: the nearer to the line the sharper. Lower bounds below a thousandth of λ_max are left out.",
            },
            (room) => boundsFigure(all, room),
          ),
        ]
      : []),
  ]);
}
