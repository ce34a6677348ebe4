import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unhex } from '../../../test/support/hex.ts'
import { explicit, oid, printableString, sequence, set, utf8String } from '../der/writer.ts'
import type { GeneralName } from '../general-names.ts'
import { parseIpAddress } from '../general-names.ts'
import { emptyNameDer, encodeName } from '../names.ts'
import { oids } from '../oids.ts'
import { findNameConstraintViolation, permits } from './name-constraints-evaluation.ts'

type TextType = 'dns' | 'email' | 'uri'

/** Judgement of one name against one subtree: [type, base, name, whether the name lies within the base]. */
const textCases: readonly (readonly [TextType, string, string, boolean])[] = [
  ['dns', 'example.com', 'example.com', true],
  ['dns', 'example.com', 'www.example.com', true],
  ['dns', 'example.com', 'a.b.example.com', true],
  ['dns', 'Example.COM', 'WWW.eXample.com', true],
  ['dns', 'example.com', '*.example.com', true],
  ['dns', 'example.com', 'badexample.com', false],
  ['dns', 'example.com', 'example.com.evil.test', false],
  ['dns', 'www.example.com', 'example.com', false],
  ['dns', '.example.com', 'www.example.com', true],
  ['dns', '.example.com', 'example.com', false],
  ['dns', '.example.com', '*.example.com', true],
  ['dns', '', 'anything.test', true],
  ['email', 'example.com', 'user@example.com', true],
  ['email', 'example.com', 'user@EXAMPLE.com', true],
  ['email', 'example.com', 'user@mail.example.com', false],
  ['email', '.example.com', 'user@mail.example.com', true],
  ['email', '.example.com', 'user@example.com', false],
  ['email', 'user@example.com', 'user@Example.com', true],
  ['email', 'user@example.com', 'User@example.com', false],
  ['email', 'user@example.com', 'other@example.com', false],
  ['email', 'example.com', '"a@example.com"@evil.test', false],
  ['uri', 'host.example.com', 'https://host.example.com/path', true],
  ['uri', 'host.example.com', 'https://HOST.example.com:8443', true],
  ['uri', 'host.example.com', 'https://user:pass@host.example.com/', true],
  ['uri', 'host.example.com', 'https://a.host.example.com/', false],
  ['uri', 'host.example.com', 'https://evil.test/host.example.com', false],
  ['uri', 'host.example.com', 'https://host.example.com@evil.test/', false],
  ['uri', 'host.example.com', 'https://evil.test\\@host.example.com/', false],
  ['uri', 'host.example.com', 'https://evil.test?@host.example.com', false],
  ['uri', 'host.example.com', 'https://evil.test#@host.example.com', false],
  ['uri', '.example.com', 'https://host.example.com/', true],
  ['uri', '.example.com', 'https://example.com/', false],
]
for (const [type, base, value, within] of textCases) {
  test(`N19 ${type} ${value} lies ${within ? 'within' : 'outside'} the subtree "${base}"`, () => {
    const subtree: GeneralName = { type, value: base }
    const name: GeneralName = { type, value }
    const kindWhenPermitted = findNameConstraintViolation(
      { permitted: [subtree], excluded: [] },
      [name],
      emptyNameDer,
    )?.kind
    assert.equal(kindWhenPermitted, within ? undefined : 'not_permitted')
    assert.equal(permits({ permitted: [], excluded: [subtree] }, [name], emptyNameDer), !within)
  })
}

test('N19 a wildcard that would serve an excluded host is excluded', () => {
  const excluded: GeneralName[] = [{ type: 'dns', value: 'mail.example.com' }]
  const judge = (value: string) =>
    permits({ permitted: [], excluded }, [{ type: 'dns', value }], emptyNameDer)
  assert.equal(judge('*.example.com'), false)
  assert.equal(judge('*.EXAMPLE.com'), false)
  assert.equal(judge('www.example.com'), true)
  assert.equal(judge('*.www.example.com'), true)
  assert.equal(judge('*.com'), true)
  assert.equal(judge('*.mail.example.com'), false)
})

const incomparable: readonly (readonly [string, GeneralName, GeneralName])[] = [
  ['a mailbox without host', { type: 'email', value: 'example.com' }, { type: 'email', value: 'user@' }],
  ['a mailbox without local part', { type: 'email', value: 'a.test' }, { type: 'email', value: '@a.test' }],
  ['a URI without authority', { type: 'uri', value: 'a.test' }, { type: 'uri', value: 'urn:a.test' }],
  ['a URI with an IPv4 host', { type: 'uri', value: 'a.test' }, { type: 'uri', value: 'http://10.0.0.1/' }],
  ['a URI with an odd IPv4 host', { type: 'uri', value: 'a.test' }, { type: 'uri', value: 'http://10.0x1/' }],
  ['a URI with an IPv6 host', { type: 'uri', value: 'a.test' }, { type: 'uri', value: 'http://[::1]/' }],
  [
    'a URI with an encoded host',
    { type: 'uri', value: 'a.test' },
    { type: 'uri', value: 'http://%61.test/' },
  ],
  ['a URI without host', { type: 'uri', value: 'a.test' }, { type: 'uri', value: 'http:///a.test' }],
  [
    'an otherName',
    { type: 'other', oid: '1.2.3', value: unhex('0500') },
    { type: 'other', oid: '1.2.4', value: unhex('0500') },
  ],
  ['a registeredID', { type: 'registeredId', oid: '1.2.3' }, { type: 'registeredId', oid: '1.2.3' }],
]
for (const [what, subtree, name] of incomparable) {
  test(`N19 ${what} is refused where its form is constrained, permitted or excluded, and nowhere else`, () => {
    for (const constraints of [
      { permitted: [subtree], excluded: [] },
      { permitted: [], excluded: [subtree] },
    ]) {
      assert.deepEqual(findNameConstraintViolation(constraints, [name], emptyNameDer), {
        name,
        kind: 'not_comparable',
      })
    }
    const others = { permitted: [{ type: 'dns', value: 'a.test' } as const], excluded: [] }
    assert.equal(permits(others, [name], emptyNameDer), true)
  })
}

function address(text: string): GeneralName {
  return { type: 'ip', bytes: parseIpAddress(text) ?? assert.fail(text) }
}

function range(text: string, mask: string): GeneralName {
  return { type: 'ip', bytes: Buffer.concat([parseIpAddress(text) ?? assert.fail(text), unhex(mask)]) }
}

test('N19 addresses are held against ranges of their own family', () => {
  const permitted = [range('10.20.0.0', 'fffe0000'), range('2001:db8::', `ffffffff${'00'.repeat(12)}`)]
  const judge = (text: string) => permits({ permitted, excluded: [] }, [address(text)], emptyNameDer)
  assert.equal(judge('10.20.0.0'), true)
  assert.equal(judge('10.21.255.255'), true)
  assert.equal(judge('10.22.0.0'), false)
  assert.equal(judge('2001:db8:ffff::1'), true)
  assert.equal(judge('2001:db9::'), false)
  const versionFour = { permitted: [range('0.0.0.0', '00000000')], excluded: [] }
  assert.equal(permits(versionFour, [address('8.8.8.8')], emptyNameDer), true)
  assert.equal(permits(versionFour, [address('::1')], emptyNameDer), false)
})

test('N19 an exclusion wins over a permission and unconstrained forms pass', () => {
  const constraints = {
    permitted: [{ type: 'dns', value: 'a.test' } as const],
    excluded: [{ type: 'dns', value: 'x.a.test' } as const],
  }
  const judge = (value: string) =>
    findNameConstraintViolation(constraints, [{ type: 'dns', value }], emptyNameDer)?.kind
  assert.equal(judge('www.a.test'), undefined)
  assert.equal(judge('x.a.test'), 'excluded')
  assert.equal(judge('y.x.a.test'), 'excluded')
  assert.equal(judge('b.test'), 'not_permitted')
  assert.equal(permits(constraints, [address('10.0.0.1')], emptyNameDer), true)
})

const company = [
  { type: oids.countryName, value: 'JP' },
  { type: oids.organizationName, value: 'Example Company' },
]

function directoryJudge(baseDer: Uint8Array): (subjectDer: Uint8Array) => boolean {
  const constraints = { permitted: [{ type: 'directory', der: baseDer } as const], excluded: [] }
  return (subjectDer) => permits(constraints, [], subjectDer)
}

test('N19 a subject lies within the subtree of the first attributes it has, in their order', () => {
  const judge = directoryJudge(encodeName(company))
  assert.equal(judge(encodeName(company)), true)
  assert.equal(judge(encodeName([...company, { type: oids.commonName, value: 'a' }])), true)
  assert.equal(judge(encodeName(company.slice(0, 1))), false)
  assert.equal(judge(encodeName(company.toReversed())), false)
  assert.equal(judge(encodeName([{ type: oids.commonName, value: 'a' }, ...company])), false)
  assert.equal(judge(emptyNameDer), true)
  assert.equal(directoryJudge(emptyNameDer)(encodeName(company)), true)
})

test('N19 texts in names are equal whatever their string type, case and repeated spaces', () => {
  const judge = directoryJudge(encodeName(company))
  const subjectWith = (organization: Uint8Array): Uint8Array =>
    sequence(
      set(sequence(oid(oids.countryName), printableString('jp'))),
      set(sequence(oid(oids.organizationName), organization)),
    )
  assert.equal(judge(subjectWith(printableString(' EXAMPLE   company '))), true)
  assert.equal(judge(subjectWith(utf8String('Ｅxample Company'))), true)
  assert.equal(judge(subjectWith(utf8String('ExampleCompany'))), false)
  assert.equal(judge(subjectWith(utf8String('Example Company Ltd'))), false)
  assert.equal(judge(subjectWith(explicit(0, utf8String('Example Company')))), false)
})

test('N19 attributes of one RelativeDistinguishedName are compared as a set', () => {
  const first = sequence(oid(oids.commonName), utf8String('a'))
  const second = sequence(oid(oids.userId), utf8String('b'))
  const judge = directoryJudge(sequence(set(first, second)))
  assert.equal(judge(sequence(set(second, first))), true)
  assert.equal(judge(sequence(set(first), set(second))), false)
  assert.equal(judge(sequence(set(first))), false)
})

test('N19 mailboxes in the subject and directory names among the alternative names are judged as well', () => {
  const mailboxes = { permitted: [{ type: 'email', value: 'a.test' } as const], excluded: [] }
  const subjectWith = (value: string) => encodeName([{ type: oids.emailAddress, value }])
  assert.equal(permits(mailboxes, [], subjectWith('m@a.test')), true)
  assert.deepEqual(findNameConstraintViolation(mailboxes, [], subjectWith('m@b.test')), {
    name: { type: 'email', value: 'm@b.test' },
    kind: 'not_permitted',
  })
  const directory = { permitted: [], excluded: [{ type: 'directory', der: encodeName(company) } as const] }
  const alternative: GeneralName = { type: 'directory', der: encodeName(company) }
  assert.equal(permits(directory, [alternative], emptyNameDer), false)
})
