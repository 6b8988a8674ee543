import { add } from "./arithmetic.js";
import { checkRule, type Node } from "./trace.js";
import type { Value } from "./value.js";

/**
 * Adjoints of `leaves`, given that of `output`: null for a leaf that the output does not depend on. Nodes are visited
 * from the newest to the oldest, which is a topological order, and without recursion; time is linear in their number.
 */
export function backpropagate(output: Node, adjoint: Value, leaves: readonly Node[]): (Value | null)[] {
  const adjoints = new Map<number, Value>([[output.id, adjoint]]);
  for (const node of newestFirst(output)) {
    const { operation, inputs, parameters, parents } = node;
    const own = adjoints.get(node.id);
    if (operation === null || own === undefined) continue;
    for (let index = 0; index < parents.length; index++) {
      const parent = parents[index];
      if (parent === null) continue;
      const share = operation.vjp(index, own, inputs, node.output, parameters as never);
      checkRule(operation.name, "vjp", share, inputs[index].shape);
      const sum = adjoints.get(parent.id);
      adjoints.set(parent.id, sum === undefined ? share : add(sum, share));
    }
    // Nothing older needs it, and a leaf is no operation: free the memory.
    adjoints.delete(node.id);
  }
  return leaves.map((leaf) => adjoints.get(leaf.id) ?? null);
}

/** Every node that `output` depends on. Ids grow with time, so sorting by them is a topological order. */
function newestFirst(output: Node): Node[] {
  const found = new Map<number, Node>([[output.id, output]]);
  const pending = [output];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const parent of node.parents) {
      if (parent !== null && !found.has(parent.id)) {
        found.set(parent.id, parent);
        pending.push(parent);
      }
    }
  }
  return [...found.values()].sort((a, b) => b.id - a.id);
}
