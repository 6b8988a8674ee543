import { citationOf } from "../data/sources.js";
import type { MethodConfig } from "../experiment/methods.js";
import { networkDetails } from "../experiment/network/text.js";
import type { Provenance } from "../experiment/provenance.js";
import { divergenceNote } from "../experiment/status.js";
import { settingsInWords } from "../sweep/groups.js";
import type { Origin } from "../sweep/trained.js";
import type { Fact } from "./parts.js";

/** Which network a page is of, how it was trained, and by what the page was made. */
export function networkFacts({
  data,
  config,
  training,
  engine,
  provenance,
}: Origin & { readonly provenance: Provenance }): Fact[] {
  const { network, method } = config;
  const citation = citationOf(data.name);
  const batch =
    config.training.batchSize === "full" ? "full batch" : `batches of ${config.training.batchSize}`;
  return [
    [
      "data",
      `${data.name}: ${data.samples} samples, ${data.features} features, ${data.classes.length} classes of “${data.label}”${citation ? ` (${citation})` : ""}`,
    ],
    ["data SHA-256", data.sha256],
    ["network", networkDetails(network, data)],
    [
      "training",
      `${method.name} (${settingsInWords(method as MethodConfig).join(", ")}), ${training.steps} steps, ${batch}, seed ${config.seed}, ${config.training.testFraction * 100} % held out${divergenceNote(training)}`,
    ],
    ["cell", `${training.cell} by flatward ${training.engine}`],
    ["theta SHA-256", training.thetaSha256],
    ["versions", `flatward ${engine}, Node ${provenance.node}, V8 ${provenance.v8}`],
    ["machine", `${provenance.platform}, ${provenance.processor}`],
  ];
}
