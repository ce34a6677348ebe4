const shownCharacters = 64

/**
 * A value of the caller's, fit to stand inside a message: quoted, cut short, and every character that a
 * terminal, a log or an XML document could trip over written as its code point.
 */
export function quote(value: string): string {
  let shown = ''
  let count = 0
  for (const character of value) {
    if (count === shownCharacters) return `"${shown}…"`
    shown += isPlain(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
    count += 1
  }
  return `"${shown}"`
}

/** Assigned to text: no control, format or bidirectional mark, no lone surrogate, no noncharacter, no quote. */
function isPlain(character: string): boolean {
  return character !== '"' && character !== '\\' && !/[\p{C}\p{Zl}\p{Zp}]/u.test(character)
}

/** A parameter's name: shown bare while it is an ordinary one. */
export function parameterName(name: string): string {
  return name.length <= 64 && /^[A-Za-z0-9_[\].-]+$/.test(name) ? name : quote(name)
}
