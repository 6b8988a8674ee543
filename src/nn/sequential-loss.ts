import { dot, hvp, type Value, valueAndGrad } from "../autodiff/index.js";
import { untraced } from "../autodiff/value.js";
import { requireFinite, requireInteger } from "../errors.js";
import { randomStream } from "../random.js";
import { addScaled } from "../tensor/elementwise.js";
import { rowMajor, type Tensor } from "../tensor/view.js";
import { type Batch, prepareSamples } from "./batch.js";
import { nonFiniteLoss } from "./forward.js";
import type { Pass } from "./layers/layer.js";
import { checkParameters } from "./layout.js";
import type { LossOptions, NetworkLoss } from "./network.js";
import { type Model, parametersOf, piecesOf, samplesOf } from "./sequential-model.js";
import { sampleLosses } from "./traced-loss.js";

type Named<T> = Readonly<Record<string, T>>;

/**
 * The loss of a sequential network on a batch, evaluated in pieces whose sums it is, so that memory is that of one piece:
 * but for a network that normalises by the batch, whose samples depend on each other.
 * @param frozen the pass of a frozen network @throws ShapeError, LabelError, NonFiniteError, ArgumentError
 */
export function chunkLoss(
  where: string,
  model: Model,
  batch: Batch,
  frozen: Pass | undefined,
  { dropoutSeed }: LossOptions = {},
): NetworkLoss {
  const { size, layout, outputs, chain } = model;
  const { count, inputs, targets, weights } = prepareSamples(where, model, batch);
  const masks =
    dropoutSeed === undefined
      ? undefined
      : randomStream(requireInteger(where, "dropoutSeed", dropoutSeed, 0), "dropout");
  const drops = masks !== undefined && frozen === undefined && model.counts.dropouts > 0;
  let step = 0;

  const named = <T>(values: readonly T[]): Named<T> =>
    Object.fromEntries(layout.map(({ name }, i) => [name, values[i]]));

  const pieces = piecesOf(model, count, frozen).map(([from, to]) => {
    const x = samplesOf(model, inputs, from, to);
    const losses = sampleLosses(model.loss, targets.subarray(from * outputs, to * outputs));
    const share = rowMajor(weights.subarray(from, to), [to - from]);
    return (parameters: Named<Value>): Value => {
      const pass: Pass = {
        ...frozen,
        firstSample: from,
        ...(drops && { dropout: masks.stream(step) }),
      };
      const logits = chain.apply(x, Object.values(parameters), pass);
      const each = losses(logits);
      const { data } = untraced(each);
      const wrong = data.findIndex((loss) => !Number.isFinite(loss));
      if (wrong >= 0) {
        const row = untraced(logits).data.subarray(wrong * outputs, (wrong + 1) * outputs);
        throw nonFiniteLoss(where, data[wrong], row, from + wrong);
      }
      return dot(each, share);
    };
  });

  const check = (name: string, vector: Float64Array): Named<Tensor> =>
    named(parametersOf(model, checkParameters(where, name, model, vector)));

  return {
    value(theta) {
      const parameters = check("theta", theta);
      let total = 0;
      for (const piece of pieces) total += (piece(parameters) as Tensor).data[0];
      return total;
    },
    valueAndGradient(theta) {
      const parameters = check("theta", theta);
      const total = new Float64Array(size);
      let value = 0;
      for (const piece of pieces) {
        const { value: share, gradient } = valueAndGrad(piece)(parameters);
        value += share;
        addBlocks(total, gradient, model);
      }
      requireFinite(where, "the gradient", total);
      return { value, gradient: total };
    },
    hessianProduct(theta, v, out) {
      const parameters = check("theta", theta);
      const direction = check("v", v);
      out.fill(0);
      for (const piece of pieces) addBlocks(out, hvp(piece, parameters, direction), model);
      requireFinite(where, "H·v", out);
    },
    ...(drops && {
      beginStep(next: number) {
        step = next;
      },
    }),
  };
}

function addBlocks(out: Float64Array, blocks: Named<Tensor>, { layout }: Model): void {
  for (const { name, offset } of layout) {
    const { data } = blocks[name];
    addScaled(out.subarray(offset, offset + data.length), 1, data);
  }
}
