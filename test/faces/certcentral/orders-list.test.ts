import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastFirst, storeKinds } from '../../support/stores.ts'
import { orderBody, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const dayMs = 86_400_000

interface ListedOrder {
  readonly id: number
  readonly status: string
}

for (const kind of storeKinds) {
  describe(`${kind.name}: the list of orders`, { skip: kind.skip }, () => {
    const scope = lastFirst({ after })
    let service: TestService
    let tenant: TestTenant
    let organization: number
    let division: number
    let field: number
    /** Ids by what the orders are for. */
    const ids: Record<string, number> = {}

    before(async () => {
      service = await TestService.start(scope, { kind })
      tenant = await service.tenant()
      organization = await testOrganization(tenant)
      const root = tenant.rootContainer.id
      division = (
        await tenant.post(`/container/${root}/children`, { name: 'Division', template_id: 1 })
      ).json().id
      const metadata = { label: 'Cost centre', is_required: false, is_active: true }
      field = (await tenant.post('/account/metadata', metadata)).json().id
      // A short one ends while the others go on.
      await place('short', 'private_ssl_plus', 'short.example.com', { order_validity: { days: 5 } })
      service.advance(10 * dayMs)
      await place('shop', 'private_ssl_plus', 'shop.example.com', { alternative_order_id: 'shop-1' })
      await place('wiki', 'private_ssl_multi_domain', 'wiki.example.com', {
        additional_emails: ['wiki@mail.example.com'],
        custom_fields: [{ metadata_id: field, value: '4711' }],
        dns_names: ['docs.example.com', 'host.internal'],
      })
      service.advance(dayMs)
      await place('division', 'private_ssl_plus', 'division.example.com', {
        container: { id: division },
        disable_renewal_notifications: true,
        order_validity: { years: 3 },
      })
      await place('waiting', 'private_ssl_flex', '*.wait.example.com', { skip_approval: false })
      await place('renewal', 'private_ssl_plus', 'shop.example.com', { renewal_of_order_id: ids.shop })
      const revoked = await place('revoked', 'private_ssl_plus', 'revoked.example.com')
      await tenant.put(`/order/certificate/${revoked}/revoke`, { skip_approval: true })
    })

    const place = async (
      key: string,
      product: string,
      name: string,
      {
        dns_names,
        ...rest
      }: { readonly dns_names?: readonly string[]; readonly [other: string]: unknown } = {},
      caller = tenant,
    ): Promise<number> => {
      const certificate = { common_name: name, ...(dns_names && { dns_names }) }
      const answer = await caller.post(
        `/order/certificate/${product}`,
        await orderBody(organization, certificate, rest),
      )
      assert.equal(answer.status, 201, answer.text)
      const { id } = answer.json()
      ids[key] = id
      return id
    }

    const list = async (query = '', caller = tenant) => {
      const answer = await caller.get(`/order/certificate${query}`)
      assert.equal(answer.status, 200, answer.text)
      return answer.json()
    }

    /** What the orders of a list are for, in its order; the total has to agree. */
    const found = async (query: string, caller = tenant): Promise<readonly string[]> => {
      const { orders, page } = await list(query, caller)
      assert.equal(page.total, orders.length, query)
      const names = new Map(Object.entries(ids).map(([key, id]) => [id, key]))
      return orders.map(({ id }: ListedOrder) => names.get(id))
    }

    const all = ['short', 'shop', 'wiki', 'division', 'waiting', 'renewal', 'revoked']

    test('trap 12, 13, 14, 15: an element has what typed clients read, and nothing before it is issued', async () => {
      const { orders, page } = await list()
      assert.deepEqual(page, { total: 7, limit: 1000, offset: 0 })
      const shop = orders.find(({ id }: ListedOrder) => id === ids.shop)
      const { certificate, ...order } = shop
      assert.match(certificate.serial_number, /^[0-9A-F]{32}$/)
      assert.match(certificate.thumbprint, /^[0-9A-F]{40}$/)
      assert.match(certificate.valid_from, /^\d{4}-\d\d-\d\d$/)
      assert.match(certificate.valid_till, /^\d{4}-\d\d-\d\d$/)
      assert.ok(certificate.days_remaining > 300)
      assert.equal(certificate.common_name, 'shop.example.com')
      assert.equal(certificate.signature_hash, 'sha256')
      assert.equal(typeof certificate.id, 'number')
      assert.match(order.date_created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
      assert.deepEqual(
        { ...order, date_created: '', order_valid_till: '' },
        {
          id: ids.shop,
          status: 'issued',
          is_renewed: true,
          date_created: '',
          organization: { id: organization, name: 'Example Shop Ltd' },
          validity_years: 1,
          order_validity: { years: 1 },
          order_valid_till: '',
          disable_renewal_notifications: false,
          container: { id: tenant.rootContainer.id, name: 'Example', is_active: true },
          product: { name_id: 'private_ssl_plus', name: 'Private SSL', type: 'ssl_certificate' },
          duplicates_count: 0,
          has_duplicates: false,
          reissues_count: 0,
          has_reissues: false,
          price: 0,
          product_name_id: 'private_ssl_plus',
          number_of_sans: certificate.dns_names.length,
          alternative_order_id: 'shop-1',
        },
      )
      const waiting = orders.find(({ id }: ListedOrder) => id === ids.waiting)
      assert.equal(waiting.status, 'needs_approval')
      for (const name of ['serial_number', 'thumbprint', 'valid_from', 'valid_till', 'days_remaining']) {
        assert.equal(name in waiting.certificate, false, name)
      }
      assert.equal(typeof waiting.certificate.id, 'number')
    })

    const cases: readonly (readonly [query: () => string, wanted: readonly string[]])[] = [
      [() => '', all],
      [() => `?filters[id]=${ids.wiki}`, ['wiki']],
      [() => `?filters[id][0]=${ids.wiki}&filters[id][1]=${ids.shop}`, ['shop', 'wiki']],
      [() => '?filters[status]=issued', ['short', 'shop', 'wiki', 'division', 'renewal']],
      [() => '?filters%5Bstatus%5D=Issued', ['short', 'shop', 'wiki', 'division', 'renewal']],
      [() => '?filters[status]=expired', ['short']],
      [() => '?filters[status]=needs_approval', ['waiting']],
      [() => '?filters[status][0]=revoked&filters[status][1]=needs_approval', ['waiting', 'revoked']],
      [() => `?filters[organization_id]=${organization}`, all],
      [() => '?filters[organization_id]=1000000', []],
      [() => '?filters[product_name_id]=private_ssl_flex', ['waiting']],
      [
        () =>
          '?filters[product_name_id][0]=private_ssl_flex&filters[product_name_id][1]=private_ssl_multi_domain',
        ['wiki', 'waiting'],
      ],
      [() => `?filters[valid_till]=<${day(0)}`, ['short']],
      [() => `?filters[valid_till]=%3E${day(900)}`, ['division']],
      [() => `?filters[user_id]=${tenant.administrator.id}`, all],
      [() => '?user_id=1000000', []],
      [() => '?filters[common_name]=shop.example.com', ['shop', 'renewal']],
      [() => '?filters[common_name]=SHOP.example.com', ['shop', 'renewal']],
      [() => '?filters[common_name]=op.example', []],
      [() => '?filters[common_name]=%25op.example', ['shop', 'renewal']],
      [
        () => '?filters[common_name][0]=shop.example.com&filters[common_name][1]=wiki.example.com',
        ['shop', 'wiki', 'renewal'],
      ],
      [() => '?filters[domain_name]=docs.example.com', ['wiki']],
      [() => '?filters[domain_name]=%25internal', ['wiki']],
      [
        () => '?filters[domain_name][0]=docs.example.com&filters[domain_name][1]=shop.example.com',
        ['shop', 'wiki', 'renewal'],
      ],
      [() => '?filters[email][]=nobody@example.com&filters[email][]=wiki@mail.example.com', ['wiki']],
      [() => `?filters[date_created]=${day(-1)}`, ['shop', 'wiki']],
      [() => `?filters[date_created]=${day(-1)}...${day(0)}`, all.slice(1)],
      [() => `?filters[date_created]=<${day(-5)}`, ['short']],
      [() => `?filters[container_id]=${division}`, ['division']],
      [() => `?container_id=${division}`, ['division']],
      [() => `?filters[metadata_id]=${field}`, ['wiki']],
      [() => '?filters[metadata_id]=4711', []],
      [() => '?filters[is_renewed]=true', ['shop']],
      [() => '?filters[is_renewed]=0', all.filter((key) => key !== 'shop')],
      [() => '?filters[disable_renewal_notifications]=True', ['division']],
      [() => '?filters[email]=wiki@mail.example.com', ['wiki']],
      [() => '?filters[search]=mail.exam', []],
      [() => '?filters[search]=%25mail.exam', ['wiki']],
      [() => '?filters[search]=Wiki@mail.example.com', ['wiki']],
      [() => '?filters[search]=docs.example.com', ['wiki']],
      [() => '?filters[search]=%25revoked', ['revoked']],
      [() => '?filters[origin]=migrated', []],
      [() => '?filters[origin]=certcentral', all],
      [() => '?filters[alternative_order_id]=shop-1', ['shop']],
      [() => '?alternative_order_id=shop-2', []],
      [() => '?filters[unheard_of]=1&name=x&include_dcv=', all],
      [() => `?filters[status]=issued&filters[common_name]=shop.example.com&container_id=${division}`, []],
      [() => '?sort=-order_id', all.toReversed()],
      [() => '?sort=-date_created', all.toReversed()],
      [
        () => '?sort=-validity_years,order_id&filters[status]=issued',
        ['division', 'shop', 'wiki', 'renewal', 'short'],
      ],
      [
        () => '?sort=product_name,-id',
        ['waiting', 'wiki', 'revoked', 'renewal', 'division', 'shop', 'short'],
      ],
      [() => '?sort=common_name,id', ['waiting', 'division', 'revoked', 'shop', 'renewal', 'short', 'wiki']],
    ]
    /** The UTC day that many days from now. */
    const day = (days: number) =>
      new Date(service.engine.clock.time + days * dayMs).toISOString().slice(0, 10)

    for (const [query, wanted] of cases) {
      test(`${String(query).replace(/^\(\) =>\s*/, '')} finds ${wanted.length} of ${all.length}`, async () => {
        assert.deepEqual(await found(query()), wanted)
      })
    }

    test('serial number, thumbprint and certificate id find the order, letter case and colons aside', async () => {
      const { orders } = await list(`?filters[id]=${ids.wiki}`)
      const { serial_number: serial, thumbprint, id } = orders[0].certificate
      for (const query of [
        `filters[serial_number]=${serial}`,
        `filters[serial_number]=${serial.toLowerCase()}`,
        `filters[serial_number]=${serial.match(/../g).join(':')}`,
        `filters[thumbprint]=${thumbprint.toLowerCase()}`,
        `filters[certificate_id]=${id}`,
      ]) {
        assert.deepEqual(await found(`?${query}`), ['wiki'], query)
      }
      assert.deepEqual(await found('?filters[serial_number]=zz'), [])
    })

    test('trap 11: pages add up to the exact total, and the last one is short', async () => {
      const seen: number[] = []
      for (let offset = 0; ; offset += 3) {
        const { orders, page } = await list(`?limit=3&offset=${offset}`)
        assert.deepEqual(page, { total: 7, limit: 3, offset })
        seen.push(...orders.map(({ id }: ListedOrder) => id))
        if (orders.length < 3) break
      }
      assert.deepEqual(
        seen,
        all.map((key) => ids[key]),
      )
    })

    test('values that are none name the parameter', async () => {
      for (const [query, code] of [
        ['limit=0', 'invalid_value:limit'],
        ['limit=1001', 'invalid_value:limit'],
        ['offset=-1', 'invalid_value:offset'],
        ['filters[id]=x', 'invalid_value:filters.id'],
        ['filters[valid_till]=soon', 'invalid_value:filters.valid_till'],
        ['filters[is_renewed]=maybe', 'invalid_value:filters.is_renewed'],
        ['filters[origin]=elsewhere', 'invalid_value:filters.origin'],
        ['filters[metadata_id]=x', 'invalid_value:filters.metadata_id'],
        ['filters[status][0]=expired&filters[status][1]=pending', 'invalid_value:filters.status'],
      ] as const) {
        const answer = await tenant.get(`/order/certificate?${query}`)
        assert.deepEqual([answer.status, ...answer.codes()], [400, code], query)
      }
    })

    test('somebody in a division sees its orders alone, a limited user his own', async () => {
      const manager = await tenant.as('manager', { containerId: division })
      assert.deepEqual(await found('', manager), ['division'])
      assert.deepEqual(await found(`?container_id=${tenant.rootContainer.id}`, manager), [])
      const limited = await tenant.as('limited')
      assert.deepEqual(await found('', limited), [])
      const own = await place('own', 'private_ssl_plus', 'own.example.com', {}, limited)
      assert.deepEqual(await found('', limited), ['own'])
      assert.equal((await limited.get(`/order/certificate/${ids.shop}`)).status, 404)
      await tenant.put(`/order/certificate/${own}/status`, { status: 'canceled', note: 'no need' })
      const other = await service.tenant(`other-${kind.name}@example.test`)
      assert.deepEqual(await found('', other), [])
    })

    test('the list comes as CSV with a line for each order, and as XML', async () => {
      const csv = await tenant.get('/order/certificate?filters[status]=issued', {
        headers: { accept: 'text/csv' },
      })
      assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8')
      const lines = csv.text.trimEnd().split('\r\n')
      assert.equal(lines.length, 6)
      const columns = lines[0]?.split(',') ?? []
      for (const name of ['id', 'status', 'certificate.common_name', 'certificate.serial_number']) {
        assert.ok(columns.includes(name), name)
      }
      const xml = await tenant.get('/order/certificate/?limit=1', { headers: { accept: 'application/xml' } })
      assert.match(xml.text, new RegExp(`<orders><order><id>${ids.short}</id>`))
      assert.match(xml.text, /<page><total>\d+<\/total><limit>1<\/limit>/)
    })
  })
}
