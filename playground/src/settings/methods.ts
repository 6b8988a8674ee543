/** A method that is compared with gradient descent, as the laboratory names it. */
export interface MethodChoice {
  readonly title: string;
  /** What its strength is. */
  readonly quantity: string;
  readonly strengths: readonly number[];
  readonly usual: number;
  /** The option of `flatward compare` that sets it. */
  readonly option: string;
}

export const methods = {
  hsr: {
    title: "HSR",
    quantity: "weight of the bound",
    strengths: [0.01, 0.03, 0.1, 0.3, 1],
    usual: 0.1,
    // The bound of all samples, at every step.
    option: "--every 1 --samples all --strengths",
  },
  sam: {
    title: "SAM",
    quantity: "radius",
    strengths: [0.02, 0.05, 0.1, 0.2, 0.5],
    usual: 0.1,
    option: "--radius",
  },
  asam: {
    title: "ASAM",
    quantity: "radius",
    strengths: [0.1, 0.2, 0.5, 1, 2],
    usual: 0.5,
    option: "--radius",
  },
  "weight-decay": {
    title: "weight decay",
    quantity: "factor",
    strengths: [0.001, 0.003, 0.01, 0.03],
    usual: 0.003,
    option: "--weight-decay",
  },
} as const satisfies Record<string, MethodChoice>;

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as MethodName[];

/** `HSR 0.1`. */
export function methodTitle({ method, strength }: { method: MethodName; strength: number }): string {
  return `${methods[method].title} ${strength}`;
}
