import { computed, signal } from "@preact/signals";
import type { MethodName } from "../settings/methods.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = signal(dark.matches);
dark.addEventListener("change", () => {
  isDark.value = dark.matches;
});

/** The colours of the style sheet, for canvases. */
export interface Theme {
  readonly dark: boolean;
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly plain: string;
  readonly methods: Readonly<Record<MethodName, string>>;
}

export const theme = computed((): Theme => {
  const own = isDark.value;
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: own,
    paper: color("paper"),
    ink: color("ink"),
    soft: color("soft"),
    grid: color("grid"),
    plain: color("plain"),
    methods: {
      hsr: color("hsr"),
      sam: color("sam"),
      asam: color("asam"),
      "weight-decay": color("weight-decay"),
    },
  };
});
