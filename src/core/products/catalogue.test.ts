import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isFault } from '../faults.ts'
import { enabledProductOf, enabledProducts, productOf, products } from './catalogue.ts'
import { serverPlatform } from './server-platforms.ts'

/** Every identifier of the CertCentral API v2 that orders are placed under. */
const identifiers = `
  ssl_plus ssl_multi_domain ssl_wildcard ssl_ev_plus ssl_ev_multi_domain ssl_cloud_wildcard ssl_basic ssl_ev_basic
  ssl_securesite ssl_securesite_multi_domain ssl_securesite_wildcard ssl_ev_securesite ssl_ev_securesite_multi_domain
  ssl_securesite_flex ssl_securesite_pro ssl_ev_securesite_flex ssl_ev_securesite_pro ssl_geotrust_truebizid
  ssl_dv_geotrust ssl_dv_rapidssl wildcard_dv_geotrust wildcard_dv_rapidssl cloud_dv_geotrust ssl_dv_geotrust_flex
  private_ssl_plus private_ssl_wildcard private_ssl_multi_domain private_ssl_flex
  client_premium client_digital_signature_plus client_email_security_plus client_authentication_plus class1_smime
  client_premium_sha2 client_digital_signature_plus_sha2 private_client_premium
  secure_email_mailbox secure_email_sponsor secure_email_organization
  code_signing code_signing_ev document_signing_org_1 document_signing_org_2
  grid_host_ssl grid_host_ssl_multi_domain grid_robot_ssl grid_robot_ssl_multi_domain client_grid_private_premium`
  .trim()
  .split(/\s+/)

describe('the catalogue', () => {
  test('holds every identifier once', () => {
    assert.deepEqual(products.map(({ nameId }) => nameId).sort(), [...identifiers].sort())
  })

  test('names a replacement that it holds', () => {
    for (const { replacement } of products) {
      if (replacement !== null) assert.equal(productOf(replacement).replacement, null)
    }
  })

  test('lets nothing of extended validation, and nothing for one or several plain names, take a wildcard', () => {
    for (const { nameId, names, validation } of products) {
      if (names.of !== 'hosts') continue
      const plain = names.shape === 'single' || names.shape === 'multi' || validation === 'ev'
      assert.equal(names.wildcards, !plain, nameId)
    }
  })

  test('signs with SHA-1 below private CAs alone', () => {
    for (const { nameId, issuer, signatureHashes } of products) {
      assert.equal(signatureHashes.includes('sha1'), issuer === 'account', nameId)
      assert.equal(signatureHashes[0], 'sha256', nameId)
    }
  })

  test('logs TLS server certificates of the public hierarchy and no others', () => {
    for (const { nameId, issuer, subject, certificateTransparency } of products) {
      const logged = issuer === 'installation' && (subject === 'server' || subject === 'robot')
      assert.equal(certificateTransparency, logged, nameId)
    }
  })

  test('asks for a key where hosts are named, and takes none where it is made on a token', () => {
    for (const { nameId, names, csr } of products) {
      assert.equal(csr === 'required', names.of === 'hosts', nameId)
    }
    assert.equal(productOf('code_signing_ev').csr, 'not-taken')
    assert.equal(productOf('document_signing_org_1').csr, 'not-taken')
  })

  test('refuses an identifier it does not hold', () => {
    for (const nameId of ['ssl', 'SSL_PLUS', '__proto__', '']) {
      assert.throws(
        () => productOf(nameId),
        (error) => isFault(error, 'product_unknown') && error.detail.product === nameId,
      )
    }
  })
})

describe('the products of an account', () => {
  const policy = { disabledProducts: ['ssl_plus', 'code_signing'] }

  test('are all but those its policy disables', () => {
    assert.equal(enabledProducts({ disabledProducts: [] }).length, products.length)
    assert.equal(enabledProducts(policy).length, products.length - 2)
    assert.equal(enabledProductOf('ssl_basic', policy).nameId, 'ssl_basic')
  })

  test('that are disabled are told apart from those that do not exist', () => {
    assert.throws(
      () => enabledProductOf('ssl_plus', policy),
      (error) => isFault(error, 'product_not_allowed'),
    )
    assert.throws(
      () => enabledProductOf('ssl_minus', policy),
      (error) => isFault(error, 'product_unknown'),
    )
  })
})

test('server platforms are found by id, unlisted ones as OTHER, and what is no id finds none', () => {
  assert.equal(serverPlatform(45)?.name, 'nginx')
  assert.equal(serverPlatform(-1)?.name, 'OTHER')
  for (const id of [1, 10, 127])
    assert.deepEqual([serverPlatform(id)?.id, serverPlatform(id)?.name], [id, 'OTHER'])
  for (const id of [-2, 0, 128]) assert.equal(serverPlatform(id), undefined)
})
