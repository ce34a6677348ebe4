import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { takesLessThan } from '../../../../test/support/quick.ts'
import { encodeGeneralName } from '../../../pki/general-names.ts'
import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { encodeName } from '../../../pki/names.ts'
import { oids } from '../../../pki/oids.ts'
import type { AuthorityGrants } from '../../authorities/authority.ts'
import { Fault, isFault } from '../../faults.ts'
import type { LeafProfile } from '../../profiles/profile.ts'
import { isInRange, isSpecialPurpose, parseAddressRange } from './address-ranges.ts'
import { checkAlternativeNames, checkNameConstraints } from './alternative-names.ts'
import type { NameRequest } from './name-request.ts'
import { type NameRules, nameRules } from './name-rules.ts'

function profile(names: Partial<LeafProfile['alternativeNames']> = {}): LeafProfile {
  return {
    type: 'leaf',
    id: 'test',
    version: 1,
    keyUsage: { critical: true, usages: { rsa: [], signature: [] } },
    extKeyUsage: [],
    netscapeCertType: false,
    alternativeNames: { types: ['dns', 'ip'], required: true, urisWithoutScheme: false, ...names },
    commonName: 'among-names',
    subjectAttributes: [],
    requestedExtensions: 'ignore',
    defaultLifetimeDays: 90,
    maximumLifetimeDays: undefined,
  }
}

const publicRules = nameRules(profile(), {})
const privateRules = nameRules(profile(), { internalNames: ['*'], privateAddresses: ['*'] })
const tinycertRules = nameRules(
  profile({ types: ['dns', 'ip', 'email', 'uri'], required: false, urisWithoutScheme: true }),
  { internalNames: ['*'], privateAddresses: ['*'] },
)
const clientRules = nameRules(profile({ types: ['dns', 'ip', 'email', 'uri'] }), {})

/** The normal form of a single name, or the defect it is refused for. */
function outcome(type: NameRequest['type'], value: string, rules: NameRules): string {
  try {
    const [name] = checkAlternativeNames([{ type, value, parameter: 'SANs[0]' }], rules)
    assert(name !== undefined)
    return name.type === 'ip' ? [...name.bytes].join('.') : 'value' in name ? String(name.value) : name.type
  } catch (error) {
    if (!isFault(error, 'name_refused')) throw error
    assert.equal(error.detail.parameter, 'SANs[0]')
    assert(error.detail.value.length <= 253)
    return `! ${error.detail.defect}`
  }
}

const label63 = 'a'.repeat(63)
const name253 = `${label63}.${label63}.${label63}.${'b'.repeat(57)}.com`

describe('DNS names', () => {
  for (const [title, value, expected] of [
    ['a plain name is accepted', 'www.example.com', 'www.example.com'],
    ['N6 letter case is dropped', 'WWW.Example.COM', 'www.example.com'],
    ['N1 an underscore is refused', '_dmarc.example.com', '! underscore'],
    ['N2 a label of 63 octets is accepted', `${label63}.example.com`, `${label63}.example.com`],
    ['N2 a label of 64 octets is refused', `${label63}a.example.com`, '! label-too-long'],
    ['N2 a name of 253 octets is accepted', name253, name253],
    ['N2 a name of 254 octets is refused', `c${name253}`, '! too-long'],
    ['N3 a trailing dot is refused', 'www.example.com.', '! trailing-dot'],
    ['N3 an empty label is refused', 'www..example.com', '! empty-label'],
    ['N3 a leading dot is refused', '.example.com', '! empty-label'],
    ['N3 a dot alone is refused', '.', '! empty-label'],
    ['N3 a leading hyphen is refused', '-www.example.com', '! hyphen'],
    ['N3 a trailing hyphen is refused', 'www-.example.com', '! hyphen'],
    ['an empty name is refused', '', '! empty'],
    ['N4 a reserved label is refused', 'ab--cd.example.com', '! reserved-label'],
    ['N4 broken punycode is refused', 'xn--zzzzz!.example.com', '! character'],
    ['N4 punycode that does not decode is refused', 'xn--zzzzzzz9999999.example.com', '! punycode'],
    ['N4 punycode of plain ASCII is refused', 'xn--www-.example.com', '! hyphen'],
    ['N4 an A-label that is not in form C is refused', 'xn--u-ccb.example.com', '! punycode'],
    ['N4 a sound A-label is accepted', 'XN--bcher-KVA.example.com', 'xn--bcher-kva.example.com'],
    ['N5 a U-label is converted to its A-label', 'Bücher.example.com', 'xn--bcher-kva.example.com'],
    [
      'N5 a decomposed U-label is converted to the same A-label',
      'bu\u0308cher.example.com',
      'xn--bcher-kva.example.com',
    ],
    ['N5 a sharp s is kept, not folded', 'straße.example.com', 'xn--strae-oqa.example.com'],
    ['N5 an ideographic full stop is refused', 'www\u3002example.com', '! character'],
    ['N5 full-width letters become ASCII', 'ｗｗｗ.example.com', 'www.example.com'],
    ['N5 a lone surrogate is refused', 'a\ud800b.example.com', '! character'],
    ['N7 IPv4 text is refused', '192.0.2.1', '! address-as-name'],
    ['N7 IPv6 text is refused', '2001:db8::1', '! address-as-name'],
    ['N7 a hexadecimal address is refused', '0x7f000001', '! address-as-name'],
    ['N7 a name whose last label is a number is refused', 'example.1', '! address-as-name'],
    ['N7 a name with digits elsewhere is accepted', '4.3.2.example.com', '4.3.2.example.com'],
    ['N10 a wildcard is accepted', '*.example.com', '*.example.com'],
    ['N10 "f*" is refused', 'f*.example.com', '! wildcard'],
    ['N10 two wildcards are refused', '*.*.example.com', '! wildcard'],
    ['N10 a wildcard further right is refused', 'a.*.example.com', '! wildcard'],
    ['N10 a bare wildcard is refused', '*', '! wildcard'],
    ['N10 a wildcard with nothing after its dot is refused', '*.', '! wildcard'],
    ['K25 a NUL is refused', 'www.example.com\0.evil.test', '! control-character'],
    ['K25 a line feed is refused', 'www.example.com\n', '! control-character'],
    ['a space is refused', 'www example.com', '! character'],
    ['a slash is refused', 'example.com/path', '! character'],
    ['ten labels are accepted', 'a.b.c.d.e.f.g.h.example.com', 'a.b.c.d.e.f.g.h.example.com'],
    ['eleven labels are refused', 'a.b.c.d.e.f.g.h.i.example.com', '! too-many-labels'],
    ['N9 a single label is refused', 'intranet', '! internal'],
    ['N9 a name under an unknown top-level domain is refused', 'db.corp', '! internal'],
    ['N9 .local is refused', 'printer.local', '! internal'],
    ['N9 .internal is refused', 'db.internal', '! internal'],
    ['N9 .home.arpa is refused', 'nas.home.arpa', '! internal'],
    ['N9 a reverse-lookup name is refused', '1.2.0.192.in-addr.arpa', '! internal'],
    ['N9 a wildcard over an internal name is refused', '*.corp', '! internal'],
    ['N9 a public suffix alone is refused', 'co.uk', '! internal'],
  ] as const) {
    test(`${title} without grants`, () => assert.equal(outcome('dns', value, publicRules), expected))
  }

  test('N1 an underscore is accepted where the CA was granted underscores', () => {
    assert.equal(
      outcome('dns', '_x.example.com', nameRules(profile(), { underscores: true })),
      '_x.example.com',
    )
  })

  test('N9 internal names are accepted only under the suffixes the CA was given', () => {
    const rules = nameRules(profile(), { internalNames: ['Corp', 'lab.internal'] })
    assert.equal(outcome('dns', 'corp', rules), 'corp')
    assert.equal(outcome('dns', 'DB.corp', rules), 'db.corp')
    assert.equal(outcome('dns', '*.corp', rules), '*.corp')
    assert.equal(outcome('dns', 'x.lab.internal', rules), 'x.lab.internal')
    assert.equal(outcome('dns', 'xlab.internal', rules), '! internal')
    assert.equal(outcome('dns', 'mycorp', rules), '! internal')
    assert.equal(outcome('dns', 'localhost', rules), '! internal')
    assert.equal(outcome('dns', 'localhost', privateRules), 'localhost')
  })

  test('N6 repeated names are merged whatever their case, in the order asked for', () => {
    const requests = ['b.example.com', 'A.example.com', 'a.EXAMPLE.com', 'B.example.com'].map((value) => ({
      type: 'dns' as const,
      value,
      parameter: 'dns',
    }))
    assert.deepEqual(checkAlternativeNames(requests, publicRules), [
      { type: 'dns', value: 'b.example.com' },
      { type: 'dns', value: 'a.example.com' },
    ])
  })
})

describe('addresses', () => {
  for (const [value, expected] of [
    ['8.8.8.8', '8.8.8.8'],
    ['2606:4700::1111', [0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11].join('.')],
    ['256.1.1.1', '! address'],
    ['08.8.8.8', '! address'],
    ['8.8.8', '! address'],
    ['example.com', '! address'],
    ['', '! empty'],
    ['fe80::1%eth0', '! address'],
    ['10.0.0.1', '! address-special-purpose'],
    ['9.255.255.255', '9.255.255.255'],
    ['11.0.0.0', '11.0.0.0'],
    ['127.0.0.1', '! address-special-purpose'],
    ['169.254.169.254', '! address-special-purpose'],
    ['172.15.255.255', '172.15.255.255'],
    ['172.16.0.0', '! address-special-purpose'],
    ['172.31.255.255', '! address-special-purpose'],
    ['172.32.0.0', '172.32.0.0'],
    ['192.0.2.1', '! address-special-purpose'],
    ['198.51.100.7', '! address-special-purpose'],
    ['203.0.113.9', '! address-special-purpose'],
    ['224.0.0.1', '! address-special-purpose'],
    ['255.255.255.255', '! address-special-purpose'],
    ['::1', '! address-special-purpose'],
    ['::', '! address-special-purpose'],
    ['fc00::1', '! address-special-purpose'],
    ['fdff::1', '! address-special-purpose'],
    ['fe80::1', '! address-special-purpose'],
    ['2001:db8::1', '! address-special-purpose'],
    ['::ffff:8.8.8.8', '! address-special-purpose'],
    ['64:ff9b::808:808', '! address-special-purpose'],
    ['ff02::1', '! address-special-purpose'],
  ] as const) {
    test(`N8 ${value === '' ? 'an empty address' : value} without grants gives ${expected}`, () => {
      assert.equal(outcome('ip', value, publicRules), expected)
    })
  }

  test('N8 special-purpose addresses are accepted only inside the ranges the CA was given', () => {
    const rules = nameRules(profile(), { privateAddresses: ['10.1.0.0/16', 'fd00::/8'] })
    assert.equal(outcome('ip', '10.1.255.255', rules), '10.1.255.255')
    assert.equal(outcome('ip', '10.2.0.0', rules), '! address-special-purpose')
    assert.equal(outcome('ip', 'fd12::1', rules).startsWith('253.18'), true)
    assert.equal(outcome('ip', 'fc00::1', rules), '! address-special-purpose')
    assert.equal(outcome('ip', '127.0.0.1', privateRules), '127.0.0.1')
  })

  test('ranges hold their first and last address and not their neighbours', () => {
    const address = (text: string) => parseIpAddress(text) ?? assert.fail()
    const range = parseAddressRange('100.64.0.0/10')
    assert.deepEqual(
      ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'].map((text) =>
        isInRange(address(text), range),
      ),
      [false, true, true, false],
    )
    assert.equal(isInRange(address('::1'), parseAddressRange('0.0.0.0/0')), false)
    assert.equal(isInRange(address('1.2.3.4'), parseAddressRange('1.2.3.4')), true)
    assert.equal(isInRange(address('1.2.3.5'), parseAddressRange('1.2.3.4')), false)
    assert.equal(isSpecialPurpose(address('2a00::1')), false)
    for (const text of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', 'x/8', '10.0.0.0/-1', '::/129']) {
      assert.throws(() => parseAddressRange(text), RangeError)
    }
  })
})

describe('mail addresses and URIs', () => {
  for (const [value, expected] of [
    ['Alice.B+tag@Example.COM', 'Alice.B+tag@example.com'],
    ['alice@bücher.example.com', 'alice@xn--bcher-kva.example.com'],
    ['alice', '! email'],
    ['@example.com', '! email'],
    ['alice@', '! email'],
    ['a@b@example.com', '! email'],
    ['"alice b"@example.com', '! email'],
    ['alice@[8.8.8.8]', '! email'],
    ['.alice@example.com', '! email'],
    ['alice.@example.com', '! email'],
    ['al..ice@example.com', '! email'],
    ['<alice@example.com>', '! email'],
    ['älice@example.com', '! email'],
    ['alice@example.com\0', '! control-character'],
    ['alice@*.example.com', '! email'],
    ['alice@localhost', '! internal'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`${'a'.repeat(65)}@example.com`, '! email'],
    ['', '! empty'],
  ] as const) {
    test(`the mail address ${JSON.stringify(value)} gives ${expected}`, () => {
      assert.equal(outcome('email', value, clientRules), expected)
    })
  }

  for (const [value, expected] of [
    ['https://www.example.com/a?b#c', 'https://www.example.com/a?b#c'],
    ['urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['spiffe://example.com/x', 'spiffe://example.com/x'],
    ['https://user@www.example.com:8443/', 'https://user@www.example.com:8443/'],
    ['https://[2606:4700::1111]:443/', 'https://[2606:4700::1111]:443/'],
    ['https://8.8.8.8', 'https://8.8.8.8'],
    ['https://', '! uri'],
    ['https:', '! uri'],
    ['https://*.example.com/', '! uri'],
    ['https://www.example.com:port/', '! uri'],
    ['https://[::1/', '! uri'],
    ['https://[www.example.com]/', '! uri'],
    ['https://intranet/', '! uri'],
    ['https://db.corp/', '! internal'],
    ['example.com', '! uri'],
    ['//example.com', '! uri'],
    ['1http://example.com', '! uri'],
    ['https://example.com/a b', '! uri'],
    ['https://example.com/ü', '! uri'],
    ['https://example.com/\n', '! control-character'],
    [`urn:${'x'.repeat(2044)}`, `urn:${'x'.repeat(2044)}`],
    [`urn:${'x'.repeat(2045)}`, '! too-long'],
    ['', '! empty'],
  ] as const) {
    test(`the URI ${JSON.stringify(value.slice(0, 60))} of ${value.length} characters gives ${expected.slice(0, 60)}`, () => {
      assert.equal(outcome('uri', value, clientRules), expected)
    })
  }

  test('a URI without a scheme is taken where the profile takes it', () => {
    assert.equal(outcome('uri', 'example.com', tinycertRules), 'example.com')
    assert.equal(outcome('uri', 'example.com/a b', tinycertRules), '! uri')
  })
})

describe('the list', () => {
  const many = (count: number): NameRequest[] =>
    Array.from({ length: count }, (_, index) => ({
      type: 'dns',
      value: `h${index}.example.com`,
      parameter: 'dns',
    }))

  test('N13 forms the profile does not have are refused', () => {
    for (const type of ['email', 'uri', 'directory', 'other', 'registeredId', 'x400', 'ediParty'] as const) {
      assert.equal(outcome(type, 'x', publicRules), '! type-not-allowed')
    }
  })

  test('N14 a hundred names are accepted, one more is refused with the limit', () => {
    assert.equal(checkAlternativeNames(many(100), publicRules).length, 100)
    assert.throws(
      () => checkAlternativeNames(many(101), publicRules),
      (error) => {
        assert(isFault(error, 'names_too_many'))
        assert.deepEqual(error.detail, { count: 101, maximum: 100 })
        return true
      },
    )
  })

  test('N14 no name at all is refused where the profile needs one, and accepted where it does not', () => {
    assert.throws(
      () => checkAlternativeNames([], publicRules),
      (error) => isFault(error, 'names_missing'),
    )
    assert.deepEqual(checkAlternativeNames([], tinycertRules), [])
  })

  test('N19 a name outside the permitted subtrees of the issuing CA is refused', () => {
    const grants: AuthorityGrants = {}
    const rules = nameRules(profile(), grants, [
      { permitted: [{ type: 'dns', value: 'example.com' }], excluded: [] },
    ])
    const subject = encodeName([])
    const names = (value: string) => checkAlternativeNames([{ type: 'dns', value, parameter: 'dns' }], rules)
    checkNameConstraints(names('www.example.com'), subject, rules, () => 'dns')
    assert.throws(
      () => checkNameConstraints(names('www.example.org'), subject, rules, () => 'dns'),
      (error) => {
        assert(error instanceof Fault && isFault(error, 'name_refused'))
        assert.deepEqual(error.detail, {
          parameter: 'dns',
          value: 'www.example.org',
          defect: 'outside-constraints',
        })
        return true
      },
    )
  })

  test('X4 names of 100 KB made to hurt are refused in under 50 ms each', async () => {
    const size = 100_000
    const hostile = [
      'a'.repeat(size),
      '.'.repeat(size),
      '-'.repeat(size),
      'a.'.repeat(size / 2),
      '*.'.repeat(size / 2),
      'xn--'.repeat(size / 4),
      'ü'.repeat(size),
      '\u0308'.repeat(size),
      `${'a'.repeat(size)}@${'b'.repeat(size)}`,
      '@'.repeat(size),
      ':'.repeat(size),
      '1'.repeat(size),
      `http://${'['.repeat(size)}`,
      '::1'.repeat(size / 4),
    ]
    for (const type of ['dns', 'ip', 'email', 'uri'] as const) {
      for (const value of hostile) {
        const refused = () => assert.match(outcome(type, value, tinycertRules), /^!/)
        await takesLessThan(50, refused, `${type} ${value.slice(0, 10)}`)
      }
    }
  })
})

describe('names of other kinds', () => {
  const everyName = { types: ['registeredId', 'guid', 'other', 'directory'], required: false } as const
  const rules = nameRules(
    { ...profile(everyName), subjectAttributes: [oids.countryName, oids.commonName] },
    {},
  )
  const judged = (request: Omit<NameRequest, 'parameter'>, by = rules): string => {
    try {
      const [name] = checkAlternativeNames([{ ...request, parameter: 'name' }], by)
      assert(name !== undefined)
      return Buffer.from(encodeGeneralName(name)).toString('hex')
    } catch (error) {
      if (!isFault(error, 'name_refused')) throw error
      return `! ${error.detail.defect} ${error.detail.parameter}`
    }
  }
  const other = (typeId: string | undefined, value: string) =>
    ({ type: 'other', value, ...(typeId !== undefined && { typeId }) }) as const

  for (const [title, request, expected] of [
    ['a registered id', { type: 'registeredId', value: '1.3.6.1' }, '88032b0601'],
    ['arcs below 2 are not bounded by 40', { type: 'registeredId', value: '2.999.3' }, '8803883703'],
    ['no arc 40 below 1', { type: 'registeredId', value: '1.40.3' }, '! not-a-name name'],
    ['no leading zeros', { type: 'registeredId', value: '1.03' }, '! not-a-name name'],
    ['no single arc', { type: 'registeredId', value: '1' }, '! not-a-name name'],
    ['no empty one', { type: 'registeredId', value: '' }, '! empty name'],
    ['X4 none of 100 KB', { type: 'registeredId', value: '1.2'.repeat(33_334) }, '! too-long name'],
    [
      'a text of a kind',
      other('1.3.6.1.4.1.99999', 'e\u0301'),
      'a01006082b0601040186 8d1fa0040c02c3a9'.replace(' ', ''),
    ],
    ['no text with a control character', other('1.3.6.1.4.1.99999', 'a\u0000b'), '! control-character name'],
    ['no text beyond 255', other('1.3.6.1.4.1.99999', 'a'.repeat(256)), '! too-long name'],
    ['no half of a pair', other('1.3.6.1.4.1.99999', '\ud800'), '! character name'],
    ['no unknown value of a request', other(undefined, 'other'), '! type-not-allowed name'],
    ['no mailbox that nobody checked', other('1.3.6.1.5.5.7.8.9', 'a@b'), '! type-not-allowed name'],
    [
      'no bundle of RFC 9174, nor what is registered after it',
      other('1.3.6.1.5.5.7.8.11', 'dtn:x'),
      '! type-not-allowed name',
    ],
    ['a kind beside those of PKIX', other('1.3.6.1.5.5.7.80', 'x'), 'a00e06072b060105050750a0030c0178'],
    ['no user of Windows by another way', other(oids.userPrincipalName, 'a@b'), '! type-not-allowed name'],
    ['no GUID as a text', other(oids.ntdsReplication, 'x'), '! type-not-allowed name'],
    ['no GUID of another form', { type: 'guid', value: '6b29fc40' }, '! not-a-name name'],
  ] as const) {
    test(title, () => assert.equal(judged(request), expected))
  }

  test('a directory name is held to the rules of a subject, and written in its order', () => {
    const attribute = (type: string, value: string) => ({ type, value, parameter: 'name.part' })
    const directory = (...attributes: NameRequest['attributes'] & object) =>
      judged({ type: 'directory', value: 'directory', attributes })
    const written = encodeName([
      { type: oids.countryName, value: 'AT' },
      { type: oids.commonName, value: 'crane' },
    ])
    assert.equal(
      directory(attribute(oids.commonName, 'crane'), attribute(oids.countryName, 'AT')),
      Buffer.from(encodeGeneralName({ type: 'directory', der: written })).toString('hex'),
    )
    assert.equal(directory(attribute(oids.countryName, 'UK')), '! country name.part')
    assert.equal(directory(attribute(oids.organizationName, 'x')), '! type-not-allowed name.part')
    assert.equal(directory(), '! empty name')
  })

  test('N13 a profile that does not name these kinds refuses them', () => {
    for (const request of [
      { type: 'registeredId', value: '1.2.3' },
      { type: 'guid', value: '6b29fc40-ca47-1067-b31d-00dd010662da' },
      other('1.3.6.1.4.1.99999', 'x'),
      { type: 'directory', value: 'directory', attributes: [] },
    ] as const) {
      assert.equal(judged(request, privateRules), '! type-not-allowed name')
    }
  })

  test('N19 a constraint on names of a kind that cannot be compared lets none of the kind pass', () => {
    const name = { type: 'registeredId', oid: '1.2.3' } as const
    const constrained = nameRules(profile(everyName), {}, [
      { permitted: [{ type: 'registeredId', oid: '1.2' }], excluded: [] },
    ])
    assert.throws(
      () => checkNameConstraints([name], encodeName([]), constrained, () => 'name'),
      (error) => isFault(error, 'name_refused') && error.detail.defect === 'outside-constraints',
    )
  })
})
