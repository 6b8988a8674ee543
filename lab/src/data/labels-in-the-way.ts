import { printable } from "../printable.js";
import type { Columns } from "./columns.js";
import { named, type Obstacle } from "./obstacles.js";

/** Why the labels of a table are no classes. @param labels those of the rows that are kept */
export function labelsInTheWay(
  labels: readonly string[],
  classes: readonly string[],
  { names, label }: Columns,
): Obstacle | undefined {
  if (classes.length === 1)
    return `every sample has the label "${printable(classes[0])}"; there is nothing to classify (label column: ${named(names[label])}, change it with --label)`;
  if (classes.length > labels.length / 2)
    return `column ${named(names[label])} has ${classes.length} distinct values in ${labels.length} samples; it does not look like classes, but like a number to be predicted, an identifier or a text: flatward classifies (choose the label column with --label, or make a few classes of its values)`;
  return undefined;
}
