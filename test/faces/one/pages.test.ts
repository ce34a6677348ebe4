import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { prefixes } from '../../../src/faces/one/api.ts'
import { routes } from '../../../src/faces/one/routes.ts'
import { openEveryRoute } from './every-route.ts'

const { tenant } = await openEveryRoute({ after })

test('lists are read page by page without a gap, whatever the page', async () => {
  const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes(':'))
  let pagedLists = 0
  for (const { api, path } of lists) {
    const url = `${prefixes[api]}${path}?account_id=${tenant.accountUuid}`
    const whole = await tenant.get(`${url}&limit=1000`)
    if (whole.status !== 200 || !whole.text.startsWith('{"total"')) continue
    pagedLists++
    const { total, items } = whole.json()
    assert.equal(items.length, total, path)
    for (const limit of [1, 2, total + 1]) {
      const collected = []
      for (let offset = 0; offset < total; offset += limit) {
        const page = (await tenant.get(`${url}&limit=${limit}&offset=${offset}`)).json()
        assert.deepEqual([page.total, page.offset, page.limit], [total, offset, limit], path)
        assert.equal(page.has_more, offset + limit < total, path)
        collected.push(...page.items)
      }
      assert.deepEqual(collected, items, `${path} by ${limit}`)
    }
    const beyond = await tenant.get(`${url}&limit=1&offset=${total + 5}`)
    assert.deepEqual([beyond.status, beyond.json().items], [200, []], path)
    for (const wrong of ['limit=0', 'limit=x', 'offset=-1']) {
      const refused = await tenant.get(`${url}&${wrong}`)
      assert.deepEqual([refused.status, refused.field], [400, wrong.split('=')[0]], `${path} ${wrong}`)
    }
  }
  assert.ok(pagedLists >= 10, String(pagedLists))
})
