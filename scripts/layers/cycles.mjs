/**
 * Cycles among files that import each other, types included: what knows each other cannot be understood
 * or changed apart.
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph each file and those that it imports
 * @returns {string[][]} one shortest cycle through the first file of each group of files that reach each
 *   other, in the order of imports, the first file not repeated
 */
export function cyclesOf(graph) {
  const known = new Set()
  const cycles = []
  for (const file of [...graph.keys()].sort()) {
    if (known.has(file)) continue
    const cycle = shortestCycle(graph, file)
    if (cycle === undefined) continue
    cycles.push(cycle)
    // Whatever this file reaches and is reached from belongs to the same group, reported once.
    for (const other of reachable(graph, file)) if (reachable(graph, other).has(file)) known.add(other)
  }
  return cycles
}

/**
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @param {string} start
 */
function shortestCycle(graph, start) {
  /** @type {string[][]} */
  const paths = [[start]]
  const seen = new Set()
  for (const path of paths) {
    for (const next of graph.get(path.at(-1) ?? start) ?? []) {
      if (next === start) return path
      if (!seen.has(next)) paths.push([...path, next])
      seen.add(next)
    }
  }
  return undefined
}

/**
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @param {string} start
 */
function reachable(graph, start) {
  const found = new Set([start])
  for (const file of found) for (const next of graph.get(file) ?? []) found.add(next)
  return found
}
