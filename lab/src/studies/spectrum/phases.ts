import type { PhaseTime } from "./page/document.js";

/** Networks of more parameters have phases long enough to be announced. */
const ANNOUNCED = 500;
/** Milliseconds after which they are announced in any case. */
const PATIENCE = 1000;

/** Announces the phases of work that takes long, one a line, and times them all. */
export function phaseClock(stream: NodeJS.WritableStream, parameters: number) {
  const started = new Date();
  const first = performance.now();
  const phases: PhaseTime[] = [];
  let current: { readonly phase: string; readonly since: number } | undefined;
  const finish = (): void => {
    if (current) phases.push({ phase: current.phase, seconds: (performance.now() - current.since) / 1000 });
    current = undefined;
  };
  return {
    onPhase(phase: string): void {
      finish();
      const now = performance.now();
      if (parameters > ANNOUNCED || now - first > PATIENCE) stream.write(`flatward: ${phase}\n`);
      current = { phase, since: now };
    },
    /** Closes the last phase. */
    end(): { readonly started: string; readonly phases: readonly PhaseTime[] } {
      finish();
      return { started: started.toISOString(), phases };
    },
  };
}
