import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

/**
 * A file sealed under a 256-bit key, so that it may lie anywhere: `CHANCERY-BACKUP 1\n`, 32 octets of salt,
 * then chunks of 64 KiB under AES-256-GCM with a key derived from both. Each chunk's nonce is its number and
 * whether it is the last, so chunks cannot be dropped, repeated, exchanged or cut off.
 */
const MAGIC = Buffer.from('CHANCERY-BACKUP 1\n')
const SALT_LENGTH = 32
const CHUNK_LENGTH = 64 * 1024
const TAG_LENGTH = 16
const KEY_LENGTH = 32

/** Raised for a backup file that is not one, is damaged, or was sealed under another key. */
export class BackupUnreadable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BackupUnreadable'
  }
}

/** Seals a file into a new one of mode 0600, synced. @throws when the target exists */
export async function sealFile(sourcePath: string, targetPath: string, key: Uint8Array): Promise<void> {
  const salt = randomBytes(SALT_LENGTH)
  const fileKey = deriveKey(key, salt)
  await withFiles(sourcePath, targetPath, async (source, target) => {
    await target.write(Buffer.concat([MAGIC, salt]))
    const chunk = Buffer.allocUnsafe(CHUNK_LENGTH)
    for (let number = 0, isLast = false; !isLast; number++) {
      const length = await readFully(source, chunk)
      isLast = length < CHUNK_LENGTH
      const cipher = createCipheriv('aes-256-gcm', fileKey, nonceOf(number, isLast))
      const sealed = cipher.update(chunk.subarray(0, length))
      cipher.final()
      await writeFully(target, Buffer.concat([sealed, cipher.getAuthTag()]))
    }
  })
}

/** Opens a sealed file into a new one of mode 0600, synced. @throws BackupUnreadable; when the target exists */
export async function openSealedFile(sourcePath: string, targetPath: string, key: Uint8Array): Promise<void> {
  await withFiles(sourcePath, targetPath, async (source, target) => {
    const head = Buffer.allocUnsafe(MAGIC.length + SALT_LENGTH)
    if ((await readFully(source, head)) < head.length || !head.subarray(0, MAGIC.length).equals(MAGIC)) {
      throw new BackupUnreadable(`${sourcePath} is not a backup of this version`)
    }
    const fileKey = deriveKey(key, head.subarray(MAGIC.length))
    const chunk = Buffer.allocUnsafe(CHUNK_LENGTH + TAG_LENGTH)
    for (let number = 0, isLast = false; !isLast; number++) {
      const length = await readFully(source, chunk)
      isLast = length < chunk.length
      await writeFully(target, openChunk(sourcePath, fileKey, number, isLast, chunk.subarray(0, length)))
    }
  })
}

function openChunk(
  path: string,
  fileKey: Uint8Array,
  number: number,
  isLast: boolean,
  chunk: Uint8Array,
): Uint8Array {
  if (chunk.length < TAG_LENGTH) throw new BackupUnreadable(`${path} was cut off`)
  const decipher = createDecipheriv('aes-256-gcm', fileKey, nonceOf(number, isLast))
  decipher.setAuthTag(chunk.subarray(chunk.length - TAG_LENGTH))
  const opened = decipher.update(chunk.subarray(0, chunk.length - TAG_LENGTH))
  try {
    decipher.final()
  } catch (cause) {
    throw new BackupUnreadable(`${path} is damaged, or this is not the key it was sealed with`, { cause })
  }
  return opened
}

function deriveKey(key: Uint8Array, salt: Uint8Array): Uint8Array {
  if (key.length !== KEY_LENGTH) throw new RangeError('a backup key has 32 octets')
  return new Uint8Array(hkdfSync('sha256', key, salt, 'chancery backup file', KEY_LENGTH))
}

function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 0, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

async function withFiles(
  sourcePath: string,
  targetPath: string,
  work: (source: FileHandle, target: FileHandle) => Promise<void>,
): Promise<void> {
  await using source = await open(sourcePath, 'r')
  await using target = await open(targetPath, 'wx', 0o600)
  await work(source, target)
  await target.sync()
}

/** Fills the buffer as far as the file goes. */
async function readFully(file: FileHandle, buffer: Buffer): Promise<number> {
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}

async function writeFully(file: FileHandle, octets: Uint8Array): Promise<void> {
  for (let written = 0; written < octets.length; ) {
    written += (await file.write(octets, written)).bytesWritten
  }
}
