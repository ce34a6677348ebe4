import type { SeededAccount } from './seed.ts'
import { commonNameOf } from './stored-orders.ts'

/** A query for each round: never twice the same page where that matters. */
export function listQueries(
  orders: number,
  { orderer }: SeededAccount,
): Readonly<Record<string, (round: number) => string>> {
  const deep = (round: number) => Math.max(0, Math.floor(orders * 0.9) - round * 1_013)
  const middle = (round: number) => Math.max(0, Math.floor(orders / 2) - round * 1_013)
  const some = (round: number) => 1 + ((round * 7_919) % orders)
  const from = (ids: readonly number[], round: number) => ids[round % ids.length]
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  return {
    'first page, 1,000 rows': () => '',
    'first page, 25 rows': () => 'limit=25',
    'deep page, 1,000 rows': (round) => `offset=${deep(round)}`,
    'deep page, 25 rows': (round) => `offset=${deep(round)}&limit=25`,
    'newest first, deep page': (round) => `sort=-date_created&offset=${deep(round)}&limit=25`,
    'by end of validity, from the middle': (round) => `sort=-valid_till&offset=${middle(round)}&limit=25`,
    issued: () => 'filters[status]=issued&limit=25',
    'issued, 1,000 rows': () => 'filters[status]=issued',
    'issued, deep page': (round) => `filters[status]=issued&offset=${Math.floor(deep(round) * 0.8)}&limit=25`,
    'issued, newest first': () => 'filters[status]=issued&sort=-date_created&limit=25',
    expired: () => 'filters[status]=expired&limit=25',
    'expired, 1,000 rows': () => 'filters[status]=expired',
    'expired, deep page': (round) =>
      `filters[status]=expired&offset=${Math.floor(deep(round) * 0.5)}&limit=25`,
    renewed: () => 'filters[is_renewed]=true&limit=25',
    'pending or revoked, newest first': () =>
      'filters[status][0]=pending&filters[status][1]=revoked&sort=-date_created&limit=25',
    'one division': (round) => `container_id=${from(orderer.containerIds, round)}&limit=25`,
    'one product': () => 'filters[product_name_id]=ssl_basic&limit=25',
    'common name': (round) => `filters[common_name]=${commonNameOf(some(round))}`,
    'two common names': (round) =>
      `filters[common_name][0]=${commonNameOf(some(round))}&filters[common_name][1]=${commonNameOf(some(round + 1))}`,
    'common name among issued': (round) =>
      `filters[status]=issued&filters[common_name]=${commonNameOf(some(round))}`,
    'part of a common name': (round) => `filters[common_name]=%25ww${some(round)}.sho`,
    'search for a domain that one in a thousand has': (round) =>
      `filters[search]=%25.shop${100 + (round % 800)}.&limit=25`,
    'organization and month': (round) =>
      `filters[organization_id]=${from(orderer.organizationIds, round)}&filters[date_created]=${day(60)}...${day(30)}&limit=25`,
    'serial number': (round) =>
      `filters[serial_number]=${((orderer.lastOrder + some(round)) * 2_654_435_761).toString(16)}`,
    'a part that every name has': () => 'filters[search]=%25bench.example&limit=25',
    'a part that every name has, 1,000 rows': () => 'filters[search]=%25bench.example',
    'a part that every common name has': () => 'filters[common_name]=%25.bench.exa&limit=25',
    'a part too short for the index': () => 'filters[search]=%25.b&limit=25',
  }
}
