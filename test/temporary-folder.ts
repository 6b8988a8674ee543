import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What tests and the processes they start or kill leave in the temporary folder lies in one, which goes at the end. */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "flatward-tests-"));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
