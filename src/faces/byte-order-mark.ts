const mark = Buffer.from([0xef, 0xbb, 0xbf])

/** A body without the byte order mark that some programs put before UTF-8; RFC 8259 section 8.1 lets a reader pass over it. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(mark) ? bytes.subarray(3) : bytes
}
