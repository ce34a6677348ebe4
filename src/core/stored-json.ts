/** The value of a text that was stored as JSON; undefined when it is none. */
export function storedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
