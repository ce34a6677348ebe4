import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testSealer } from '../../../test/support/sealer.ts'
import { accountId } from '../brand.ts'
import { codeDigest } from './enrollment-codes.ts'

test('the digest of a code differs by account and by installation, and is the same each time', () => {
  const [one, other] = [testSealer(), testSealer()]
  const [ada, eve] = [accountId(1), accountId(2)]
  const digest = codeDigest(one, ada, 'own-code')
  assert.match(digest, /^[0-9a-f]{64}$/)
  assert.equal(codeDigest(one, ada, 'own-code'), digest)
  for (const another of [
    codeDigest(one, ada, 'own-codf'),
    codeDigest(one, eve, 'own-code'),
    codeDigest(other, ada, 'own-code'),
  ]) {
    assert.notEqual(another, digest)
  }
})
