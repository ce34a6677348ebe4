import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { PkijsPkcs12Builder } from '../../../src/keys/pkcs12.ts'
import { readPkcs12 } from '../../../src/pki/pkcs12/read.ts'
import { footprint } from '../../support/engine.ts'
import { eventsOf } from '../../support/installation.ts'
import { testRandom } from '../../support/sealer.ts'
import { lastFirst } from '../../support/stores.ts'
import { certificatesIn, csrPem } from './requests.ts'
import { TestService, type TestTenant } from './service.ts'

const tlm = '/mpki/api/v1'
const password = 'open *sesame*'
const builder = new PkijsPkcs12Builder(testRandom)

interface Sealed {
  readonly cert: string
  readonly serialNumber: string
  readonly privateKey: KeyObject
}

describe('the import of PKCS#12 files', () => {
  const scope = lastFirst({ after })
  let service: TestService
  let tenant: TestTenant
  let other: TestTenant
  let unit: string
  before(async () => {
    service = await TestService.start(scope)
    tenant = await service.tenant()
    other = await service.tenant('eve@example.test')
    unit = (await tenant.get(`${tlm}/business-unit`)).json().items[0].id
  })

  /** A certificate of another account over a key that only the file has. */
  let count = 0
  async function sealed(keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })): Promise<Sealed> {
    const [profile] = (await other.get('/mpki/api/v2/profile')).json()
    const name = `brought-${++count}.example`
    const issued = await other.post(`${tlm}/certificate`, {
      profile: { id: profile.id },
      seat: { seat_id: name },
      csr: csrPem(keys),
      include_ca_chain: true,
      attributes: { subject: { common_name: name } },
    })
    assert.equal(issued.status, 201, issued.text)
    const [leaf, ...chain] = certificatesIn(issued.json().certificate).map(({ raw }) => raw)
    const file = await builder.build({
      privateKeyDer: keys.privateKey.export({ format: 'der', type: 'pkcs8' }),
      certificateDer: leaf ?? new Uint8Array(0),
      chainDer: chain,
      friendlyName: 'brought',
      password,
    })
    return {
      cert: Buffer.from(file).toString('base64'),
      serialNumber: issued.json().serial_number,
      privateKey: keys.privateKey,
    }
  }
  const importing = async (cert: string, more: object = {}, by = tenant) => {
    const unitId = by === tenant ? unit : (await by.get(`${tlm}/business-unit`)).json().items[0].id
    const entry = {
      cert_type: 'pkcs12',
      business_unit_id: unitId,
      seat_id: 'brought',
      cert,
      password,
      ...more,
    }
    const answer = await by.post(`${tlm}/certificate-import`, [entry])
    assert.equal(answer.status, 200, answer.text)
    return answer.json()[0]
  }

  test('a certificate comes with its key, which is sealed, and recovered when somebody else approved', async () => {
    const { cert, serialNumber, privateKey } = await sealed()
    const result = await importing(cert)
    assert.deepEqual(
      [result.import_status, result.serial_number, result.cert_type],
      ['SUCCESS', serialNumber, 'pkcs12'],
    )
    const details = (await tenant.get(`${tlm}/certificate/${serialNumber}`)).json()
    assert.deepEqual([details.source, details.escrow], ['imported', true])
    const recover = () => tenant.get(`${tlm}/certificate/escrow/recover/${serialNumber}`)
    assert.equal((await recover()).status, 422)
    const manager = await tenant.program('recovery', ['EM_RECOVERY_MANAGER'])
    assert.equal((await manager.post(`${tlm}/certificate/escrow/approve/${serialNumber}`)).status, 200)
    const recovered = (await recover()).json()
    assert.notEqual(recovered.pkcs12_password, password)
    const file = await readPkcs12(Buffer.from(recovered.certificate, 'base64'), recovered.pkcs12_password)
    const [key] = file.privateKeysDer
    assert.ok(
      createPrivateKey({ key: Buffer.from(key ?? []), format: 'der', type: 'pkcs8' }).equals(privateKey),
    )
    assert.equal((await recover()).status, 422, 'an approval is for one time')
    const [released] = await eventsOf(service.engine.installation, 'key.released')
    assert.equal(released?.object.startsWith('inventory-certificate:'), true)
  })

  test('neither password nor key of a file is found in the store', async () => {
    const { cert, privateKey } = await sealed()
    assert.equal((await importing(cert)).import_status, 'SUCCESS')
    const { d = '' } = privateKey.export({ format: 'jwk' })
    const secret = Buffer.from(d, 'base64url')
    for (const table of ['private_key', 'inventory_certificate', 'event']) {
      const rows = await service.engine.query(`SELECT * FROM ${table}`)
      for (const value of rows.flatMap((row) => Object.values(row))) {
        const octets = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))
        assert.equal(octets.includes(secret) || octets.includes(password) || octets.includes(d), false, table)
      }
    }
  })

  test('what is wrong with a file is told by its member, and nothing is kept', async () => {
    const { cert } = await sealed()
    const octets = Buffer.from(cert, 'base64')
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const weakFile = await builder.build({
      privateKeyDer: weak.privateKey.export({ format: 'der', type: 'pkcs8' }),
      certificateDer:
        certificatesIn(
          (await other.get(`/certificate-authority/api/v1/ca/${await rootOf(other)}/download`)).text,
        )[0]?.raw ?? new Uint8Array(0),
      chainDer: [],
      friendlyName: 'x',
      password,
    })
    const before = await footprint(service.engine)
    for (const [given, more, field] of [
      [cert, { password: 'wrong' }, 'password'],
      [cert, { password: undefined }, 'password'],
      [cert, { password: 'x'.repeat(257) }, 'password'],
      [cert, { cert_type: 'x509' }, 'cert'],
      ['no base64!', {}, 'cert'],
      [octets.subarray(0, -1).toString('base64'), {}, 'cert'],
      [Buffer.from(weakFile).toString('base64'), {}, 'cert'],
    ] as const) {
      const { import_status, errors } = await importing(given, more)
      assert.deepEqual(
        [import_status, errors[0].code, errors[0].field],
        ['FAILED', 'invalid_request', field],
        JSON.stringify(more),
      )
    }
    assert.deepEqual(await footprint(service.engine), before)
  })

  test('a key serves one account: of two that bring it the second is refused, the first may bring its next certificate', async () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const [first, second] = [await sealed(keys), await sealed(keys)]
    assert.equal((await importing(first.cert)).import_status, 'SUCCESS')
    const again = await importing(first.cert)
    assert.deepEqual([again.import_status, again.errors[0].code], ['FAILED', 'duplicate_error'])
    const stranger = await service.tenant('mallory@example.test')
    const refused = await importing(first.cert, {}, stranger)
    assert.deepEqual([refused.import_status, refused.errors[0].code], ['FAILED', 'duplicate_error'])
    assert.equal((await importing(second.cert)).import_status, 'SUCCESS')
  })

  test('X4 at most ten files are opened for one request', async () => {
    const entry = { cert_type: 'PKCS12', business_unit_id: unit, seat_id: 'x', cert: 'MAA=', password }
    const send = (length: number) =>
      tenant.post(
        `${tlm}/certificate-import`,
        Array.from({ length }, () => entry),
      )
    assert.equal((await send(10)).status, 200)
    assert.deepEqual([(await send(11)).status, (await send(11)).code], [413, 'request_too_large'])
  })
})

async function rootOf(tenant: TestTenant): Promise<string> {
  return (await tenant.get('/certificate-authority/api/v1/ca')).json().items[0].id
}
