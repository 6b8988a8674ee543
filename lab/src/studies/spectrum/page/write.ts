import { join } from "node:path";
import { prepareFolder, writeAtomically } from "../../../files.js";
import { spectrumRowsFigure } from "../../../report/spectrum-figure.js";
import { boundsFigure } from "./bounds-figure.js";
import { densityFigure } from "./density-figure.js";
import type { SpectrumDocument } from "./document.js";
import { type SpectrumFigure, spectrumPage } from "./html.js";

export interface WrittenSpectrum {
  readonly json: string;
  readonly jsonPath: string;
  readonly pagePath: string;
}

/** Writes `spectrum.json` and `spectrum.html`. @throws LabError "file" */
export async function writeSpectrum(document: SpectrumDocument, folder: string): Promise<WrittenSpectrum> {
  prepareFolder(folder);
  const jsonPath = join(folder, "spectrum.json");
  const pagePath = join(folder, "spectrum.html");
  const json = `${JSON.stringify(document, null, 1)}\n`;
  writeAtomically(jsonPath, json);
  writeAtomically(pagePath, spectrumPage(document, await figuresOf(document)));
  return { json, jsonPath, pagePath };
}

async function figuresOf({ result, options }: SpectrumDocument): Promise<SpectrumFigure[]> {
  const { dense, extremes, density, bounds, parameters } = result;
  const lanczos = [...extremes.smallest, ...extremes.largest].map(({ value }) => value);
  const known = dense?.eigenvalues ?? lanczos;
  const all = bounds?.bounds ?? [];
  const upper = all.map((bound) => bound.upper);
  const ratios = await boundsFigure(all);
  return [
    {
      name: "density",
      caption: `Spectral density by stochastic Lanczos quadrature (${options.probes} probes of ${options.lanczosSteps} steps), every eigenvalue smoothed by a Gaussian of standard deviation ${density.width.toPrecision(3)}. Band: ± 2 standard errors over the probes.${density.exact ? " Dashed: all eigenvalues, smoothed alike." : ""} Ticks: ${dense ? "the eigenvalues" : "the eigenvalues found by Lanczos"}.`,
      svg: await densityFigure(density, known, parameters),
    },
    {
      name: "spectrum",
      caption: `${dense ? "Every eigenvalue of the dense Hessian, what Lanczos found of them at either end, and the nodes of the quadrature." : "What Lanczos found at either end, and the nodes of the quadrature."}${bounds ? " Diamonds: every upper bound on λ_max." : ""}`,
      svg: await spectrumRowsFigure([
        ...(dense
          ? [{ label: "all eigenvalues", color: "#2f6fd0", eigenvalues: dense.eigenvalues, bounds: upper }]
          : []),
        { label: "Lanczos", color: "#d55e00", eigenvalues: lanczos, bounds: dense ? [] : upper },
        { label: "SLQ nodes", color: "#8a8a8a", eigenvalues: density.nodes, bounds: [] },
      ]),
    },
    ...(ratios === undefined
      ? []
      : [
          {
            name: "bounds",
            caption:
              "Every bound on λ_max over λ_max: the nearer to the line the sharper. Lower bounds below a thousandth of λ_max are left out.",
            svg: ratios,
          },
        ]),
  ];
}
