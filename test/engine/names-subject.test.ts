import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { certificateId } from '../../src/core/brand.ts'
import { certificateOf } from '../../src/core/certificates/certificate-of.ts'
import { isFault } from '../../src/core/faults.ts'
import type { NameRequest } from '../../src/core/policy/names/name-request.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import * as der from '../../src/pki/der/writer.ts'
import { commonNameOf } from '../../src/pki/names.ts'
import { oids } from '../../src/pki/oids.ts'
import { extension, extensionRequest, request } from '../support/certification-requests.ts'
import { footprint, suiteEngine, testAccount } from '../support/engine.ts'
import { attribute, csrWish, type Door, dnsName, doorOf, refused, testAuthority } from '../support/issuing.ts'
import { opensslText } from '../support/openssl.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`subjects and numbers of names at the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let plain: Door
    before(async () => {
      const { account } = await testAccount(engine())
      plain = doorOf(engine(), await testAuthority(engine(), account.id, {}))
    })

    test('N12 a common name that is no alternative name is refused, others are the exact copy of one', async () => {
      for (const value of ['other.example.com', 'example.com', 'host.example.com.', 'Host']) {
        assert.deepEqual(
          await plain.refusal({ subject: [attribute(oids.commonName, value)] }),
          refused({
            code: 'name_refused',
            detail: { parameter: 'subject', value, defect: 'not-among-alternative-names' },
          }),
        )
      }
      const commonName = async (names: readonly NameRequest[], ...given: string[]) => {
        const subject = given.map((value) => attribute(oids.commonName, value))
        const { certificateDer } = await plain.issue({ names, subject })
        return commonNameOf(parseCertificate(certificateDer).subject)
      }
      const two = ['a.example.com', 'b.example.com'].map(dnsName)
      assert.equal(await commonName(two, 'B.Example.Com'), 'b.example.com')
      assert.equal(await commonName(two), 'a.example.com')
      const long = `${'a'.repeat(60)}.example.com`
      assert.equal(await commonName([dnsName(long)]), undefined)
      assert.equal(await commonName([dnsName(long), dnsName('short.example.com')]), 'short.example.com')
    })

    test('N13 alternative names of other forms are refused under a TLS profile, from a request too', async () => {
      const forms: readonly NameRequest[] = [
        { type: 'email', value: 'a@example.com', parameter: 'names' },
        { type: 'uri', value: 'https://example.com/', parameter: 'names' },
        { type: 'other', value: 'other', parameter: 'names' },
        { type: 'directory', value: 'directory', parameter: 'names' },
        { type: 'registeredId', value: '1.2.3', parameter: 'names' },
      ]
      for (const { type, value, parameter } of forms) {
        assert.deepEqual(
          await plain.refusal({ names: [dnsName('host.example.com'), { type, value, parameter }] }),
          refused({ code: 'name_refused', detail: { parameter, value, defect: 'type-not-allowed' } }),
        )
      }
      for (const name of [
        der.implicit(1, Buffer.from('a@example.com')),
        der.implicit(6, Buffer.from('https://example.com/')),
        der.implicitConstructed(0, der.oid('1.3.6.1.4.1.311.20.2.3'), der.explicit(0, der.utf8String('a@b'))),
        der.explicit(4, der.sequence()),
        der.implicit(8, der.oidContents('1.2.3')),
      ]) {
        const names = der.sequence(der.implicit(2, Buffer.from('host.example.com')), name)
        const csr = request({ attributes: [extensionRequest(extension(oids.subjectAltName, names))] })
        const { code, detail } = await plain.refusal(csrWish(csr, { names: 'from-request' }))
        assert.equal(code, 'name_refused')
        assert.ok('defect' in detail)
        assert.equal(detail.defect, 'type-not-allowed')
      }
    })

    test('N14 one name over the limit, none at all, and a certificate over its size are refused with the limit', async () => {
      const many = (count: number) =>
        Array.from({ length: count }, (_, index) => dnsName(`h${index}.example.com`))
      assert.deepEqual(
        await plain.refusal({ names: many(251) }),
        refused({ code: 'names_too_many', detail: { count: 251, maximum: 250 } }),
      )
      // Counted as sent, before repeats are merged.
      assert.equal(
        (await plain.refusal({ names: Array(251).fill(dnsName('a.example.com')) })).code,
        'names_too_many',
      )
      await plain.issue({ names: many(250) })
      for (const names of [[], 'from-request'] as const) {
        const csr = request({ subject: der.sequence() })
        assert.deepEqual(
          await plain.refusal(csrWish(csr, { names })),
          refused({ code: 'names_missing', detail: {} }),
        )
      }
    })

    test('N14 a certificate over the size limit is not signed: its serial number is burned', async () => {
      const settings = { ...engine().settings, maximumCertificateBytes: 2_000 }
      const tight = doorOf({ ...engine(), settings }, plain.authority)
      await tight.issue()
      const names = Array.from({ length: 60 }, (_, index) => dnsName(`host-${index}.number.example.com`))
      const before = await footprint(engine())
      await assert.rejects(tight.issue({ names }), (error) => {
        assert.ok(isFault(error, 'certificate_too_large'))
        assert.equal(error.detail.maximum, 2_000)
        return true
      })
      const after = await footprint(engine())
      assert.equal(after.certificates, before.certificates + 1)
      const [row] = await engine().query('SELECT max(id) AS id FROM certificate')
      const record = await engine().store.read((view) =>
        view.certificates.anyById(certificateId(Number(row?.id))),
      )
      assert.equal(record?.state, 'aborted')
      assert.equal(record?.signature, null)
      await assert.rejects(
        certificateOf(engine(), plain.authority.accountId, certificateId(Number(row?.id))),
        (error) => isFault(error, 'certificate_unknown'),
      )
    })

    test('N16 countries that are no ISO 3166 code are refused', async () => {
      const country = (value: string) => ({ subject: [attribute(oids.countryName, value)] })
      for (const value of ['UK', 'us', 'USA', 'XX', 'ZZ', '']) {
        const { code, detail } = await plain.refusal(country(value))
        assert.equal(code, 'name_refused')
        assert.ok('defect' in detail && (detail.defect === 'country' || value === ''))
      }
      for (const value of ['GB', 'US', 'JP']) await plain.issue(country(value))
    })

    const subjectText = (certificateDer: Uint8Array) =>
      opensslText(
        ['x509', '-inform', 'DER', '-noout', '-subject', '-nameopt', 'sep_comma_plus,utf8,sname,show_type'],
        {
          input: certificateDer,
        },
      )

    test('N17 text outside the alphabet of PrintableString is a UTF8String', async () => {
      for (const value of ['A@B', 'A*B', 'A_B', 'A&B', 'Äpfel & Söhne', '株式会社']) {
        const { certificateDer } = await plain.issue({
          subject: [attribute(oids.organizationName, value), attribute(oids.countryName, 'JP')],
        })
        const text = await subjectText(certificateDer)
        assert.ok(text.includes(`O=UTF8STRING:${value}`), text)
        assert.match(text, /C=PRINTABLESTRING:JP/)
      }
    })

    test('N18 subject attributes in any order are issued in the order of the profile, one in each RDN', async () => {
      const { certificateDer } = await plain.issue({
        subject: [
          attribute(oids.commonName, 'host.example.com'),
          attribute(oids.organizationalUnitName, 'Unit'),
          attribute(oids.localityName, 'Town'),
          attribute(oids.countryName, 'JP'),
          attribute(oids.organizationName, 'Org'),
          attribute(oids.stateOrProvinceName, 'State'),
        ],
      })
      assert.equal(
        (await subjectText(certificateDer)).trim(),
        'subject=C=PRINTABLESTRING:JP,ST=UTF8STRING:State,L=UTF8STRING:Town,O=UTF8STRING:Org,OU=UTF8STRING:Unit,CN=UTF8STRING:host.example.com',
      )
      assert.ok(parseCertificate(certificateDer).subject.every(({ joined }) => !joined))
    })

    test('N18 two attributes in one RDN of a request are not copied', async () => {
      const attributes = [
        der.sequence(der.oid(oids.commonName), der.utf8String('host.example.com')),
        der.sequence(der.oid(oids.organizationName), der.utf8String('Org')),
      ]
      const csr = request({ subject: der.sequence(der.set(...attributes)) })
      const { certificateDer } = await plain.issue(csrWish(csr, { names: 'from-request' }))
      assert.equal((await subjectText(certificateDer)).trim(), 'subject=CN=UTF8STRING:host.example.com')
    })
  })
}
