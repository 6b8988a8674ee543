import { add } from "./arithmetic.js";
import { checkRule, type Node } from "./trace.js";
import type { Value } from "./value.js";

let passes = 0;

/**
 * Adjoints of `leaves`, given that of `output`: null for a leaf that the output does not depend on. Nodes are visited
 * from the newest to the oldest, which is a topological order, and without recursion; time is linear in their number.
 */
export function backpropagate(output: Node, adjoint: Value, leaves: readonly Node[]): (Value | null)[] {
  const pass = ++passes;
  const nodes = newestFirst(output, pass);
  output.adjoint = adjoint;
  for (const node of nodes) {
    const { operation, inputs, parameters, parents } = node;
    const own = node.adjoint;
    if (operation === null || own === null) continue;
    // Nothing older needs it: free the memory.
    node.adjoint = null;
    for (let index = 0; index < parents.length; index++) {
      const parent = parents[index];
      if (parent === null) continue;
      const share = operation.vjp(index, own, inputs, node.output, parameters as never);
      checkRule(operation.name, "vjp", share, inputs[index].shape);
      parent.adjoint = parent.adjoint === null ? share : add(parent.adjoint, share);
    }
  }
  return leaves.map((leaf) => (leaf.pass === pass ? leaf.adjoint : null));
}

/** Every node that `output` depends on, marked with this pass and cleared. Ids grow with time: sorting by them suffices. */
function newestFirst(output: Node, pass: number): Node[] {
  const found: Node[] = [];
  const pending: Node[] = [];
  const visit = (node: Node): void => {
    if (node.pass === pass) return;
    node.pass = pass;
    node.adjoint = null;
    found.push(node);
    pending.push(node);
  };
  visit(output);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const parent of node.parents) if (parent !== null) visit(parent);
  }
  return found.sort((a, b) => b.id - a.id);
}
