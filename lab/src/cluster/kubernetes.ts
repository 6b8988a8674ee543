import { basename } from "node:path";
import { stringify } from "yaml";
import type { Chunk } from "./chunks.js";

export interface KubernetesOptions {
  readonly name: string;
  readonly manifest: string;
  readonly chunks: readonly Chunk[];
  readonly cellsPerTask: number;
  readonly cells: number;
  readonly workers: number;
  /** Container image with `flatward` on its path. */
  readonly image: string;
  /** PersistentVolumeClaim that holds the results folder. */
  readonly claim: string;
  readonly concurrency?: number | undefined;
}

/** Where the volume appears in the containers. */
const MOUNT = "/results";

/** An Indexed Job: one index a chunk, the results folder on a shared volume. */
export function kubernetesManifest(options: KubernetesOptions): string {
  const { name, manifest, chunks, cellsPerTask, cells, workers, image, claim, concurrency } = options;
  const script = [
    `first=$((JOB_COMPLETION_INDEX * ${cellsPerTask})); last=$((first + ${cellsPerTask - 1}))`,
    `[ "$last" -le ${cells - 1} ] || last=${cells - 1}`,
    `exec flatward run --of ${MOUNT}/${basename(manifest)} --index "$first-$last" --workers ${workers}`,
  ].join("\n");
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: objectName(name) },
    spec: {
      completionMode: "Indexed",
      completions: chunks.length,
      parallelism: Math.min(concurrency ?? chunks.length, chunks.length),
      backoffLimitPerIndex: 3,
      maxFailedIndexes: chunks.length,
      podFailurePolicy: {
        rules: [
          // A cell that failed fails again; a pod that was stopped has kept a checkpoint.
          { action: "FailIndex", onExitCodes: { containerName: "flatward", operator: "In", values: [6] } },
          { action: "Ignore", onExitCodes: { containerName: "flatward", operator: "In", values: [75] } },
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
        ],
      },
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              name: "flatward",
              image,
              command: ["sh", "-c", script],
              resources: { requests: { cpu: `${workers}` } },
              volumeMounts: [{ name: "results", mountPath: MOUNT }],
            },
          ],
          volumes: [{ name: "results", persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
  return `# NOT RUN by flatward's own tests, which have no cluster: written from the documentation of Kubernetes 1.31.
# Copy the results folder (with this manifest) to the root of the volume first.
${stringify(job)}`;
}

/** At most 63 lower-case letters, digits and inner hyphens. */
function objectName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 63).replace(/^-+|-+$/g, "") || "flatward";
}
