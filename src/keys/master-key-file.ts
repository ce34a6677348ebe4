import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { keyIdText, type WrappingKey, wrappingKey } from './envelope.ts'

/** Raised when the master key cannot be read or is not the one that opens the store. */
export class MasterKeyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MasterKeyError'
  }
}

const prefix = Buffer.from('chancery-master-key-1 ')
const keyLength = 32
const textLength = prefix.length + 2 * keyLength
const newline = 0x0a

/**
 * The file of the master key: one line, `chancery-master-key-1`, a space and 64 lower-case hex digits.
 *
 * A key that is not in use yet lies beside it in a file of its own, `<file>.next-<id>`. Because the name holds
 * the id, processes that meet there never overwrite one another's key, and a reader who knows from the store
 * which key is in use finds it whether or not it was renamed already.
 */
export class MasterKeyFile {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Undefined when there is no file. @throws MasterKeyError when its form is not the one above */
  read(): WrappingKey | undefined {
    return readKey(this.path)
  }

  /** The key of this id, in use or pending. @throws MasterKeyError */
  find(id: string): WrappingKey | undefined {
    for (const path of [this.path, this.#pendingPath(id)]) {
      const key = readKey(path)
      if (key !== undefined && keyIdText(key.id) === id) return key
    }
    return undefined
  }

  /** Makes a key durable in a pending file. Takes 32 octets, which the caller zeroes. */
  writePending(bytes: Uint8Array): WrappingKey {
    const key = wrappingKey('master', bytes)
    const line = encodeLine(bytes)
    const file = openSync(this.#pendingPath(keyIdText(key.id)), 'wx', 0o600)
    try {
      writeSync(file, line)
      fsyncSync(file)
    } finally {
      line.fill(0)
      closeSync(file)
    }
    this.#syncFolder()
    return key
  }

  /** Makes a pending key the one in use unless there is a file already: false then. The pending file goes. */
  establish(id: string): boolean {
    const pending = this.#pendingPath(id)
    let established = true
    try {
      linkSync(pending, this.path)
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error
      established = false
    }
    this.#syncFolder()
    unlinkSync(pending)
    return established
  }

  /** Makes a pending key the one in use, in place of the present one. Done already: nothing happens. */
  promote(id: string): void {
    try {
      renameSync(this.#pendingPath(id), this.path)
    } catch (error) {
      if (!isSystemError(error, 'ENOENT') || !this.#holds(id)) throw error
    }
    this.#syncFolder()
  }

  /** Removes a pending key. */
  discard(id: string): void {
    try {
      unlinkSync(this.#pendingPath(id))
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error
    }
    this.#syncFolder()
  }

  /** Ids of pending keys: of a rotation that runs now, or of one that was interrupted. */
  pendingIds(): readonly string[] {
    const start = `${basename(this.path)}.next-`
    return readdirSync(dirname(this.path))
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length))
  }

  #holds(id: string): boolean {
    const key = this.read()
    return key !== undefined && keyIdText(key.id) === id
  }

  #pendingPath(id: string): string {
    return join(dirname(this.path), `${basename(this.path)}.next-${id}`)
  }

  /** A name in a folder survives a power loss only when the folder itself is synced. */
  #syncFolder(): void {
    // Windows cannot open folders.
    if (process.platform === 'win32') return
    const folder = openSync(dirname(this.path), 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  }
}

function readKey(path: string): WrappingKey | undefined {
  let line: Buffer
  try {
    line = readFileSync(path)
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw new MasterKeyError(`the master key file "${path}" cannot be read`, { cause: error })
  }
  const bytes = Buffer.alloc(keyLength)
  try {
    if (!decodeLine(line, bytes)) {
      throw new MasterKeyError(`"${path}" is not a master key file: put the right file back from its copy`)
    }
    return wrappingKey('master', bytes)
  } finally {
    line.fill(0)
    bytes.fill(0)
  }
}

// The octets go through buffers that can be zeroed, never through a string.

function encodeLine(bytes: Uint8Array): Buffer {
  const line = Buffer.alloc(textLength + 1)
  line.set(prefix)
  let position = prefix.length
  for (const byte of bytes) {
    line[position++] = hexDigit(byte >> 4)
    line[position++] = hexDigit(byte & 15)
  }
  line[position] = newline
  return line
}

function decodeLine(line: Buffer, bytes: Uint8Array): boolean {
  const whole = line.length === textLength || (line.length === textLength + 1 && line[textLength] === newline)
  if (!whole || prefix.compare(line, 0, prefix.length) !== 0) return false
  for (let index = 0; index < keyLength; index++) {
    const high = hexValue(line[prefix.length + 2 * index])
    const low = hexValue(line[prefix.length + 2 * index + 1])
    if (high < 0 || low < 0) return false
    bytes[index] = high * 16 + low
  }
  return true
}

function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value
}

/** -1 when it is not a lower-case hex digit. */
function hexValue(character = 0): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30
  if (character >= 0x61 && character <= 0x66) return character - 0x57
  return -1
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
