import { printable } from "../printable.js";

/**
 * Why a worker does not compute a job. The message travels back to whoever sent it: it tells nothing of any file, and of
 * the job a line.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** For the worker's own terminal. */
  readonly detail: string;
  /** Whether another worker may have what this one lacks. */
  readonly elsewhere: boolean;

  constructor(message: string, detail = message, { elsewhere = false } = {}) {
    super(printable(message));
    this.detail = printable(detail, 400);
    this.elsewhere = elsewhere;
  }
}
