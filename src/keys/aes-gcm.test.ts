import assert from 'node:assert/strict'
import test from 'node:test'
import { corpusFile, skipWithout } from '../../test/support/corpora.ts'
import { SealError } from '../core/keys/sealer.ts'
import { decrypt, encryptInto, nonceLength, tagLength } from './aes-gcm.ts'

interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly key: string
  readonly iv: string
  readonly aad: string
  readonly msg: string
  readonly ct: string
  readonly tag: string
  readonly result: 'valid' | 'invalid'
}

interface Group {
  readonly keySize: number
  readonly ivSize: number
  readonly tagSize: number
  readonly tests: readonly Vector[]
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')

test('every AES-256-GCM vector with a 96-bit nonce opens or is refused as the corpus states', {
  skip: skipWithout('wycheproof'),
}, () => {
  const file = corpusFile('wycheproof', 'testvectors_v1/aes_gcm_test.json')
  const { testGroups }: { testGroups: readonly Group[] } = JSON.parse(Buffer.from(file).toString())
  const vectors = testGroups
    .filter(({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128)
    .flatMap((group) => group.tests)
  assert.ok(vectors.length > 50)
  for (const vector of vectors) {
    const box = bytes(vector.iv + vector.ct + vector.tag)
    const open = () => decrypt(bytes(vector.key), box, bytes(vector.aad))
    if (vector.result === 'invalid') {
      assert.throws(open, SealError, `vector ${vector.tcId}: ${vector.comment}`)
      continue
    }
    assert.deepEqual(Buffer.from(open()), bytes(vector.msg), `vector ${vector.tcId}: ${vector.comment}`)
    const message = bytes(vector.msg)
    const target = Buffer.alloc(nonceLength + message.length + tagLength)
    encryptInto(target, 0, bytes(vector.key), bytes(vector.iv), message, bytes(vector.aad))
    assert.deepEqual(target, box, `vector ${vector.tcId}: ${vector.comment}`)
  }
})
