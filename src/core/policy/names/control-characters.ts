/** Whether a text holds a character of the sets C0 or C1, or DEL (case K25). Linear; stops at the first. */
export function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      return true
    }
  }
  return false
}
