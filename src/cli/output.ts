/** Where a command writes: results to standard output, everything else to standard error. */
export interface Output {
  readonly isJson: boolean
  /** The result, once: an object for `--json`, text for people. */
  result(value: object, text: string): void
  /** A remark for people; left out with `--json`. */
  note(text: string): void
}

export function createOutput(isJson: boolean): Output {
  return {
    isJson,
    result: (value, text) => {
      process.stdout.write(`${isJson ? JSON.stringify(value) : printable(text)}\n`)
    },
    note: (text) => {
      if (!isJson) process.stderr.write(`${printable(text)}\n`)
    },
  }
}

/** Text without the control characters by which stored names could steer a terminal; line ends and tabs stay. */
export function printable(text: string): string {
  let result = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const isControl = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0)
    const isDirection = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
    result += isControl || isDirection ? '\ufffd' : character
  }
  return result
}

/** Rows in columns, as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names and values below each other. */
export function facts(entries: readonly (readonly [string, string | number | null])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value ?? '–'}`).join('\n')
}

/** `2026-03-01T12:00:00Z`. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
