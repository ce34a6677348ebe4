import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '../../core/faults.ts'
import { isSignedBy, readSignedForm, requireDigest } from './signature.ts'

const documentedKey = Buffer.from('ThisIsMySuperSecretAPIKey')
const key = Buffer.from('sesame-0001')
const token = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'

const read = (text: string) => readSignedForm(Buffer.from(text, 'latin1'))
const signedBy = (body: string, apiKey: Uint8Array) => isSignedBy(read(body), apiKey)

const documented =
  'C=US&CN=example.com&L=Chicago&O=ACME%2C+Inc.&OU=IT+Department&SANs%5B0%5D%5BDNS%5D=www.example.com&' +
  'SANs%5B1%5D%5BDNS%5D=example.com&ST=Illinois&ca_id=123&' +
  'token=d7dd6880c206216a9ed74f92ca8edaef88728bbb2c8b23020c624de9a7d08d6f'

test('the digest that TinyCert publishes verifies', () => {
  const digest = '16b436bd8779dadf0327a97eac54b631e02c4643cbf52ccc1358431691f74b21'
  assert.ok(signedBy(`${documented}&digest=${digest}`, documentedKey))
})

const worked = [
  [
    `C=NL&CN=%2A.example.test&O=Example+B.V.&SANs%5B0%5D%5BDNS%5D=%2A.example.test&SANs%5B1%5D%5BIP%5D=%3A%3A1&ca_id=7&token=${token}`,
    '8d9bfb2bb0128f46e1a5768017e30f99216e33cfae29ba48bec64b7395486a3b',
  ],
  [`token=${token}`, 'e42722cc1cbe3cf301b1d2f5c73ef64c62ef75b8b15a1393a23709a0e69b8069'],
  [`ca_id=7&token=${token}&what=14`, 'c111ca89012518d710b02c08c278968cf68c3a450229fb0369f2d2b06bec5b3b'],
] as const

test('digests worked out with openssl verify', () => {
  for (const [signed, digest] of worked) assert.ok(signedBy(`${signed}&digest=${digest}`, key), signed)
})

test('one passphrase as five encoders write it verifies and decodes to the same text', () => {
  const encoders = [
    ['open+%2Asesame%2A+%7E+now%21', '44464aad032f57654e51265cd662d250b450ccae7f39b29d257353c7accacf2a'],
    ['open+%2Asesame%2A+~+now%21', '737dcdfc035623df072770285f35d831b0ce0da9845bf49974ce9cded2d7503d'],
    ['open+*sesame*+%7E+now%21', '920d61960f8da6729bbfae47fdebc7ba8acac7f2813cd0473419bea165feac2d'],
    ['open+*sesame*+%7E+now!', '02656446a554479dc8ae75d5f473578ecfc8538baff1aa6777ea11d5a8a6441b'],
    ['open+*sesame*%20~%20now!', '0bc9b08c769eea101cdbf031adeb205d3e10b6885c5f459b9521b4ba63d12c3d'],
  ] as const
  for (const [written, digest] of encoders) {
    const form = read(`email=alice%40example.test&passphrase=${written}&digest=${digest}`)
    assert.ok(isSignedBy(form, key), written)
    assert.equal(form.fields.get('passphrase'), 'open *sesame* ~ now!')
    assert.equal(form.fields.get('email'), 'alice@example.test')
  }
})

test('eleven alternative names verify in numeric order and in order of name', () => {
  const numeric = Array.from({ length: 11 }, (_, index) => index)
  const orders = [
    [numeric, '31fb86334bbc7ad7b45ac477fc3998d5400f956877b9afc1c441bb95329438ce'],
    [
      numeric.toSorted((a, b) => (`${a}]` < `${b}]` ? -1 : 1)),
      '334aacdf80dc11c28961a6d4edeb4eba0d9a5ca1257e18480d5ed7884eb2643e',
    ],
  ] as const
  for (const [order, digest] of orders) {
    const names = order.map((index) => `SANs%5B${index}%5D%5BDNS%5D=h${index}.example.test`).join('&')
    const body = `C=NL&CN=many.example.test&O=Example+B.V.&${names}&ca_id=7&token=${token}&digest=${digest}`
    assert.ok(signedBy(body, key), order.join())
  }
})

test('the digest pair is cut out wherever it stands, with one ampersand', () => {
  const signed = `ca_id=7&token=${token}&what=14`
  const digest = `digest=${worked[2][1]}`
  assert.ok(signedBy(`${digest}&${signed}`, key))
  assert.ok(signedBy(`ca_id=7&${digest}&token=${token}&what=14`, key))
  assert.ok(signedBy(`${signed}&${digest}`, key))
  assert.deepEqual(Buffer.from(read(`${digest}`).signed).toString(), '')
})

test('an ampersand beyond the one next to the digest is part of what is signed', () => {
  assert.ok(!signedBy(`token=${token}&&digest=${worked[1][1]}`, key))
})

test('letter case of the hex digits is ignored', () => {
  assert.ok(signedBy(`token=${token}&digest=${worked[1][1].toUpperCase()}`, key))
})

test('P11 a digest that is wrong, missing, short, long, not hex or repeated is refused', () => {
  const digest = worked[1][1]
  const wrong = `${digest.slice(0, -1)}${digest.endsWith('0') ? '1' : '0'}`
  assert.ok(!signedBy(`token=${token}&digest=${wrong}`, key))
  assert.ok(!signedBy(`token=${token}&digest=${digest}`, Buffer.from('sesame-0002')))
  const malformed = [
    `token=${token}`,
    `token=${token}&digest`,
    `token=${token}&digest=`,
    `token=${token}&digest=${digest.slice(0, -1)}`,
    `token=${token}&digest=${digest}0`,
    `token=${token}&digest=${'g'.repeat(64)}`,
    `token=${token}&digest=${digest.slice(0, -2)}%30`,
    `token=${token}&digest=${digest}&digest=${digest}`,
    `digest=${digest}&token=${token}&digest=${digest}`,
    `token=${token}&digest=${digest}&d%69gest=${digest}`,
    `token=${token}&digest=${digest}&digest=${digest}&digest=${digest}`,
  ]
  for (const body of malformed) {
    const form = read(body)
    assert.equal(form.digest, null, body)
    assert.ok(!isSignedBy(form, key), body)
    assert.throws(
      () => requireDigest(form),
      (error) => isFault(error, 'signature_missing'),
    )
  }
})

test('a digest pair never becomes a parameter, however its name is escaped', () => {
  for (const name of ['digest', 'd%69gest', '%64%69%67%65%73%74', '%64igest']) {
    const form = read(`token=${token}&${name}=${worked[1][1]}`)
    assert.deepEqual([...form.fields.keys()], ['token'], name)
    assert.ok(isSignedBy(form, key), name)
  }
  assert.deepEqual(
    [...read('digest2=1&xdigest=2&Digest=3&digest[a]=4').fields.keys()],
    ['digest2', 'xdigest', 'Digest', 'digest'],
  )
})
