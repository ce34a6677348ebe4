/** Largest id there is: clients read them into 32 bits. */
export const largestId = 2 ** 31 - 1

/** Control characters of both sets (C0, C1), `<` and `>` have no place in names and comments. */
export function isPlainText(
  text: string,
  {
    multiline = false,
    anyCharacter = false,
    controlsLater = false,
  }: { readonly multiline?: boolean; readonly anyCharacter?: boolean; readonly controlsLater?: boolean },
): boolean {
  if (controlsLater) return text.isWellFormed() && !/[<>]/.test(text)
  if (!text.isWellFormed() || text.includes('\0')) return false
  if (anyCharacter) return true
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    const isLineEnd = character === 0x09 || character === 0x0a || character === 0x0d
    if ((character < 0x20 && !(multiline && isLineEnd)) || (character >= 0x7f && character < 0xa0))
      return false
    if (character === 0x3c || character === 0x3e) return false
  }
  return true
}
