import { readFileSync, writeFileSync } from 'node:fs'

/**
 * A file of binary messages for other processes and for wrk: each stands behind its length in four octets, most
 * significant first.
 */
export function writeFrames(path: string, messages: readonly Uint8Array[]): void {
  const parts = messages.flatMap((message) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(message.length)
    return [length, message]
  })
  writeFileSync(path, Buffer.concat(parts), { mode: 0o600 })
}

export function readFrames(path: string): Buffer[] {
  const file = readFileSync(path)
  const messages: Buffer[] = []
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at)
    messages.push(file.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return messages
}
