/**
 * Which layer may know what. Tests and benchmarks may import what they like, except the program's entry.
 *
 * @typedef {import('./imports.mjs').Import} Import
 * @typedef {object} Layer
 * @property {readonly string[]} uses layers besides itself
 * @property {readonly string[]} [builtins] modules of Node.js; all unless given
 * @property {readonly string[]} [packages] npm packages; all unless given
 * @property {boolean} [isPure] neither clock nor randomness nor process: they come in as arguments
 */

/** @type {Readonly<Record<string, Layer>>} */
export const layers = {
  pki: { uses: [], builtins: ['node:buffer', 'node:crypto', 'node:util'], packages: [], isPure: true },
  core: {
    uses: ['pki'],
    builtins: ['node:buffer', 'node:crypto', 'node:timers/promises', 'node:util'],
    packages: ['lru-cache', 'tldts', 'tr46'],
    isPure: true,
  },
  store: { uses: ['core', 'pki'] },
  keys: { uses: ['core', 'pki'] },
  net: { uses: ['core', 'pki'] },
  faces: { uses: ['core', 'pki'] },
  jobs: { uses: ['core', 'pki'] },
  cli: { uses: ['core', 'pki'] },
  // The composition root: main.ts and what it consists of.
  server: { uses: ['pki', 'core', 'store', 'keys', 'net', 'faces', 'jobs', 'cli'] },
}

/** Modules that one layer hides from the others: all SQL lives behind the store, DNS and mail behind the net. */
const hidden = {
  ...{ kysely: 'store', pg: 'store', 'node:sqlite': 'store' },
  ...{ 'dns-packet': 'net', nodemailer: 'net', 'node:dgram': 'net' },
}

/** What pure layers must not take from modules that they may otherwise use. */
const impureNames = {
  'node:crypto': [
    ...['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'getRandomValues'],
    ...['generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync', 'webcrypto', 'subtle'],
    ...['*', 'default'],
  ],
  'node:timers/promises': ['setTimeout', 'setInterval', 'scheduler', '*', 'default'],
}

/** What pure layers must not say, as the words and marks of an expression. */
export const impureExpressions = [
  ['Date', '.', 'now'],
  ['new', 'Date', '(', ')'],
  ['Math', '.', 'random'],
  ['performance', '.'],
  ['process', '.'],
  ['crypto', '.', 'getRandomValues'],
  ['crypto', '.', 'randomUUID'],
  ['crypto', '.', 'subtle'],
  ['globalThis', '.'],
  ['setTimeout', '('],
  ['setInterval', '('],
]

/** @param {string} file */
export function isTest(file) {
  return file.endsWith('.test.ts') || file.startsWith('test/')
}

/**
 * The layer of a file below `src`: the first folder, `server` for files directly in there; undefined for
 * files elsewhere.
 *
 * @param {string} file path from the project root, with slashes
 */
export function layerOf(file) {
  const [top, first, ...rest] = file.split('/')
  if (top !== 'src' || first === undefined) return undefined
  return rest.length === 0 ? 'server' : first
}

/**
 * The face that a file belongs to; undefined for files of other layers, and for those directly in
 * `src/faces`, which the faces share.
 *
 * @param {string} file
 */
function faceOf(file) {
  const [top, layer, face, ...rest] = file.split('/')
  return top === 'src' && layer === 'faces' && rest.length > 0 ? face : undefined
}

/**
 * The rule that an import of another file of the project breaks, as a sentence.
 *
 * @param {string} from path from the project root, with slashes
 * @param {string} to the same
 * @returns {string | undefined}
 */
export function brokenByFile(from, to) {
  if (to === 'src/main.ts') return 'nothing imports src/main.ts: it is where the program begins'
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)]
  if (isTest(from) || fromLayer === undefined) return undefined
  if (isTest(to)) return 'only tests import tests and what supports them'
  const rule = layers[fromLayer]
  if (rule === undefined) return `src/${fromLayer} is no layer: there are ${Object.keys(layers).join(', ')}`
  if (toLayer === undefined) return 'the program imports nothing from outside src'
  if (fromLayer !== toLayer && !rule.uses.includes(toLayer)) {
    return `src/${fromLayer} imports ${listed(rule.uses.map((layer) => `src/${layer}`))}, not src/${toLayer}`
  }
  const [fromFace, toFace] = [faceOf(from), faceOf(to)]
  if (toFace !== undefined && fromLayer === 'faces' && fromFace !== toFace) {
    return `faces do not import each other: src/faces/${toFace} belongs to another`
  }
  return undefined
}

/**
 * The rule that an import of a package or of a module of Node.js breaks.
 *
 * @param {string} from path from the project root, with slashes
 * @param {Import} imported
 * @returns {string | undefined}
 */
export function brokenByModule(from, { specifier, names }) {
  const layer = layerOf(from)
  const rule = layer === undefined ? undefined : layers[layer]
  if (isTest(from) || rule === undefined || specifier === undefined) return undefined
  const isBuiltin = specifier.startsWith('node:')
  const name = isBuiltin ? specifier : packageName(specifier)
  const owner = lookUp(hidden, name)
  if (owner !== undefined && owner !== layer && layer !== 'server')
    return `only src/${owner} imports "${name}"`
  const allowed = isBuiltin ? rule.builtins : rule.packages
  if (allowed !== undefined && !allowed.includes(name)) {
    return `src/${layer} imports ${listed(allowed)} from ${isBuiltin ? 'Node.js' : 'npm'}, not "${name}"`
  }
  if (rule.isPure !== true) return undefined
  const impure = names.find((taken) => lookUp(impureNames, specifier)?.includes(taken))
  return impure === undefined
    ? undefined
    : `src/${layer} takes single pure functions from "${specifier}", not "${impure}"`
}

/**
 * @template Value
 * @param {Readonly<Record<string, Value>>} table
 * @param {string} name
 * @returns {Value | undefined}
 */
function lookUp(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** @param {string} specifier */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** @param {readonly string[]} names */
function listed(names) {
  return names.length === 0 ? 'nothing' : `only ${names.join(', ')}`
}
