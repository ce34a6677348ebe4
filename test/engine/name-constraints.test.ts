import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { AuthorityRecord } from '../../src/core/authorities/authority.ts'
import { renewAuthority } from '../../src/core/authorities/renew-authority.ts'
import type { NameRequest } from '../../src/core/policy/names/name-request.ts'
import { intermediateAuthority, issuingAuthority } from '../../src/core/profiles/authorities.ts'
import type { NameConstraints } from '../../src/pki/extensions/name-constraints.ts'
import { encodeName } from '../../src/pki/names.ts'
import { oids } from '../../src/pki/oids.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { request } from '../support/certification-requests.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import {
  attribute,
  csrWish,
  type Door,
  dnsName,
  doorOf,
  refused,
  testAuthority,
  type Wish,
} from '../support/issuing.ts'
import { opensslText } from '../support/openssl.ts'
import { storeKinds } from '../support/stores.ts'

const constraints: NameConstraints = {
  permitted: [
    { type: 'dns', value: 'example.com' },
    { type: 'ip', bytes: Uint8Array.of(10, 1, 0, 0, 255, 255, 0, 0) },
    { type: 'email', value: 'example.com' },
    { type: 'uri', value: '.example.com' },
  ],
  excluded: [{ type: 'dns', value: 'secret.example.com' }],
}

const name = (type: NameRequest['type'], value: string): NameRequest => ({ type, value, parameter: 'names' })

for (const kind of storeKinds) {
  describe(`name constraints at the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let root: AuthorityRecord
    let constrained: AuthorityRecord
    let below: AuthorityRecord
    let door: Door
    before(async () => {
      const { account } = await testAccount(engine())
      const grants = { internalNames: ['*'], privateAddresses: ['*'] }
      const create = (parent: AuthorityRecord | null, more: Parameters<typeof testAuthority>[3]) =>
        testAuthority(engine(), account.id, grants, {
          parentId: parent?.id ?? null,
          subject: [{ type: oids.commonName, value: `CA below ${parent?.id ?? 'none'}` }],
          ...more,
        })
      root = await create(null, {})
      constrained = await create(root, {
        role: 'issuing',
        profile: intermediateAuthority,
        nameConstraints: constraints,
      })
      below = await create(constrained, { role: 'issuing', profile: issuingAuthority })
      door = doorOf(engine(), constrained)
    })

    const outside = async (each: Door, wish: Wish, value: string) =>
      assert.deepEqual(
        await each.refusal(wish),
        refused({
          code: 'name_refused',
          detail: { parameter: 'names', value, defect: 'outside-constraints' },
        }),
      )
    const verified = async (leafDer: Uint8Array, ...above: AuthorityRecord[]) => {
      const pem = (der: Uint8Array) => pemEncode('CERTIFICATE', der)
      const time = String(engine().clock.now() / 1_000)
      const text = await opensslText(
        [
          'verify',
          '-attime',
          time,
          '-x509_strict',
          '-CAfile',
          'root.pem',
          '-untrusted',
          'above.pem',
          'leaf.pem',
        ],
        {
          files: {
            'root.pem': pem(root.certificateDer),
            'above.pem': above.map((each) => pem(each.certificateDer)).join(''),
            'leaf.pem': pem(leafDer),
          },
        },
      )
      assert.match(text, /leaf\.pem: OK/)
    }

    test('N19 names outside the permitted subtrees, or inside an excluded one, are refused before signing', async () => {
      for (const value of [
        'example.org',
        'badexample.com',
        'secret.example.com',
        'a.secret.example.com',
        'localhost',
        '*.example.org',
      ]) {
        await outside(door, { names: [dnsName('example.com'), dnsName(value)] }, value)
      }
      await outside(door, { names: [name('ip', '10.2.0.1')] }, '')
      await outside(door, { names: [name('ip', '2001:db8::1')] }, '')
      // A wildcard that would also serve what is excluded.
      await outside(door, { names: [dnsName('*.example.com')] }, '*.example.com')
    })

    test('N19 names inside are certified, and openssl verifies the chain', async () => {
      const names = [
        dnsName('example.com'),
        dnsName('www.example.com'),
        dnsName('*.api.example.com'),
        name('ip', '10.1.2.3'),
      ]
      await verified((await door.issue({ names })).certificateDer, constrained)
    })

    test('N19 mailboxes and URIs are held against the constraints too', async () => {
      const profile = 'tls-client'
      await outside(door, { profile, names: [name('email', 'a@example.org')] }, 'a@example.org')
      await outside(
        door,
        { profile, names: [name('uri', 'https://www.example.org/')] },
        'https://www.example.org/',
      )
      const names = [name('email', 'a@example.com'), name('uri', 'https://www.example.com/')]
      await verified((await door.issue({ profile, names })).certificateDer, constrained)
    })

    test('N19 constraints bind the CAs below as well, and survive a renewal', async () => {
      await outside(doorOf(engine(), below), { names: [dnsName('example.org')] }, 'example.org')
      const names = [dnsName('www.example.com')]
      await verified((await doorOf(engine(), below).issue({ names })).certificateDer, below, constrained)
      const renewed = await renewAuthority(
        engine(),
        constrained.accountId,
        constrained.id,
        { newKey: false },
        testCaller,
      )
      await outside(doorOf(engine(), renewed), { names: [dnsName('example.org')] }, 'example.org')
      await outside(doorOf(engine(), below), { names: [dnsName('example.org')] }, 'example.org')
    })

    test('N19 the names of a request are judged like those told beside it', async () => {
      const subject = encodeName([{ type: oids.commonName, value: 'www.example.org' }])
      assert.deepEqual(
        await door.refusal(csrWish(request({ subject }), { names: 'from-request' })),
        refused({
          code: 'name_refused',
          detail: { parameter: 'csr.commonName', value: 'www.example.org', defect: 'outside-constraints' },
        }),
      )
    })

    test('N19 a subject outside the permitted directory subtree is refused', async () => {
      const directory = await testAuthority(
        engine(),
        root.accountId,
        {},
        {
          parentId: root.id,
          role: 'issuing',
          profile: issuingAuthority,
          subject: [{ type: oids.commonName, value: 'Directory CA' }],
          nameConstraints: {
            permitted: [{ type: 'directory', der: encodeName([{ type: oids.countryName, value: 'JP' }]) }],
            excluded: [],
          },
        },
      )
      const country = (value: string) => ({ subject: [attribute(oids.countryName, value)] })
      const { code } = await doorOf(engine(), directory).refusal(country('US'))
      assert.equal(code, 'name_refused')
      const { certificateDer } = await doorOf(engine(), directory).issue(country('JP'))
      await verified(certificateDer, directory)
    })
  })
}
