import type { PairVectors } from "../hsr/contraction/pair-set.js";
import type { PairOptions, PairThreads } from "../hsr/contraction/pair-threads.js";
import {
  type ContractTile,
  createTileContraction,
  type PairSums,
  type TilePlan,
} from "../hsr/contraction/tile-contraction.js";
import { tileRounds } from "../hsr/contraction/tile-rounds.js";
import { backend } from "../tensor/backend.js";
import { awaitPieces, type DoPiece, PIECES, publish, takePieces } from "./job.js";
import { Kind, OWN } from "./kinds.js";
import { withOwnPanels } from "./own-panels.js";
import { hearing, telling } from "./shared-values.js";

/** Products of pairs below which other threads would come too late. */
const LEAST = 1 << 23;

/** What threads are told. */
interface Task {
  readonly plan: TilePlan;
  /** `a`, and `b` where that is not the same. */
  readonly sets: readonly PairVectors[];
  readonly options: PairOptions;
  /** Of every tile the sums of its blocks and its own (tiles × blocks + 1), by rounds. */
  readonly sums: Float64Array;
}

/** A task's tiles in rounds. */
interface TileWork {
  readonly rounds: readonly number[];
  readonly sums: Float64Array;
  contract(contractTile: ContractTile, round: number, piece: number): void;
}

const tilesOf = (plan: TilePlan, sets: readonly PairVectors[], { mirrored = false }: PairOptions) =>
  tileRounds(sets[0], sets[sets.length - 1], { ...plan, mirrored, summed: !plan.differentiate });

function tileWork({ plan, sets, options, sums }: Task): TileWork {
  let count = 0;
  const rounds = tilesOf(plan, sets, options).map((tiles) => {
    const numbered = tiles.map((tile) => ({ tile, number: count++ }));
    // Those on the diagonal are half the work: first in the list, whose end is taken first.
    return numbered.sort((x, y) => Number(y.tile.onDiagonal) - Number(x.tile.onDiagonal));
  });
  const each = sums.length / count;
  return {
    rounds: rounds.map(({ length }) => length),
    sums,
    contract(contractTile, round, piece) {
      const { tile, number } = rounds[round][piece];
      const end = (number + 1) * each - 1;
      const ofTile = { squares: sums.subarray(number * each, end), self: 0 };
      contractTile(tile, ofTile, options);
      sums[end] = ofTile.self;
    },
  };
}

/** Pieces of contractions in memory that threads share: tiles of a round. */
export function tilesIn(memory: ArrayBufferLike): DoPiece {
  const hear = hearing(memory, (told) => {
    const task = told as Task;
    return { work: tileWork(task), contractTile: createTileContraction(task.plan) };
  });
  return (_, piece, task, at, length, round) => {
    const { work, contractTile } = hear(task, at, length);
    work.contract(contractTile, round, piece);
  };
}

/**
 * Threads that contract tiles of pairs together. They work on copies of the factors, and wait for one another at the end of every
 * round.
 */
export function sharedPairs(memory: ArrayBufferLike, control: Int32Array): PairThreads {
  const tell = telling(memory);
  const hear = hearing(memory, (told) => tileWork(told as Task));
  return {
    contract(plan, contractTile, a, b, sums, options) {
      if (backend() === "plain" || pairNumbers(plan, a, b) < LEAST) return false;
      const sets = a === b ? [a] : [a, b];
      const tiles = tilesOf(plan, sets, options);
      if (tiles.length === 1 || tiles.some(({ length }) => length > PIECES)) return false;
      const each = sums.squares.length + 1;
      const ofTiles = new Float64Array(each * tiles.flat().length);
      const shared = tell({ plan, sets, options, sums: ofTiles } satisfies Task, plan.differentiate);
      if (shared === undefined) return false;
      const { number, at, text } = shared;
      const work = hear(number, at, text.length);
      const kinds: DoPiece[] = [];
      kinds[Kind.tiles] = (_, piece, __, ___, ____, round) => work.contract(contractTile, round, piece);
      const doRound = (pieces: number, round: number) => {
        if (pieces === 1) {
          // The products of a tile that is alone are shared out.
          work.contract(contractTile, round, 0);
          return true;
        }
        return withOwnPanels(() => {
          publish(control, Kind.tiles, pieces, number, at, text.length, round);
          takePieces(control, kinds, OWN);
          return awaitPieces(control, pieces);
        });
      };
      if (!work.rounds.every(doRound)) return false;
      shared.takeBack();
      addSums(sums, work.sums);
      return true;
    },
  };
}

/** Multiply-adds of all ⟨X_i, X_j⟩ and ⟨ã_i, ã_j⟩. */
function pairNumbers({ blocks }: TilePlan, a: PairVectors, b: PairVectors): number {
  const width = blocks.reduce((sum, { m, l }) => sum + a.curvature[m][l].width + a.rows[l].width, 0);
  return a.count * b.count * width;
}

/** Adds tile by tile, as one thread does. */
function addSums(sums: PairSums, ofTiles: Float64Array): void {
  const { squares } = sums;
  for (let at = 0; at < ofTiles.length; ) {
    for (let block = 0; block < squares.length; block++) squares[block] += ofTiles[at++];
    sums.self += ofTiles[at++];
  }
}
