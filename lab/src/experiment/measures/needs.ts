import type { Network } from "flatward";

/** What a method or a measure may need of a network; one without such a need takes every network. */
export type Need = "closed form" | "whole spectrum" | "softmax";

/** The most parameters of a network all of whose eigenvalues are computed unasked, or without a closed form of H at all. */
const WHOLE_SPECTRUM = 2500;
/** The most parameters of any: H and its eigenvectors are some GB then. */
const LARGEST_SPECTRUM = 20_000;

/**
 * Why a network does not have what is needed; nothing where it has.
 * @param asked whether the plan names it, so that its cost is accepted
 */
export function unmetNeed(need: Need | undefined, net: Network, asked: boolean): string | undefined {
  const closedForm = net.closedForm !== null;
  if (need === "closed form" && !closedForm) return "needs a network with one hidden layer";
  if (need === "softmax" && net.loss !== "softmax-cross-entropy")
    return "needs the loss softmax-cross-entropy";
  if (need !== "whole spectrum") return undefined;
  const most = asked && closedForm ? LARGEST_SPECTRUM : WHOLE_SPECTRUM;
  if (net.size <= most && (asked || closedForm)) return undefined;
  return `needs all eigenvalues of the Hessian, which are computed for networks of up to ${most} parameters, and this one has ${net.size}`;
}

/** Whether all eigenvalues are cheap, so that λ_max is taken from them, and not by Lanczos, in any case. */
export function prefersWholeSpectrum(net: Network): boolean {
  return net.closedForm !== null && net.size <= WHOLE_SPECTRUM;
}
