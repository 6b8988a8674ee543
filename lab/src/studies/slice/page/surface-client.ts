/** What the page's script is given. */
export interface SurfaceData {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Heights and colours, row by row: positions on their scales; null where there is none. */
  readonly z: readonly (readonly (number | null)[])[];
  readonly colour: readonly (readonly (number | null)[])[];
  /** What a pointer reads, row by row. */
  readonly hover: readonly (readonly string[])[];
  readonly names: { readonly x: string; readonly y: string; readonly z: string; readonly colour: string };
  readonly zTicks: { readonly values: readonly number[]; readonly texts: readonly string[] };
  readonly colourTicks: { readonly values: readonly number[]; readonly texts: readonly string[] };
  readonly contours: { readonly start: number; readonly end: number; readonly size: number };
  /** Of the plane, from which it is looked at first. */
  readonly side: readonly [x: number, y: number];
  readonly ramp: readonly string[];
  /** A point beyond the plane is a gap. */
  readonly paths: readonly {
    readonly x: readonly (number | null)[];
    readonly y: readonly (number | null)[];
    readonly z: readonly (number | null)[];
    readonly text: readonly string[];
    readonly colour: string;
  }[];
}

interface Plot {
  newPlot(target: HTMLElement, traces: object[], layout: object, config: object): Promise<unknown>;
  relayout(target: HTMLElement, layout: object): Promise<unknown>;
}

/**
 * Runs in the page: a button that puts a surface that can be turned where the still view is. Its text alone goes there,
 * so that it refers to nothing outside of itself.
 * @param load runs the library, whose text waits in the page
 */
export function offerSurface(load: () => Plot, data: SurfaceData): void {
  const container = document.getElementById("surface-live") as HTMLElement;
  const still = document.getElementById("surface-still") as HTMLElement;
  const note = document.getElementById("surface-note") as HTMLElement;
  const keep = (why: string): void => {
    container.remove();
    note.textContent = `${why}: this is a still view.`;
  };
  const canvas = document.createElement("canvas");
  if (!(canvas.getContext("webgl2") ?? canvas.getContext("webgl"))) {
    keep("This browser has no WebGL");
    return;
  }

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Turn the surface";
  button.addEventListener("click", () => {
    button.disabled = true;
    draw(load());
  });
  note.textContent = "";
  note.append(button);

  // In a narrow column it is looked at from further away.
  const distance = Math.min(2.1, Math.max(1, 780 / still.clientWidth));
  const colorscale = data.ramp.map((color, i) => [i / (data.ramp.length - 1), color]);
  const styled = () => {
    const colours = getComputedStyle(document.documentElement);
    const [ink, grid] = ["--ink", "--grid"].map((name) => colours.getPropertyValue(name).trim());
    const axis = (title: string, more = {}) => ({
      title: { text: title, font: { size: 12 / distance } },
      color: ink,
      gridcolor: grid,
      zerolinecolor: grid,
      showbackground: false,
      showspikes: false,
      ...more,
    });
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, family: "system-ui, sans-serif", size: 11 },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      showlegend: false,
      scene: {
        domain: { x: [0, 0.86], y: [0, 1] },
        aspectmode: "manual",
        aspectratio: { x: 1, y: 1, z: 0.75 },
        camera: {
          eye: { x: 1.15 * data.side[0] * distance, y: 1.3 * data.side[1] * distance, z: 0.85 * distance },
          center: { x: 0, y: 0, z: -0.15 },
        },
        xaxis: axis(data.names.x),
        yaxis: axis(data.names.y),
        zaxis: axis(data.names.z, {
          tickmode: "array",
          tickvals: data.zTicks.values,
          ticktext: data.zTicks.texts,
        }),
      },
    };
  };
  const traces: object[] = [
    {
      type: "surface",
      x: data.x,
      y: data.y,
      z: data.z,
      surfacecolor: data.colour,
      colorscale,
      hoverinfo: "text",
      text: data.hover,
      contours: { z: { show: true, color: "#1d2329", width: 1, ...data.contours } },
      lighting: { ambient: 0.75, diffuse: 0.5, specular: 0.05, roughness: 0.9 },
      colorbar: {
        title: { text: data.names.colour, side: "right" },
        x: 0.88,
        thickness: 12,
        len: 0.7,
        outlinewidth: 0,
        tickmode: "array",
        tickvals: data.colourTicks.values,
        ticktext: data.colourTicks.texts,
      },
    },
  ];
  for (const path of data.paths)
    traces.push({
      type: "scatter3d",
      mode: "lines+markers",
      ...path,
      hoverinfo: "text",
      line: { color: path.colour, width: 6 },
      marker: { color: path.colour, size: 3 },
    });
  function draw(plot: Plot): void {
    container.style.height = "min(34rem, 110vw)";
    plot
      .newPlot(container, traces, styled(), { responsive: true, displaylogo: false, displayModeBar: false })
      .then(() => {
        still.remove();
        note.textContent = "Drag to turn, scroll to come nearer, point to read.";
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
          const { scene, ...layout } = styled();
          const { camera: _, ...rest } = scene;
          plot.relayout(container, {
            ...layout,
            ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [`scene.${name}`, value])),
          });
        });
      })
      .catch((error: unknown) => keep(`The surface cannot be drawn (${String(error)})`));
  }
}
