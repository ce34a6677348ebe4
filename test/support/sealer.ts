import { createSecretKey, randomBytes } from 'node:crypto'
import type { Random } from '../../src/core/environment.ts'
import { wrappingKey } from '../../src/keys/envelope.ts'
import { MasterKeyFile } from '../../src/keys/master-key-file.ts'
import { MasterKeySealer } from '../../src/keys/sealer.ts'

/** The system's randomness. */
export const testRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }

/** A sealer over random keys that lie in no file and in no store: for tests that never rotate. */
export function testSealer(): MasterKeySealer {
  return new MasterKeySealer({
    file: new MasterKeyFile('/nonexistent/master.key'),
    masterKey: wrappingKey('master', randomBytes(32)),
    integrityKey: createSecretKey(randomBytes(32)),
    random: testRandom,
  })
}
