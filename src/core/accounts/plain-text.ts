/** Why a text cannot be stored and shown as it is; undefined when it can. */
export function plainTextDefect(text: string): string | undefined {
  if (!text.isWellFormed()) return 'not Unicode text'
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (character < 0x20 || character === 0x7f) return 'holds a control character'
  }
  return undefined
}
