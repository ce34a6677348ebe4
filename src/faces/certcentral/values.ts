/** Largest id there is: clients read them into 32 bits. */
export const largestId = 2 ** 31 - 1

/** Control characters, `<` and `>` have no place in names and comments. */
export function isPlainText(
  text: string,
  {
    multiline = false,
    anyCharacter = false,
  }: { readonly multiline?: boolean; readonly anyCharacter?: boolean },
): boolean {
  if (!text.isWellFormed() || text.includes('\0')) return false
  if (anyCharacter) return true
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    const isLineEnd = character === 0x09 || character === 0x0a || character === 0x0d
    if ((character < 0x20 && !(multiline && isLineEnd)) || character === 0x7f) return false
    if (character === 0x3c || character === 0x3e) return false
  }
  return true
}
