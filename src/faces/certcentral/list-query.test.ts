import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountId } from '../../core/brand.ts'
import { type ListRules, readList } from './list-query.ts'
import { Query } from './query.ts'
import { Refusal } from './refusal.ts'

type Column = 'status' | 'created_at' | 'count' | 'is_renewed' | 'container_id'

const rules: ListRules<Column> = {
  filters: {
    status: {
      type: 'text',
      column: 'status',
      values: (value) => (value === 'done' ? ['issued', 'expired'] : value),
    },
    date_created: { type: 'instant', column: 'created_at' },
    count: { type: 'integer', column: 'count' },
    is_renewed: { type: 'flag', column: 'is_renewed' },
    domain_name: { type: 'term' },
    container_id: { type: 'integer', column: 'container_id' },
    odd: {
      type: 'own',
      conditions: ([value]) => (value === 'yes' ? [{ column: 'count', is: 'absent' }] : undefined),
    },
  },
  sort: { order_id: 'id', date_created: 'created_at', status: 'status' },
  plain: ['container_id'],
}

const read = (query: string) => readList(accountId(1), new Query(`/order?${query}`), rules).query
const where = (query: string) => read(query).where
const at = (text: string) => Date.parse(text)
const complaints = (query: string) => {
  try {
    read(query)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.complaints.map(({ code, about }) => `${code}:${about}`)
  }
}

test('without anything asked a list is whole, in order of id, a thousand at a time', () => {
  assert.deepEqual(read(''), { accountId: 1, where: [], sort: [], offset: 0, limit: 1000 })
})

test('a filter is exact, a percent sign looks for a part, several values are alternatives', () => {
  assert.deepEqual(where('filters[status]=issued'), [{ column: 'status', is: 'any-of', values: ['issued'] }])
  assert.deepEqual(where('filters%5Bstatus%5D=%25ssu'), [{ column: 'status', is: 'contains', text: 'ssu' }])
  assert.deepEqual(where('filters[status]=%25ssu%25'), [{ column: 'status', is: 'contains', text: 'ssu' }])
  assert.deepEqual(where('filters[status][0]=a&filters[status][1]=done&filters[status][]=c'), [
    { column: 'status', is: 'any-of', values: ['a', 'issued', 'expired', 'c'] },
  ])
  assert.deepEqual(where('filters[status]=%25'), [])
  assert.deepEqual(where('filters[status]='), [])
})

test('words are looked for whole, or in part after a percent sign', () => {
  assert.deepEqual(where('filters[domain_name]=a.example'), [{ is: 'term', text: 'a.example' }])
  assert.deepEqual(where('filters[domain_name]=%25example'), [{ is: 'term-contains', text: 'example' }])
  assert.deepEqual(where('filters[domain_name]=%25example%25'), [{ is: 'term-contains', text: 'example' }])
  assert.deepEqual(where('filters[domain_name]=%25'), [])
  assert.deepEqual(where('filters[domain_name][0]=a.example&filters[domain_name][1]=%25b.exa'), [
    {
      is: 'any-term',
      terms: [
        { is: 'term', text: 'a.example' },
        { is: 'term-contains', text: 'b.exa' },
      ],
    },
  ])
  assert.deepEqual(where('filters[domain_name][]=a.example&filters[domain_name][]=%25'), [])
})

test('days count whole in every comparison', () => {
  const between = (query: string) => where(`filters[date_created]=${encodeURIComponent(query)}`)[0]
  const first = at('2024-01-31T00:00:00Z')
  const last = at('2024-01-31T23:59:59.999Z')
  const range = (bounds: object) => ({ column: 'created_at', is: 'between', ...bounds })
  assert.deepEqual(between('2024-01-31'), range({ from: first, to: last }))
  assert.deepEqual(between('>2024-01-31'), range({ from: last + 1 }))
  assert.deepEqual(between('>=2024-01-31'), range({ from: first }))
  assert.deepEqual(between('<2024-01-31'), range({ to: first - 1 }))
  assert.deepEqual(between('<=2024-01-31'), range({ to: last }))
  assert.deepEqual(between('2024-01-30...2024-01-31'), range({ from: first - 86_400_000, to: last }))
  assert.deepEqual(between('2024-01-31...'), range({ from: first }))
  assert.deepEqual(between('...2024-01-31'), range({ to: last }))
})

test('date-times have whole seconds, in UTC unless they say otherwise, also with a plus that became a blank', () => {
  const from = (text: string) => {
    const [condition] = where(`filters[date_created]=${text}`)
    return condition?.is === 'between' ? [condition.from, condition.to] : undefined
  }
  const noon = at('2024-01-01T12:00:00Z')
  for (const text of [
    '2024-01-01T12:00:00',
    '2024-01-01T12:00:00Z',
    '2024-01-01%2012:00:00',
    '2024-01-01T13:00:00%2B01:00',
    '2024-01-01T13:00:00+01:00',
    '2024-01-01T12:00:00.250Z',
  ]) {
    assert.deepEqual(from(text), [noon, noon + 999], text)
  }
  assert.deepEqual(from('2024-01-01T00:00:00...2024-01-01T12:00:00'), [noon - 43_200_000, noon + 999])
})

test('numbers and flags are read in every spelling', () => {
  assert.deepEqual(where('filters[count]=>5'), [{ column: 'count', is: 'between', from: 6 }])
  assert.deepEqual(where('filters[count]=5'), [{ column: 'count', is: 'any-of', values: [5] }])
  assert.deepEqual(where('filters[count][0]=5&filters[count][1]=7'), [
    { column: 'count', is: 'any-of', values: [5, 7] },
  ])
  for (const text of ['1', 'true', 'True', 'TRUE']) {
    assert.deepEqual(where(`filters[is_renewed]=${text}`), [
      { column: 'is_renewed', is: 'any-of', values: [1] },
    ])
  }
  assert.deepEqual(where('filters[is_renewed]=False'), [{ column: 'is_renewed', is: 'any-of', values: [0] }])
  assert.deepEqual(where('filters[is_renewed][0]=1&filters[is_renewed][1]=0'), [
    { column: 'is_renewed', is: 'any-of', values: [1, 0] },
  ])
  assert.deepEqual(where('container_id=7'), [{ column: 'container_id', is: 'any-of', values: [7] }])
  assert.deepEqual(where('filters[odd]=yes'), [{ column: 'count', is: 'absent' }])
})

test('a sort may be descending, ascending by a plus or nothing, and by several columns', () => {
  assert.deepEqual(read('sort=-date_created,%2Bstatus,order_id').sort, [
    { column: 'created_at', descending: true },
    { column: 'status', descending: false },
    { column: 'id', descending: false },
  ])
  assert.deepEqual(read('sort=+status').sort, [{ column: 'status', descending: false }])
})

test('filters and sorts that nobody knows are left out', () => {
  assert.deepEqual(read('filters[x]=1&filters[__proto__]=1&filters[constructor]=1&sort=x,toString&name=y'), {
    accountId: 1,
    where: [],
    sort: [],
    offset: 0,
    limit: 1000,
  })
})

test('P19 pages are bounded, and all that is out of range is told at once', () => {
  assert.deepEqual([read('limit=1000').limit, read('limit=1').limit], [1000, 1])
  assert.equal(read('offset=2147483647').offset, 2147483647)
  for (const [query, told] of [
    ['limit=1001', ['invalid_value:limit']],
    ['limit=0', ['invalid_value:limit']],
    ['limit=-1&offset=-1', ['invalid_value:limit', 'invalid_value:offset']],
    ['offset=2147483648', ['invalid_value:offset']],
    ['limit=1.5', ['invalid_value:limit']],
    ['limit=1e3', ['invalid_value:limit']],
    ['filters[date_created]=yesterday', ['invalid_value:filters.date_created']],
    ['filters[date_created]=2024-13-01', ['invalid_value:filters.date_created']],
    ['filters[date_created]=2024-02-30', ['invalid_value:filters.date_created']],
    ['filters[date_created]=2024-04-31T10:00:00Z', ['invalid_value:filters.date_created']],
    ['filters[date_created]=...', ['invalid_value:filters.date_created']],
    [
      'filters[count]=x&filters[is_renewed]=x',
      ['invalid_value:filters.count', 'invalid_value:filters.is_renewed'],
    ],
    ['filters[count][0]=>1&filters[count][1]=2', ['invalid_value:filters.count']],
    ['filters[odd]=no', ['invalid_value:filters.odd']],
  ] as const) {
    assert.deepEqual(complaints(query), told, query)
  }
})
