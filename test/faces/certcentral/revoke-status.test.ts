import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { orderCertificates } from '../../../src/core/orders/orders.ts'
import { renewResponder } from '../../../src/core/status/renew-responder.ts'
import { openssl, opensslMissing } from '../../support/openssl.ts'
import { freshCrl, statusRequest } from '../../support/status.ts'
import { duplicate } from './duplicates.ts'
import { Shop } from './issued-orders.ts'
import { csrPem } from './ordering.ts'

/** A certificate of an order with its chain, and the record of its CA. */
async function issued({ service, tenant }: Shop, id: number) {
  const { intermediates } = (await tenant.get(`/certificate/${id}/chain`)).json()
  const [leaf, ...chain]: readonly string[] = intermediates.map((each: { pem: string }) => each.pem)
  const authority = await service.engine.store.read(function* (view) {
    const found = yield* view.collection(orderCertificates).byId(tenant.accountId, id)
    return found?.issued == null ? undefined : yield* view.authorities.byId(found.issued.authorityId)
  })
  if (leaf === undefined || authority === undefined) throw new Error('the certificate is issued')
  return { leaf, chain: chain.join(''), issuer: chain[0] ?? '', authority }
}

test('an order that is revoked with reissue and duplicate is revoked to OCSP at once, and to the next CRL', {
  skip: opensslMissing,
}, async (scope) => {
  const shop = await Shop.open(scope)
  const { engine } = shop.service
  const { id, certificateId } = await shop.order()
  const made = [(await duplicate(shop, id)).json().certificate_id]
  const reissue = await shop.tenant.post(`/order/certificate/${id}/reissue`, {
    certificate: { csr: await csrPem() },
    skip_approval: true,
  })
  made.push(certificateId, reissue.json().certificate_id)
  const spared = await shop.order()

  const ocsp = async (certificate: number): Promise<string> => {
    const { leaf, chain, issuer, authority } = await issued(shop, certificate)
    const serialNumber = Buffer.from(new X509Certificate(leaf).serialNumber, 'hex')
    const { der } = await engine.ocsp.answer(statusRequest(authority, serialNumber))
    const { text, stderr } = await openssl(
      [
        ...['ocsp', '-respin', 'answer', '-issuer', 'issuer.pem', '-CAfile', 'chain.pem'],
        ...['-cert', 'leaf.pem', '-no_nonce', '-attime', String(Math.floor(engine.clock.now() / 1000))],
        // It holds the times of the answer against the clock of this machine, which is not the engine's.
        ...['-validity_period', '2000000000'],
      ],
      { files: { answer: der, 'issuer.pem': issuer, 'chain.pem': chain, 'leaf.pem': leaf } },
    )
    assert.match(stderr, /Response verify OK/)
    return text
  }
  const { authority } = await issued(shop, certificateId)
  await renewResponder(engine, authority.id)
  for (const each of made) assert.match(await ocsp(each), /leaf\.pem: good/)
  const answer = await shop.tenant.put(`/order/certificate/${id}/revoke`, {
    skip_approval: true,
    revocation_reason: 'keyCompromise',
  })
  assert.equal(answer.status, 204, answer.text)
  for (const each of made) {
    const told = await ocsp(each)
    assert.match(told, /leaf\.pem: revoked/)
    assert.match(told, /Reason: keyCompromise/)
  }
  assert.match(await ocsp(spared.certificateId), /leaf\.pem: good/)

  const crl = await freshCrl(engine, authority)
  const verify = async (certificate: number) => {
    const { leaf, chain } = await issued(shop, certificate)
    const at = String(Math.floor(engine.clock.now() / 1000))
    const args = [
      'verify',
      '-attime',
      at,
      '-crl_check',
      '-CRLfile',
      'crl.der',
      '-CAfile',
      'chain.pem',
      'leaf.pem',
    ]
    return openssl(args, { files: { 'crl.der': crl.der, 'chain.pem': chain, 'leaf.pem': leaf } })
  }
  for (const each of made) assert.match((await verify(each)).stderr, /certificate revoked/)
  const { status, stderr } = await verify(spared.certificateId)
  assert.equal(status, 0, stderr)
})
