import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { NameDefect } from '../../src/core/faults.ts'
import type { NameRequest } from '../../src/core/policy/names/name-request.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import { parseSubjectAltName } from '../../src/pki/extensions/alternative-names.ts'
import { findExtension } from '../../src/pki/extensions/extension.ts'
import { oids } from '../../src/pki/oids.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { type Door, dnsName, doorOf, refused, testAuthority } from '../support/issuing.ts'
import { opensslText } from '../support/openssl.ts'
import { storeKinds } from '../support/stores.ts'

const label = (length: number) => 'a'.repeat(length)
const nameOf = (length: number) => `${`${label(48)}.`.repeat(4)}${label(length - 200)}.com`

for (const kind of storeKinds) {
  describe(`names at the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    /** A CA without grants, one that was given suffixes and ranges, and one that may certify every name. */
    let plain: Door
    let granted: Door
    let wide: Door
    before(async () => {
      const { account } = await testAccount(engine())
      const door = async (grants: Parameters<typeof testAuthority>[2]) =>
        doorOf(engine(), await testAuthority(engine(), account.id, grants))
      plain = await door({})
      granted = await door({
        internalNames: ['corp', 'lan.example.internal'],
        privateAddresses: ['10.1.0.0/16', 'fd00:1::/32'],
        underscores: true,
      })
      wide = await door({ internalNames: ['*'], privateAddresses: ['*'] })
    })

    /** What openssl reads among the alternative names, in its own words. */
    const certified = async (door: Door, ...names: NameRequest[]) => {
      const { certificateDer } = await door.issue({ names })
      const shown = await opensslText(['x509', '-inform', 'DER', '-noout', '-ext', 'subjectAltName'], {
        input: certificateDer,
      })
      return shown.slice(shown.indexOf('\n')).trim()
    }
    const refusesNames = async (
      door: Door,
      values: Readonly<Record<string, NameDefect>>,
      type: NameRequest['type'] = 'dns',
    ) => {
      for (const [value, defect] of Object.entries(values)) {
        assert.deepEqual(
          await door.refusal({ names: [{ type, value, parameter: 'names' }] }),
          refused({
            code: 'name_refused',
            detail: { parameter: 'names', value: value.slice(0, 253), defect },
          }),
          `${type} ${value}`,
        )
      }
    }

    test('N1 an underscore is refused, and accepted where the CA was granted underscores', async () => {
      await refusesNames(plain, { 'a_b.example.com': 'underscore', '_dmarc.example.com': 'underscore' })
      assert.equal(await certified(granted, dnsName('a_b.example.com')), 'DNS:a_b.example.com')
    })

    test('N2 labels of 63 and names of 253 octets are certified, one octet more is refused', async () => {
      await refusesNames(plain, { [`${label(64)}.example.com`]: 'label-too-long', [nameOf(254)]: 'too-long' })
      assert.equal(
        await certified(plain, dnsName(`${label(63)}.example.com`)),
        `DNS:${label(63)}.example.com`,
      )
      assert.equal(nameOf(253).length, 253)
      assert.equal(await certified(plain, dnsName(nameOf(253))), `DNS:${nameOf(253)}`)
    })

    test('N3 trailing dots, empty labels and hyphens at the ends of a label are refused', async () => {
      await refusesNames(plain, {
        'www.example.com.': 'trailing-dot',
        'www..example.com': 'empty-label',
        '.example.com': 'empty-label',
        '-www.example.com': 'hyphen',
        'www-.example.com': 'hyphen',
      })
    })

    test('N4 reserved labels and A-labels that do not decode to form C are refused', async () => {
      await refusesNames(plain, {
        'ab--cd.example.com': 'reserved-label',
        'xn--zzzzz!.example.com': 'character',
        'xn--zzzzz99999.example.com': 'punycode',
        'xn--abc-.example.com': 'hyphen',
        // "u" and a combining diaeresis, which is not form C.
        'xn--u-ccb.example.com': 'punycode',
      })
    })

    test('N5 a U-label is converted to its A-label, and what is certified is ASCII', async () => {
      const shown = await certified(plain, dnsName('bücher.example.com'))
      assert.equal(shown, 'DNS:xn--bcher-kva.example.com')
      const { certificateDer } = await plain.issue({ names: [dnsName('BÜCHER.example.com')] })
      const [name] = alternativeNames(certificateDer)
      assert.ok(name?.type === 'dns' && /^[\x21-\x7e]+$/.test(name.value))
      await refusesNames(plain, { 'www。example.com': 'character' })
    })

    test('N6 mixed-case and repeated names are lower-cased and merged', async () => {
      const names = ['WWW.Example.com', 'www.example.com', 'api.example.com', 'API.EXAMPLE.COM']
      assert.equal(await certified(plain, ...names.map(dnsName)), 'DNS:www.example.com, DNS:api.example.com')
    })

    test('N7 IP addresses as DNS names are refused and belong in iPAddress', async () => {
      await refusesNames(plain, {
        '8.8.8.8': 'address-as-name',
        '2606:4700::1111': 'address-as-name',
        '0x8.8.8.8': 'address-as-name',
        'host.1': 'address-as-name',
      })
      const address = (value: string): NameRequest => ({ type: 'ip', value, parameter: 'names' })
      assert.equal(
        await certified(plain, address('8.8.8.8'), address('2606:4700::1111')),
        'IP Address:8.8.8.8, IP Address:2606:4700:0:0:0:0:0:1111',
      )
    })

    test('N8 special-purpose addresses are certified only inside the ranges the CA was given', async () => {
      const special = [
        ...['10.0.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.0.1', '192.0.2.1'],
        ...['198.51.100.1', '203.0.113.1', '0.0.0.0', '255.255.255.255', '::1', '::', 'fc00::1', 'fe80::1'],
        ...['2001:db8::1', '::ffff:10.0.0.1', 'ff02::1'],
      ]
      const refusals = Object.fromEntries(special.map((value) => [value, 'address-special-purpose' as const]))
      await refusesNames(plain, refusals, 'ip')
      await refusesNames(granted, { ...refusals, '10.2.0.1': 'address-special-purpose' }, 'ip')
      for (const value of ['10.1.255.255', 'fd00:1:ffff::1']) {
        await granted.issue({ names: [{ type: 'ip', value, parameter: 'names' }] })
      }
      await wide.issue({ names: special.map((value) => ({ type: 'ip', value, parameter: 'names' })) })
      await refusesNames(wide, { '10.0.0': 'address', '10.0.0.01': 'address', '::g': 'address' }, 'ip')
    })

    test('N9 internal names are certified only under the suffixes the CA was given', async () => {
      const internal = {
        localhost: 'internal',
        'printer.local': 'internal',
        'db.internal': 'internal',
        'nas.home.arpa': 'internal',
        '*.svc.cluster.local': 'internal',
        com: 'internal',
        'co.uk': 'internal',
      } as const
      await refusesNames(plain, { ...internal, 'www.corp': 'internal' })
      await refusesNames(granted, { ...internal, xcorp: 'internal', 'example.internal': 'internal' })
      assert.equal(
        await certified(granted, dnsName('corp'), dnsName('a.b.corp'), dnsName('*.lan.example.internal')),
        'DNS:corp, DNS:a.b.corp, DNS:*.lan.example.internal',
      )
      await wide.issue({ names: Object.keys(internal).map(dnsName) })
    })

    test('N10 malformed wildcards are refused', async () => {
      for (const door of [plain, wide]) {
        await refusesNames(door, {
          'f*.example.com': 'wildcard',
          '*f.example.com': 'wildcard',
          '*.*.example.com': 'wildcard',
          'a.*.example.com': 'wildcard',
          '*': 'wildcard',
          '*.': 'wildcard',
        })
      }
      assert.equal(await certified(plain, dnsName('*.example.com')), 'DNS:*.example.com')
    })
  })
}

function alternativeNames(certificateDer: Uint8Array) {
  const extension = findExtension(parseCertificate(certificateDer).extensions, oids.subjectAltName)
  return extension === undefined ? [] : parseSubjectAltName(extension.value)
}
