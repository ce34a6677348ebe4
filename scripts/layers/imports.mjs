/**
 * The modules that a file names in import and export statements and in `import(…)`.
 *
 * @typedef {import('./tokens.mjs').Token} Token
 * @typedef {object} Import
 * @property {string | undefined} specifier undefined where `import(…)` computes it
 * @property {string[]} names what is taken from the module: its exported names, `*` for all of it
 * @property {number} line
 */

/**
 * @param {Token[]} tokens
 * @returns {Import[]}
 */
export function importsOf(tokens) {
  return tokens.flatMap(({ kind, text, line }, at) => {
    if (kind !== 'word' || isMark(tokens[at - 1], '.')) return []
    const found =
      text === 'import' ? importAt(tokens, at + 1) : text === 'export' ? exportAt(tokens, at + 1) : undefined
    return found === undefined ? [] : [{ ...found, line }]
  })
}

/**
 * @param {Token[]} tokens
 * @param {number} at of the token behind `import`
 */
function importAt(tokens, at) {
  const next = tokens[at]
  if (isMark(next, '(')) {
    const [argument, close] = [tokens[at + 1], tokens[at + 2]]
    const isLiteral = argument?.kind === 'string' && (isMark(close, ')') || isMark(close, ','))
    return { specifier: isLiteral ? literal(argument.text) : undefined, names: ['*'] }
  }
  if (next?.kind === 'string') return { specifier: literal(next.text), names: [] }
  return fromClause(tokens, at)
}

/**
 * @param {Token[]} tokens
 * @param {number} at of the token behind `export`
 */
function exportAt(tokens, at) {
  const start = isWord(tokens[at], 'type') ? at + 1 : at
  return isMark(tokens[start], '*') || isMark(tokens[start], '{') ? fromClause(tokens, start) : undefined
}

/**
 * Reads `default, * as all, { name, type name as other } from 'module'`.
 *
 * @param {Token[]} tokens
 * @param {number} start
 */
function fromClause(tokens, start) {
  const names = []
  let inBraces = false
  for (let at = start; at < tokens.length; at++) {
    const [token, next] = [tokens[at], tokens[at + 1]]
    if (token === undefined) break
    if (!inBraces && isWord(token, 'from') && next?.kind === 'string') {
      return { specifier: literal(next.text), names }
    }
    if (isMark(token, '{')) inBraces = true
    else if (isMark(token, '}')) inBraces = false
    else if (isMark(token, '*')) names.push('*')
    else if (isWord(token, 'as')) at++
    else if (token.kind === 'word') {
      const isModifier =
        token.text === 'type' && !isMark(next, ',') && !isMark(next, '}') && !isWord(next, 'as')
      if (!isModifier) names.push(inBraces ? token.text : 'default')
    } else if (!isMark(token, ',')) return undefined
  }
  return undefined
}

/** @param {string} text an escape would hide what is named, so it counts as computed */
function literal(text) {
  return text.includes('\\') ? undefined : text
}

/** @param {Token | undefined} token @param {string} text */
export function isMark(token, text) {
  return token?.kind === 'mark' && token.text === text
}

/** @param {Token | undefined} token @param {string} text */
export function isWord(token, text) {
  return token?.kind === 'word' && token.text === text
}
