import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { scrubTo } from "../state/session.js";
import { last, shown } from "../state/state.js";
import { type Theme, theme } from "../state/theme.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Context = CanvasRenderingContext2D;

interface PlotProps {
  readonly name: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly draw: (context: Context, size: Size, theme: Theme) => void;
  /** Where along the time a point lies, from 0 to 1; dragging moves time by the width of the plot where it is absent. */
  readonly timeAt?: (point: Point, size: Size) => number;
  readonly onHover?: (point: Point | undefined, size: Size) => void;
  /** What keys do, and what is said of it; a plot without is a picture. */
  readonly slider?: {
    readonly value: number;
    readonly max: number;
    readonly text: string;
    readonly move: (by: number, across: boolean) => void;
  };
}

/** Farther than this, in pixels, a press is a drag. */
const DRAG = 4;

/** A canvas that draws itself whenever what it reads changes; dragging over it moves through time. */
export function Plot({ name, label, draw, timeAt, onHover, slider }: PlotProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal<Size>({ width: 0, height: 0 });
  const drag = useRef<{ readonly x: number; readonly from: number; moved: boolean } | undefined>(undefined);

  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      size.value = { width: contentRect.width, height: contentRect.height };
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [size]);

  useSignalEffect(() => {
    const { width, height } = size.value;
    const element = canvas.current;
    const context = element?.getContext("2d");
    const colors = theme.value;
    if (!element || !context || width === 0) return;
    const ratio = Math.min(2, devicePixelRatio);
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== across || element.height !== down) {
      element.width = across;
      element.height = down;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, { width, height }, colors);
  });

  const pointOf = (event: PointerEvent): Point => ({ x: event.offsetX, y: event.offsetY });
  const scrub = (event: PointerEvent): void => {
    const held = drag.current;
    if (held === undefined) return;
    if (Math.abs(event.clientX - held.x) > DRAG) held.moved = true;
    if (timeAt !== undefined) scrubTo(timeAt(pointOf(event), size.value) * last.value);
    else if (held.moved) scrubTo(held.from + ((event.clientX - held.x) / size.value.width) * last.value);
  };

  const roles = slider
    ? {
        role: "slider" as const,
        tabIndex: 0,
        "aria-valuemin": 0,
        "aria-valuemax": slider.max,
        "aria-valuenow": slider.value,
        "aria-valuetext": slider.text,
        onKeyDown: (event: KeyboardEvent) => {
          const by = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10, ArrowUp: 1, ArrowDown: -1 }[
            event.key
          ];
          if (by === undefined) return;
          event.preventDefault();
          slider.move(by, event.key === "ArrowUp" || event.key === "ArrowDown");
        },
      }
    : { role: "img" as const };

  return (
    <canvas
      ref={canvas}
      class={name}
      aria-label={label}
      {...roles}
      onPointerDown={(event) => {
        (event.currentTarget as HTMLCanvasElement).setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, from: shown.value, moved: false };
        scrub(event);
      }}
      onPointerMove={(event) => {
        scrub(event);
        onHover?.(pointOf(event), size.value);
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
      onPointerCancel={() => {
        drag.current = undefined;
      }}
      onPointerLeave={() => onHover?.(undefined, size.value)}
    />
  );
}
