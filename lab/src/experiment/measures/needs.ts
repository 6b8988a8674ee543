import type { Network } from "flatward";
import { dropsUnits, hasMoments } from "../network/make.js";

/**
 * What a method or a measure may need of a network; one without such a need takes every network. "moments" are tr H and
 * tr H²: in closed form, or estimated where a plan names what needs them. "matrix" is H itself. "chain" are dense layers
 * one after another, relu between them too.
 */
export type Need =
  | "closed form"
  | "chain"
  | "moments"
  | "matrix"
  | "whole spectrum"
  | "softmax"
  | "no dropout";

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
  const upTo = (most: number): string =>
    `for networks of up to ${most} parameters, and this one has ${net.size}`;
  switch (need) {
    case "closed form":
      return hasMoments(net) ? undefined : "needs a closed form, which networks of smooth dense layers have";
    case "chain":
      return net.closedForm || net.denseChain
        ? undefined
        : "needs a chain of dense layers, with activations between them";
    case "moments":
      return hasMoments(net) || asked
        ? undefined
        : "is an estimate without a closed form, and made if asked for";
    case "matrix":
      if (closedForm || (asked && net.size <= WHOLE_SPECTRUM)) return undefined;
      return `needs the whole Hessian, which is formed ${upTo(WHOLE_SPECTRUM)}`;
    case "whole spectrum": {
      const most = asked && closedForm ? LARGEST_SPECTRUM : WHOLE_SPECTRUM;
      if (net.size <= most && (asked || closedForm)) return undefined;
      return `needs all eigenvalues of the Hessian, which are computed ${upTo(most)}`;
    }
    case "softmax":
      return net.loss === "softmax-cross-entropy" ? undefined : "needs the loss softmax-cross-entropy";
    case "no dropout":
      return dropsUnits(net) ? "needs a network that drops no units" : undefined;
    case undefined:
      return undefined;
  }
}

/** Whether H may be formed for bounds that need it, in addition to those that do not. */
export function mayFormHessian(net: Network): boolean {
  return net.closedForm !== null || net.size <= WHOLE_SPECTRUM;
}

/** Up to here all eigenvalues cost less than a search for one. */
const TINY = 200;

/** Whether λ_max is taken from all eigenvalues though only it is asked for. */
export function isTiny(net: Network): boolean {
  return net.closedForm !== null && net.size <= TINY;
}
