import assert from 'node:assert/strict'
import { createECDH, createPublicKey, generateKeyPairSync, generatePrimeSync, hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { takesLessThan } from '../../../../test/support/quick.ts'
import { bitString, integer, nullValue, oid, sequence } from '../../../pki/der/writer.ts'
import { type KeyKind, keyKinds } from '../../../pki/key-kinds.ts'
import { oids } from '../../../pki/oids.ts'
import { parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from '../../../pki/spki.ts'
import { isFault } from '../../faults.ts'
import { checkPublicKey } from './check-public-key.ts'
import { isFermatWeak } from './fermat.ts'
import { type KeyList, keyListDigest, parseKeyList } from './key-list.ts'
import { isPatterned } from './patterned-modulus.ts'
import { checkModulusIsComposite } from './prime-modulus.ts'
import { builtInKeyLists, publishedKeys } from './published-keys.ts'
import { isRoca } from './roca.ts'
import { integerSquareRoot, rsaNumbers, unsigned } from './rsa-numbers.ts'
import { hasSmallFactor } from './small-factors.ts'

const defaultKinds: readonly KeyKind[] = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384']
const corpora = process.env.CHANCERY_CORPORA ?? '../shared/corpora'
const corporaMissing = existsSync(corpora) ? false : `no test corpora at ${corpora}: set CHANCERY_CORPORA`

function rsaSpki(modulus: bigint, exponent = 65537n): SubjectPublicKeyInfo {
  return parseSubjectPublicKeyInfo(
    sequence(
      sequence(oid(oids.rsaEncryption), nullValue()),
      bitString(sequence(integer(modulus), integer(exponent))),
    ),
  )
}

function generated(type: 'rsa' | 'ec' | 'ed25519', options: object = {}): SubjectPublicKeyInfo {
  const { publicKey } = generateKeyPairSync(type as 'rsa', options as { modulusLength: number })
  return parseSubjectPublicKeyInfo(publicKey.export({ format: 'der', type: 'spki' }))
}

function pemSpki(pem: string): SubjectPublicKeyInfo {
  return parseSubjectPublicKeyInfo(createPublicKey(pem).export({ format: 'der', type: 'spki' }))
}

function outcome(spki: SubjectPublicKeyInfo, kinds = defaultKinds, lists = builtInKeyLists): string {
  try {
    checkPublicKey(spki, kinds, lists)
    return 'accepted'
  } catch (error) {
    if (isFault(error, 'key_weak')) return `key_weak ${error.detail.weakness}`
    if (isFault(error)) return error.code
    throw error
  }
}

const soundRsa = generated('rsa', { modulusLength: 2048 })
assert(soundRsa.type === 'rsa')
const soundModulus = unsigned(soundRsa.modulus)

describe('kind and size', () => {
  test('sound keys of every allowed kind are accepted', () => {
    assert.equal(outcome(soundRsa), 'accepted')
    assert.equal(outcome(generated('ec', { namedCurve: 'P-256' })), 'accepted')
    assert.equal(outcome(generated('ec', { namedCurve: 'P-384' })), 'accepted')
    assert.equal(outcome(generated('ed25519'), keyKinds), 'accepted')
  })

  test('K14 a key on P-521, P-224 or secp256k1 is refused with the list of what is allowed', () => {
    for (const [namedCurve, received] of [
      ['P-521', 'p-521'],
      ['secp224r1', 'P-224'],
      ['secp256k1', 'secp256k1'],
      ['brainpoolP256r1', 'brainpoolP256r1'],
    ] as const) {
      assert.throws(
        () => checkPublicKey(generated('ec', { namedCurve }), defaultKinds),
        (error) => {
          assert(isFault(error, 'key_type_refused'))
          assert.deepEqual(error.detail, { received, allowed: defaultKinds })
          return true
        },
      )
    }
  })

  test('K14 a key on P-521 is accepted where the setting allows it', () => {
    assert.equal(outcome(generated('ec', { namedCurve: 'P-521' }), [...defaultKinds, 'p-521']), 'accepted')
  })

  test('K15 RSA moduli of 1024 and 2047 bits are refused, and the sizes allowed are named', () => {
    for (const bits of [1024, 2047, 2049]) {
      assert.throws(
        () => checkPublicKey(rsaSpki((1n << BigInt(bits - 1)) + 1n), defaultKinds),
        (error) => {
          assert(isFault(error, 'key_size_refused'))
          assert.deepEqual(error.detail, { bits, allowed: [2048, 3072, 4096] })
          return true
        },
      )
    }
  })

  test('K16 an RSA modulus of 16,384 bits is refused by its size in under 50 ms', async () => {
    const spki = rsaSpki((1n << 16383n) + 1n)
    await takesLessThan(50, () => assert.equal(outcome(spki), 'key_size_refused'))
  })

  test('K23 Ed25519, X25519 and ML-KEM keys are refused where they are not allowed', () => {
    assert.equal(outcome(generated('ed25519')), 'key_type_refused')
    for (const type of ['x25519', 'ml-kem-768']) {
      assert.equal(outcome(generated(type as 'ed25519'), keyKinds), 'key_type_refused')
    }
  })

  test('an RSA key is refused by type where no RSA key is allowed', () => {
    assert.equal(outcome(soundRsa, ['p-256']), 'key_type_refused')
  })
})

describe('weak RSA keys', () => {
  test('K17 exponents 1, 3, 65536, 65539 and beyond the modulus are refused', () => {
    for (const exponent of [1n, 3n, 65536n, 65539n, soundModulus + 2n]) {
      assert.equal(outcome(rsaSpki(soundModulus, exponent)), 'key_weak exponent')
    }
  })

  test('K21 a modulus with a prime factor from 2 to 65521 is refused, 65537 is past the bound', () => {
    for (const factor of [2n, 3n, 751n, 757n, 65521n]) {
      assert.equal(outcome(rsaSpki((soundModulus / factor) * factor)), 'key_weak small-factor')
    }
    assert.equal(outcome(rsaSpki(coprimeTo(soundModulus / 65537n) * 65537n)), 'accepted')
  })

  test('K20 factors found by Fermat within 100 rounds are refused', () => {
    const first = coprimeTo(integerSquareRoot(soundModulus))
    const second = coprimeTo(first + 2n)
    assert.equal(outcome(rsaSpki(first * second)), 'key_weak fermat')
    assert.equal(outcome(rsaSpki(first * first)), 'key_weak fermat')
  })

  test('K20 the hundredth round still counts, the hundred and first does not', () => {
    // (a - b)(a + b) falls when a is reached: b is the smallest for which that takes `earlier` rounds before.
    const a = integerSquareRoot(soundModulus)
    for (const [earlier, expected] of [
      [0n, true],
      [99n, true],
      [100n, false],
    ] as const) {
      const b = integerSquareRoot(a * a - (a - earlier) * (a - earlier)) + 1n
      const modulus = a * a - b * b
      assert.equal(a - integerSquareRoot(modulus - 1n) - 1n, earlier)
      const key = { modulus, bits: 2048, exponent: 65537n, modulusBytes: new Uint8Array(0) }
      assert.equal(isFermatWeak(key), expected)
    }
  })

  test('a modulus with a pattern in its bits is refused', () => {
    const sparse = (1n << 2047n) + (1n << 1024n) + 0x4e3b1n
    assert.equal(outcome(rsaSpki(coprimeTo(sparse))), 'key_weak modulus')
    let words = 0n
    for (let index = 0; index < 64; index += 1) {
      const digest = hash('sha256', `word ${index}`)
      words = (words << 32n) + BigInt(`0x${index === 0 ? 'ffffffff' : `000${digest.slice(0, 5)}`}`)
    }
    assert.equal(outcome(rsaSpki(coprimeTo(words))), 'key_weak modulus')
  })

  test('a prime modulus is refused by the check that runs on a thread', async () => {
    const prime = generatePrimeSync(2048, { bigint: true })
    assert.equal(outcome(rsaSpki(prime)), 'accepted')
    await assert.rejects(checkModulusIsComposite(rsaSpki(prime)), (error) => isFault(error, 'key_weak'))
    await checkModulusIsComposite(soundRsa)
    await checkModulusIsComposite(generated('ed25519'))
  })

  test('100 sound RSA moduli raise nothing', () => {
    // A sound modulus is as good as random: odd numbers from a digest, without small factors, stand in.
    for (let index = 0; index < 100; index += 1) {
      const digits = Array.from({ length: 8 }, (_, part) => hash('sha256', `${index}/${part}`)).join('')
      const modulus = coprimeTo(BigInt(`0x${digits}`) | (1n << 2047n) | 1n)
      assert.equal(outcome(rsaSpki(modulus)), 'accepted')
    }
  })
})

describe('lists of known keys', () => {
  const listed = (weakness: string, ...keys: SubjectPublicKeyInfo[]): KeyList => {
    const digests = keys.map((key) => Buffer.from(keyListDigest(key)).toString('hex')).sort()
    const text = `chancery-key-list 1\nweakness ${weakness}\nentries ${keys.length}\n${digests.join('\n')}\n`
    return parseKeyList('test', text)
  }

  test('K19 an RSA key on the list of Debian keys is refused whatever its exponent', () => {
    const lists = [listed('debian', soundRsa, generated('ed25519'))]
    assert.equal(outcome(soundRsa, defaultKinds, lists), 'key_weak debian')
    assert.equal(outcome(rsaSpki(soundModulus, 3n), defaultKinds, lists), 'key_weak debian')
    assert.equal(outcome(generated('rsa', { modulusLength: 2048 }), defaultKinds, lists), 'accepted')
  })

  test('K19 an EC key on a list is refused by its point', () => {
    const spki = generated('ec', { namedCurve: 'P-256' })
    assert.equal(outcome(spki, defaultKinds, [listed('debian', spki)]), 'key_weak debian')
  })

  test('keys printed in RFCs and points with a tiny private scalar are refused', () => {
    const curve = createECDH('prime256v1')
    curve.setPrivateKey(Buffer.from('16'.padStart(64, '0'), 'hex'))
    const point = curve.getPublicKey()
    const tiny = (scalar: number) => {
      curve.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'))
      const bytes = curve.getPublicKey()
      const jwk = {
        kty: 'EC',
        crv: 'P-256',
        x: bytes.subarray(1, 33).toString('base64url'),
        y: bytes.subarray(33).toString('base64url'),
      }
      return parseSubjectPublicKeyInfo(
        createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' }),
      )
    }
    assert.equal(point.length, 65)
    assert.equal(outcome(tiny(1)), 'key_weak published')
    assert.equal(outcome(tiny(16)), 'key_weak published')
    assert.equal(outcome(tiny(17)), 'accepted')
    const example = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const spki = createPublicKey({ key: example, format: 'jwk' }).export({ format: 'der', type: 'spki' })
    assert.equal(outcome(parseSubjectPublicKeyInfo(spki), keyKinds), 'key_weak published')
    assert.equal(publishedKeys.entryCount, 113)
  })

  const one = '00112233445566778899aabbccddeeff'
  const two = '0123456789abcdef0123456789abcdef'
  for (const [problem, text, line] of [
    ['no header', `${one}\n`, 1],
    ['another version', `chancery-key-list 2\nweakness debian\nentries 1\n${one}\n`, 1],
    ['an unknown weakness', `chancery-key-list 1\nweakness odd\nentries 1\n${one}\n`, 2],
    ['no count', `chancery-key-list 1\nweakness debian\n${one}\n`, 3],
    ['a count that is no number', `chancery-key-list 1\nweakness debian\nentries 1e0\n${one}\n`, 3],
    ['fewer entries than announced', `chancery-key-list 1\nweakness debian\nentries 2\n${one}\n`, undefined],
    [
      'more entries than announced',
      `chancery-key-list 1\nweakness debian\nentries 1\n${one}\n${two}\n`,
      undefined,
    ],
    ['a short digest', `chancery-key-list 1\nweakness debian\nentries 1\n${one.slice(1)}\n`, 4],
    ['upper case', `chancery-key-list 1\nweakness debian\nentries 1\n${one.toUpperCase()}\n`, 4],
    ['a carriage return', `chancery-key-list 1\nweakness debian\nentries 1\n${one}\r\n`, 4],
    ['a repeat', `chancery-key-list 1\nweakness debian\nentries 2\n${one}\n${one}\n`, 5],
    ['disorder', `chancery-key-list 1\nweakness debian\nentries 2\n${two}\n${one}\n`, 5],
    ['no end of the last line', `chancery-key-list 1\nweakness debian\nentries 1\n${one}`, 4],
    ['nothing', '', 1],
  ] as const) {
    test(`K19 a key list with ${problem} is refused whole`, () => {
      assert.throws(() => parseKeyList('test', text), { name: 'KeyListError', line })
    })
  }

  test('a key list may be empty', () => {
    const list = parseKeyList('test', 'chancery-key-list 1\nweakness debian\nentries 0\n')
    assert.equal(list.entryCount, 0)
    assert.equal(list.has(new Uint8Array(16)), false)
  })
})

describe('samples', { skip: corporaMissing }, () => {
  interface Entry {
    readonly file: string
    readonly kind: string
    readonly expect: string
    readonly weakness: string
    readonly format?: string
  }
  const entries = (folder: string): Entry[] =>
    JSON.parse(readFileSync(join(corpora, folder, 'manifest.json'), 'utf8')) as Entry[]
  const text = (folder: string, file: string): string => readFileSync(join(corpora, folder, file), 'utf8')

  for (const { file, kind, format, expect } of corporaMissing === false ? entries('roca') : []) {
    if (kind !== 'key') continue
    test(`K18 ${file} ${expect === 'reject' ? 'is refused as ROCA' : 'has no ROCA fingerprint'}`, () => {
      const content = text('roca', file)
      const spki = format === 'hex-modulus' ? rsaSpki(BigInt(content.trim())) : pemSpki(content)
      assert(spki.type === 'rsa')
      // Many of these keys are too short to get as far as this check.
      assert.equal(isRoca(rsaNumbers(spki)), expect === 'reject')
    })
  }

  const weaknesses: Readonly<Record<string, string>> = {
    'rsa-e-larger-n.key': 'key_size_refused',
    'rsa-e1.key': 'key_weak exponent',
    'rsa-fermat-pkcs8.key': 'key_weak fermat',
    'rsa-pattern.key': 'key_weak modulus',
    'rsa-roca.key': 'key_weak roca',
    'rsa-small-d.key': 'key_weak published',
    'rsa-smallfactors-corrupt.key': 'key_weak small-factor',
    'rsa-smallfactors-valid.key': 'key_weak small-factor',
    'rsapoly128.key': 'key_weak modulus',
    'rsapoly32.key': 'key_size_refused',
    'rsa-ok.key': 'accepted',
    'ec-p256-rfc-example.key': 'key_weak published',
    'dh-ok.key': 'key_type_refused',
    'x448-ok.key': 'key_type_refused',
    'unsupported/slhdsa.key': 'key_type_refused',
  }
  test('a modulus of primes that are polynomials in 2^32 is seen as patterned', () => {
    const spki = pemSpki(text('badkeys', 'rsapoly32.key'))
    assert(spki.type === 'rsa' && isPatterned(rsaNumbers(spki)))
  })

  for (const [file, expected] of Object.entries(weaknesses)) {
    test(`the published sample ${file} is ${expected}`, () => {
      assert.equal(outcome(pemSpki(text('badkeys', file)), keyKinds), expected)
    })
  }
})

/** The next odd number without a prime factor below 2^16. */
function coprimeTo(start: bigint): bigint {
  for (let modulus = start | 1n; ; modulus += 2n) {
    if (!hasSmallFactor({ modulus, bits: 0, exponent: 0n, modulusBytes: new Uint8Array(0) })) return modulus
  }
}
