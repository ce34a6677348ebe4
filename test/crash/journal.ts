import { hash } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import type { KeyService } from '../../src/core/keys/key-service.ts'
import { DerReader } from '../../src/pki/der/reader.ts'
import { INTEGER } from '../../src/pki/der/tags.ts'
import { linesOf } from './history.ts'

/** What a CA key was asked to sign. */
export interface JournalEntry {
  readonly kind: 'certificate' | 'crl'
  /** SHA-256 of the bytes, lower-case hex. */
  readonly digest: string
}

/**
 * Keys whose CA signatures are told to a file of their own, synced before anything is signed: what the signer
 * remembers, whatever becomes of the process.
 */
export function journalling(keys: KeyService, path: string): KeyService {
  const file = openSync(path, 'as', 0o600)
  return {
    generate: (request) => keys.generate(request),
    adopt: (request) => keys.adopt(request),
    exportPrivateKey: (record, vaultKey) => keys.exportPrivateKey(record, vaultKey),
    forget: (id) => keys.forget(id),
    signer(record, algorithm, vaultKey) {
      const signer = keys.signer(record, algorithm, vaultKey)
      if (record.purpose !== 'authority') return signer
      return {
        algorithm,
        sign(message) {
          writeSync(file, `${kindOf(message)} ${digestOf(message)}\n`)
          return signer.sign(message)
        },
      }
    },
  }
}

export function readJournal(path: string): readonly JournalEntry[] {
  return linesOf(path).map((line) => {
    const [kind, digest] = line.split(' ')
    if ((kind !== 'certificate' && kind !== 'crl') || digest === undefined) {
      throw new Error(`not a line of a signer's journal: ${line}`)
    }
    return { kind, digest }
  })
}

export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** A tbsCertList begins with its version as a bare INTEGER, a tbsCertificate with a tagged one. */
function kindOf(message: Uint8Array): JournalEntry['kind'] {
  return DerReader.ofSequence(message).peekTag() === INTEGER ? 'crl' : 'certificate'
}
