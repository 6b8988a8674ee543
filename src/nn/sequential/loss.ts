import {
  concatenate,
  dot,
  grad,
  jvp,
  mul,
  reshape,
  sub,
  type Value,
  valueAndGrad,
  vjp,
} from "../../autodiff/index.js";
import { untraced } from "../../autodiff/value.js";
import { requireFinite, requireFiniteValue } from "../../errors.js";
import { type RandomStream, randomStream } from "../../random.js";
import { addScaled } from "../../tensor/elementwise.js";
import { rowMajor, type Tensor } from "../../tensor/view.js";
import { type Batch, prepareSamples } from "../batch.js";
import type { HessianPart } from "../dense/tangents.js";
import { checkTotal, nonFiniteLoss } from "../finite-loss.js";
import { checkParameters } from "../layout.js";
import { checkLossOptions, type HessianProduct, type LossOptions, type NetworkLoss } from "../network.js";
import type { Pass } from "./layers/layer.js";
import { type Model, parametersOf, piecesOf, samplesOf } from "./model.js";
import { sampleLosses, sampleResiduals } from "./traced-loss.js";

/** Parameter tensors, or something laid out like them, by their names in the layout. */
type Named<T> = Readonly<Record<string, T>>;

/** A function of the parameters. */
type Share = (parameters: Named<Value>) => Value;

/** Some of the samples. */
interface Piece {
  /** Their share in the loss. */
  readonly loss: Share;
  /**
   * What has a part of its Hessian at these parameters: Σ ω rᵀu with the residuals r held as they are there has R, and the
   * loss without it has G.
   */
  part(part: HessianPart, at: Named<Tensor>): Share;
}

/** The loss in pieces, with the dropout of one step. */
type Pieces = (dropout: RandomStream | undefined) => readonly Piece[];

/**
 * The loss of a sequential network on a batch. It is a sum over samples, and is evaluated in pieces whose memory is
 * bounded; but where samples are normalised by their batch, and so depend on each other, in one.
 * @param frozen the pass of a frozen network @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 */
export function sequentialLoss(
  model: Model,
  batch: Batch,
  frozen: Pass | undefined,
  options?: LossOptions,
): NetworkLoss {
  const masks = dropoutMasks(model, frozen, options);
  let step = 0;
  const piecesWith = lossPieces(model, batch, frozen);
  const piecesNow = (): readonly Piece[] => piecesWith(masks?.stream(step));
  const checked = (name: string, theta: Float64Array): Named<Tensor> =>
    named(model, parametersOf(model, checkParameters(name, model, theta)));

  return {
    value(theta) {
      const parameters = checked("theta", theta);
      const add = (total: number, { loss }: Piece) => total + (loss(parameters) as Tensor).data[0];
      return checkTotal(piecesNow().reduce(add, 0));
    },
    valueAndGradient(theta) {
      const parameters = checked("theta", theta);
      const gradient = new Float64Array(model.size);
      let value = 0;
      for (const { loss } of piecesNow()) {
        const share = valueAndGrad(loss)(parameters);
        value += share.value;
        addBlocks(model, gradient, share.gradient);
      }
      checkTotal(value);
      requireFinite("the gradient", gradient);
      return { value, gradient };
    },
    hessianAt(theta) {
      const parameters = checked("theta", theta);
      // Those of the step that it is now, for all products.
      const losses = piecesNow().map(({ loss }) => loss);
      return productsWith(model, losses, parameters, "H·v");
    },
    partAt(theta, part) {
      const parameters = checked("theta", theta);
      const shares = piecesNow().map((piece) => piece.part(part, parameters));
      return productsWith(model, shares, parameters, "the product");
    },
    curvatureAt(theta) {
      const parameters = checked("theta", theta);
      const pieces = piecesNow();
      return (v, w) => {
        const along = checked("v", v);
        const across = checked("w", w);
        const gradient = new Float64Array(model.size);
        let value = 0;
        for (const { loss } of pieces) {
          const share = valueAndGrad(mixedDerivative(loss, along, across), { allowConstant: true })(
            parameters,
          );
          value += share.value;
          addBlocks(model, gradient, share.gradient);
        }
        requireFiniteValue("vᵀHw", value);
        requireFinite("∇(vᵀHw)", gradient);
        return { value, gradient };
      };
    },
    ...(masks && {
      beginStep(next: number) {
        step = next;
      },
    }),
  };
}

/** The stream that every step's masks are drawn from, if anything is to be dropped. */
function dropoutMasks(
  { counts }: Model,
  frozen: Pass | undefined,
  options: LossOptions | undefined,
): RandomStream | undefined {
  const { dropoutSeed } = checkLossOptions(options);
  if (dropoutSeed === undefined || frozen !== undefined || counts.dropouts === 0) return undefined;
  return randomStream(dropoutSeed, "dropout");
}

function lossPieces(model: Model, batch: Batch, frozen: Pass | undefined): Pieces {
  const { outputs, chain } = model;
  const { count, inputs, targets, weights } = prepareSamples(model, batch);
  const pieces = piecesOf(model, count, frozen).map(([from, to]) => {
    const x = samplesOf(model, inputs, from, to);
    const rows = targets.subarray(from * outputs, to * outputs);
    const [lossesOf, residualsOf] = [sampleLosses(model.loss, rows), sampleResiduals(model.loss, rows)];
    const shares = rowMajor(weights.subarray(from, to), [to - from]);
    return (dropout: RandomStream | undefined): Piece => {
      const pass: Pass = { ...frozen, firstSample: from, ...(dropout && { dropout }) };
      const logitsOf: Share = (parameters) => chain.apply(x, Object.values(parameters), pass);
      const lossOf = (logits: Value): Value => {
        const losses = lossesOf(logits);
        requireFiniteLosses(untraced(losses), untraced(logits), from);
        return dot(losses, shares);
      };
      return {
        loss: (parameters) => lossOf(logitsOf(parameters)),
        part(part, at) {
          const residuals = mul(reshape(shares, [-1, 1]), residualsOf(logitsOf(at)));
          return (parameters) => {
            const logits = logitsOf(parameters);
            const linear = dot(residuals, logits);
            return part === "residual" ? linear : sub(lossOf(logits), linear);
          };
        },
      };
    };
  });
  return (dropout) => pieces.map((piece) => piece(dropout));
}

/** @throws NonFiniteError that names the sample in which the loss overflowed */
function requireFiniteLosses(losses: Tensor, logits: Tensor, firstSample: number): void {
  const wrong = losses.data.findIndex((loss) => !Number.isFinite(loss));
  if (wrong < 0) return;
  const [, outputs] = logits.shape;
  const row = logits.data.subarray(wrong * outputs, (wrong + 1) * outputs);
  throw nonFiniteLoss(losses.data[wrong], row, firstSample + wrong);
}

/** Products with the Hessian of a sum, at parameters that stay as they are. @throws NonFiniteError in a product */
function productsWith(
  model: Model,
  shares: readonly Share[],
  parameters: Named<Tensor>,
  name: string,
): HessianProduct {
  // The gradient is recorded, and H is its derivative transposed. A record of several pieces would not be bounded.
  const kept = shares.length === 1 ? recordGradient(shares[0], parameters) : undefined;
  return (v, out) => {
    checkParameters("v", model, v);
    out.fill(0);
    for (const share of shares) addBlocks(model, out, (kept ?? recordGradient(share, parameters))(v));
    requireFinite(name, out);
  };
}

/** Runs the gradient once; what it returns runs backwards through it, for any number of v. */
function recordGradient(share: Share, parameters: Named<Tensor>): (v: Float64Array) => Named<Tensor> {
  const gradient = (at: Named<Value>): Value =>
    concatenate(Object.values<Value>(grad(share)(at)).map((block) => reshape(block, [-1])));
  return vjp(gradient, parameters).pullback as (v: Float64Array) => Named<Tensor>;
}

/** vᵀHw as a function of the parameters, by forward mode twice: no gradient is recorded. */
function mixedDerivative(share: Share, v: Named<Tensor>, w: Named<Tensor>): Share {
  const slope = (at: Named<Value>): Value => jvp(share, at, v as Named<Value>).tangent;
  return (at) => jvp(slope, at, w as Named<Value>).tangent;
}

function named<T>({ layout }: Model, values: readonly T[]): Named<T> {
  return Object.fromEntries(layout.map(({ name }, i) => [name, values[i]]));
}

/** Adds tensors by name to flat memory that is laid out like theta. */
function addBlocks({ layout }: Model, out: Float64Array, blocks: Named<Tensor>): void {
  for (const { name, offset } of layout) {
    const { data } = blocks[name];
    addScaled(out.subarray(offset, offset + data.length), 1, data);
  }
}
