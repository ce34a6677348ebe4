/**
 * Splits TypeScript into tokens, as far as finding import statements needs: words, strings and single
 * punctuation marks. Comments, regular expressions and the literal parts of templates are passed over, so
 * that an "import" inside them is none; the expressions inside a template are tokens like any others.
 *
 * @typedef {{ kind: 'word' | 'string' | 'mark', text: string, line: number }} Token
 *   `text` of a string is what stands between the quotes, escapes untouched; `line` counts from 1
 */

/** After these words a slash starts a regular expression; after any other word it divides. */
const wordsBeforeExpressions = new Set(
  'await case delete do else extends in instanceof new of return throw typeof void yield'.split(' '),
)

/**
 * @param {string} source
 * @returns {Token[]}
 */
export function tokensOf(source) {
  /** @type {Token[]} */
  const tokens = []
  /**
   * For each open brace, whether it began an expression inside a template.
   *
   * @type {boolean[]}
   */
  const braces = []
  let line = 1
  let at = 0

  while (at < source.length) {
    const char = source[at] ?? ''
    if (/\s/.test(char)) {
      pass(1)
    } else if (source.startsWith('//', at) || (at === 0 && source.startsWith('#!'))) {
      match(/.*/y)
    } else if (source.startsWith('/*', at)) {
      match(/\/\*[\s\S]*?(?:\*\/|$)/y)
    } else if (char === "'" || char === '"') {
      add(
        'string',
        match(char === "'" ? /'(?:[^'\\\n]|\\[\s\S])*'?/y : /"(?:[^"\\\n]|\\[\s\S])*"?/y).slice(1, -1),
      )
    } else if (char === '`') {
      readTemplate()
    } else if (char === '/' && startsExpression(tokens.at(-1))) {
      match(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\/?\w*/y)
    } else if (/[\w$\u0080-\uffff]/.test(char)) {
      add('word', match(/[\w$\u0080-\uffff]+/y))
    } else if (char === '}' && braces.pop() === true) {
      readTemplate()
    } else {
      if (char === '{') braces.push(false)
      add('mark', match(/[\s\S]/y))
    }
  }
  return tokens

  /** Reads the literal part of a template up to its end or to the expression that interrupts it. */
  function readTemplate() {
    const opens = source[at] === '`'
    const text = match(/[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)?/y)
    if (text.endsWith('${')) {
      braces.push(true)
      // A mark, so that what follows is read as the start of an expression.
      add('mark', '${')
    } else if (opens) {
      add('string', text.slice(1, -1))
    } else {
      add('mark', '`')
    }
  }

  /** @param {Token['kind']} kind @param {string} text */
  function add(kind, text) {
    const lines = text.split('\n').length - 1
    tokens.push({ kind, text, line: line - lines })
  }

  /** @param {RegExp} pattern sticky; matches at least one character here */
  function match(pattern) {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0] ?? source.slice(at, at + 1)
    pass(text.length)
    return text
  }

  /** @param {number} length */
  function pass(length) {
    for (const end = at + length; at < end; at++) if (source[at] === '\n') line++
  }
}

/** @param {Token | undefined} previous */
function startsExpression(previous) {
  if (previous === undefined) return true
  if (previous.kind === 'word') return wordsBeforeExpressions.has(previous.text)
  return previous.kind === 'mark' && !')]}`'.includes(previous.text)
}
