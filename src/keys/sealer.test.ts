import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { testRandom, testSealer } from '../../test/support/sealer.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { SealError } from '../core/keys/sealer.ts'
import { keyIdText } from './envelope.ts'
import { MasterKeyFile } from './master-key-file.ts'
import { MasterKeySealer } from './sealer.ts'
import '../../test/support/seed.ts'

const context = { subject: 'account/7', purpose: 'tinycert-key' }

test('what is sealed opens again, and names the master key that wrapped it', () => {
  const sealer = testSealer()
  const sealed = sealer.seal(Buffer.from('secret'), context)
  assert.equal(Buffer.from(sealer.open(sealed, context)).toString(), 'secret')
  assert.equal(sealer.wrappedBy(sealed), sealer.masterKeyId)
  assert.match(sealer.masterKeyId, /^[0-9a-f]{32}$/)
})

test('an envelope of an unknown master key is a SealError, also where no file can be read', () => {
  const sealed = testSealer().seal(Buffer.from('secret'), context)
  assert.throws(() => testSealer().open(sealed, context), SealError)
})

test('what is sealed under a given key opens under it and not under the master key', () => {
  const sealer = testSealer()
  const key = randomBytes(32)
  const sealed = sealer.sealUnder(key, Buffer.from('secret'), context)
  assert.equal(Buffer.from(sealer.openUnder(key, sealed, context)).toString(), 'secret')
  assert.throws(() => sealer.open(sealed, context), SealError)
  assert.throws(() => sealer.openUnder(randomBytes(32), sealed, context), SealError)
})

test('malformed envelopes are SealErrors for every way of opening', () => {
  const sealer = testSealer()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.throws(() => sealer.open(bytes, context), SealError)
      assert.throws(() => sealer.openUnder(new Uint8Array(32), bytes, context), SealError)
    }),
  )
})

test('a MAC changes with context, value, kind, number and division of the fields', () => {
  const sealer = testSealer()
  const mac = (fields: readonly (string | Uint8Array)[], subject = 'account/7', purpose = 'account-record') =>
    Buffer.from(sealer.integrity({ subject, purpose }, fields)).toString('hex')
  const macs = [
    mac(['ab', 'c']),
    mac(['a', 'bc']),
    mac(['abc']),
    mac(['ab', 'c', '']),
    mac(['', 'ab', 'c']),
    mac(['ab', Buffer.from('c')]),
    mac(['c', 'ab']),
    mac(['ab', 'c'], 'account/8'),
    mac(['ab', 'c'], 'account/7', 'other'),
    mac(['c'], 'account/7', 'ab'),
  ]
  assert.equal(new Set(macs).size, macs.length)
  assert.equal(mac(['ab', 'c']), macs[0])
  assert.equal(macs[0]?.length, 64)
})

test('another process that put a new key into the file is followed when its envelopes appear', (t) => {
  const file = new MasterKeyFile(join(temporaryFolder(t, 'sealer'), 'master.key'))
  const masterKey = file.writePending(randomBytes(32))
  file.establish(keyIdText(masterKey.id))
  const integrityKey = createSecretKey(randomBytes(32))
  const open = () => new MasterKeySealer({ file, masterKey, integrityKey, random: testRandom })
  const [server, command] = [open(), open()]
  const sealed = server.seal(Buffer.from('secret'), context)
  const next = command.prepare()
  const rewrapped = next.rewrap(sealed, context)
  // Between the commit and the renaming of the file.
  assert.equal(Buffer.from(server.open(rewrapped, context)).toString(), 'secret')
  next.promote()
  assert.equal(server.masterKeyId, next.id)
  assert.equal(command.masterKeyId, next.id)
  assert.throws(() => server.open(sealed, context), SealError)
  const third = open()
  third.follow('0'.repeat(32))
  assert.notEqual(third.masterKeyId, next.id)
  third.follow(next.id)
  assert.equal(third.masterKeyId, next.id)
})
