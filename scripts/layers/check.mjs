import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { cyclesOf } from './cycles.mjs'
import { importsOf, isMark, isWord } from './imports.mjs'
import { brokenByFile, brokenByModule, impureExpressions, isTest, layerOf, layers } from './rules.mjs'
import { tokensOf } from './tokens.mjs'

/** @typedef {{ file: string, line: number, rule: string }} Violation */

const folders = ['src', 'test', 'bench']

/**
 * Holds every import statement below a project's folder against the rules.
 *
 * @param {string} root
 * @returns {{ files: number, violations: Violation[] }}
 */
export function checkLayers(root) {
  const files = folders.flatMap((folder) => typescriptFiles(root, folder))
  const known = new Set(files)
  /** @type {Violation[]} */
  const violations = []
  /** @type {Map<string, string[]>} */
  const graph = new Map()
  for (const file of files) {
    const tokens = tokensOf(readFileSync(join(root, file), 'utf8'))
    const neighbours = []
    for (const imported of importsOf(tokens)) {
      const { specifier, line } = imported
      const target = specifier?.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined
      const rule =
        specifier === undefined
          ? computed(file)
          : target === undefined
            ? brokenByModule(file, imported)
            : brokenByFile(file, target)
      if (rule !== undefined) violations.push({ file, line, rule })
      if (target !== undefined && known.has(target)) neighbours.push(target)
    }
    graph.set(file, neighbours)
    violations.push(...impurities(file, tokens))
  }
  for (const cycle of cyclesOf(graph)) {
    const [file = ''] = cycle
    violations.push({ file, line: 1, rule: `files import each other: ${[...cycle, file].join(' → ')}` })
  }
  return { files: files.length, violations }
}

/**
 * @param {string} root
 * @param {string} folder
 */
function typescriptFiles(root, folder) {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => posix.join(folder, file.split(sep).join('/')))
      .filter((file) => file.endsWith('.ts'))
      .sort()
  } catch {
    return []
  }
}

/** @param {string} file */
function computed(file) {
  return layerOf(file) === undefined || isTest(file)
    ? undefined
    : 'a module is named by a plain string, so that this check can see it'
}

/**
 * Where a pure layer asks for the time, for randomness or for its process.
 *
 * @param {string} file
 * @param {import('./tokens.mjs').Token[]} tokens
 * @returns {Violation[]}
 */
function impurities(file, tokens) {
  const layer = layerOf(file)
  if (layer === undefined || isTest(file) || layers[layer]?.isPure !== true) return []
  return tokens.flatMap(({ line }, at) => {
    const said = impureExpressions.find((expression) =>
      expression.every((text, offset) => {
        const token = tokens[at + offset]
        return isWord(token, text) || isMark(token, text)
      }),
    )
    if (said === undefined || isMark(tokens[at - 1], '.')) return []
    return [{ file, line, rule: `src/${layer} is pure: "${said.join('')}" comes in as an argument` }]
  })
}
