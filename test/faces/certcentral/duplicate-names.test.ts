import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { duplicate, leafOf, namesOf } from './duplicates.ts'
import { type OrderOptions, Shop } from './issued-orders.ts'

const multi: OrderOptions = { certificate: { dns_names: ['api.shop.example.com', 'cdn.shop.example.com'] } }
const wildcard: OrderOptions = {
  product: 'private_ssl_wildcard',
  certificate: { common_name: '*.shop.example.com', dns_names: ['shop.example.com'] },
}
const single: OrderOptions = { product: 'private_ssl_plus', certificate: { common_name: 'www.example.com' } }

describe('the names of a duplicate', () => {
  const scope = lastFirst({ after })
  let shop: Shop
  before(async () => {
    shop = await Shop.open(scope)
  })

  /** What is asked for, and the names that are certified, common name first, or the codes that refuse it. */
  const cases: readonly {
    readonly name: string
    readonly order: OrderOptions
    readonly certificate: object
    readonly names?: readonly string[]
    readonly code?: string | readonly string[]
  }[] = [
    {
      name: 'names that are left out are those of the order',
      order: multi,
      certificate: {},
      names: ['www.shop.example.com', 'api.shop.example.com', 'cdn.shop.example.com'],
    },
    {
      name: 'an empty list says nothing',
      order: multi,
      certificate: { dns_names: [] },
      names: ['www.shop.example.com', 'api.shop.example.com', 'cdn.shop.example.com'],
    },
    {
      name: 'order, letter case and repeats mean nothing, and the common name counts as listed',
      order: multi,
      certificate: {
        common_name: 'WWW.shop.example.com',
        dns_names: ['CDN.shop.example.com', 'api.shop.example.com', 'cdn.shop.example.com'],
      },
      names: ['www.shop.example.com', 'api.shop.example.com', 'cdn.shop.example.com'],
    },
    {
      name: 'another name of the order becomes the common name',
      order: multi,
      certificate: {
        common_name: 'cdn.shop.example.com',
        dns_names: ['www.shop.example.com', 'api.shop.example.com'],
      },
      names: ['cdn.shop.example.com', 'www.shop.example.com', 'api.shop.example.com'],
    },
    {
      name: 'a common name from elsewhere',
      order: multi,
      certificate: { common_name: 'mail.shop.example.com' },
      code: 'invalid_common_name_on_duplicate',
    },
    {
      name: 'a name that is not on the order',
      order: multi,
      certificate: {
        dns_names: ['api.shop.example.com', 'cdn.shop.example.com', 'mail.shop.example.com'],
      },
      code: 'invalid_dns_name_on_duplicate',
    },
    {
      name: 'a name of the order that is absent',
      order: multi,
      certificate: { dns_names: ['api.shop.example.com'] },
      code: 'missing_dns_name_on_duplicate',
    },
    {
      name: 'a foreign name is told before an absent one',
      order: multi,
      certificate: { dns_names: ['mail.shop.example.com'] },
      code: ['invalid_dns_name_on_duplicate', 'missing_dns_name_on_duplicate'],
    },
    {
      name: 'everything that is wrong with the names is told at once',
      order: multi,
      certificate: {
        common_name: 'mail.shop.example.com',
        dns_names: ['ftp.shop.example.com', 'api.shop.example.com'],
      },
      code: [
        'invalid_common_name_on_duplicate',
        'invalid_dns_name_on_duplicate',
        'missing_dns_name_on_duplicate',
      ],
    },
    {
      name: 'the free www pair need not be listed, and is certified all the same',
      order: single,
      certificate: { common_name: 'www.example.com', dns_names: ['www.example.com'] },
      names: ['www.example.com', 'example.com'],
    },
    {
      name: 'the free www pair may be listed',
      order: single,
      certificate: { dns_names: ['example.com'] },
      names: ['www.example.com', 'example.com'],
    },
    {
      name: 'names below a wildcard are added',
      order: wildcard,
      certificate: { dns_names: ['*.shop.example.com', 'shop.example.com', 'a.shop.example.com'] },
      names: ['*.shop.example.com', 'shop.example.com', 'a.shop.example.com'],
    },
    {
      name: 'a name outside the wildcard',
      order: wildcard,
      certificate: { dns_names: ['shop.example.com', 'www.example.org'] },
      code: 'invalid_dns_name_on_duplicate',
    },
    {
      name: 'a second wildcard',
      order: wildcard,
      certificate: { dns_names: ['shop.example.com', '*.a.shop.example.com'] },
      code: 'invalid_dns_name_on_duplicate',
    },
    {
      name: 'a name that only ends like the wildcard',
      order: wildcard,
      certificate: { dns_names: ['shop.example.com', 'notshop.example.com'] },
      code: 'invalid_dns_name_on_duplicate',
    },
    {
      name: 'a common name below the wildcard that is not a name of the order',
      order: wildcard,
      certificate: { common_name: 'a.shop.example.com' },
      code: 'invalid_common_name_on_duplicate',
    },
    {
      name: 'no CSR',
      order: multi,
      certificate: { csr: null },
      code: 'required_param:certificate.csr',
    },
    {
      name: 'a CSR that is none',
      order: multi,
      certificate: { csr: 'none' },
      code: 'csr_invalid_cannot_parse',
    },
    {
      name: 'an end after that of the original',
      order: multi,
      certificate: { cert_validity: { days: 400 } },
      code: 'cert_validity_exceeds_order_validity',
    },
    {
      name: 'a CA that there is not',
      order: multi,
      certificate: { ca_cert_id: 'FFFF' },
      code: 'invalid_ca_cert_id',
    },
  ]
  for (const { name, order, certificate, names, code } of cases) {
    test(`${name}${code === undefined ? '' : `: ${[code].flat().join(', ')}`}`, async () => {
      const { id, certificateId } = await shop.order(order)
      const answer = await duplicate(shop, id, certificate)
      const info = await shop.info(id)
      assert.equal(info.certificate.id, certificateId)
      if (code !== undefined) {
        assert.deepEqual([answer.status, answer.codes()], [400, [code].flat()])
        assert.equal(info.duplicates_count, 0)
        return
      }
      assert.equal(answer.status, 201, answer.text)
      assert.deepEqual(namesOf(leafOf(answer)), names)
      assert.match(leafOf(answer).subject, new RegExp(`CN=${names?.[0]?.replaceAll('*', '\\*')}$`, 'm'))
    })
  }
})
