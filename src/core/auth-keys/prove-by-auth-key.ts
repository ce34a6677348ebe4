import type { AccountId, Instant } from '../brand.ts'
import type { ControlEvidence, ValidationMethod } from '../domains/domain.ts'
import type { Engine } from '../engine.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import { canProve } from '../validation/methods.ts'
import { corroborate, type Perspective } from '../validation/perspectives.ts'
import { readDnsTxt, readFile } from '../validation/published.ts'
import { type AuthKey, authKeys, authKeyText } from './auth-key.ts'
import { isRequestToken } from './request-token.ts'

export interface AuthKeyWish {
  readonly accountId: AccountId
  /** The request that the tokens were made for. */
  readonly csrDer: Uint8Array
  /** Host names, wildcards and addresses in normal form. */
  readonly names: readonly string[]
  /** Where tokens stand: `dns-txt-token` or `http-token`. By other methods nothing is proven. */
  readonly method: ValidationMethod
  readonly now: Instant
}

/** Names looked at a time. */
const mostAtOnce = 8
const mostKeys = 100

/**
 * Looks for request tokens of the account's AuthKeys in the places where random values stand, and tells what they
 * prove; names without a token are left out. Nothing has to be asked for before, so an order can be issued at once.
 */
export async function proveByAuthKey(
  engine: Engine,
  { accountId, csrDer, names, method, now }: AuthKeyWish,
): Promise<readonly ControlEvidence[]> {
  if (method !== 'dns-txt-token' && method !== 'http-token') return []
  const keys = (await engine.store.read((view) => keysInForce(view, accountId, now))).map((key) =>
    authKeyText(engine, key),
  )
  if (keys.length === 0) return []
  const attempt = Buffer.from(engine.random.bytes(16)).toString('hex')
  const prove = async (name: string): Promise<readonly ControlEvidence[]> => {
    if (!canProve(method, name)) return []
    const look = (perspective: Perspective) =>
      method === 'dns-txt-token'
        ? readDnsTxt(perspective.resolver, name)
        : readFile(perspective.http, engine.outside.httpPort, name)
    const tokenOf = ({ texts }: { readonly texts: readonly string[] }) =>
      texts.find((text) => isRequestToken(text, keys, csrDer, now))
    const { result, isCorroborated, agreeing } = await corroborate(
      engine.outside.perspectives,
      { attempt },
      look,
      (found) => tokenOf(found) !== undefined,
    )
    const value = tokenOf(result)
    if (value === undefined || !isCorroborated) return []
    const { place, addresses } = result
    return [{ name: place, method, value, at: now, addresses, perspectives: agreeing }]
  }
  const found: ControlEvidence[] = []
  for (let start = 0; start < names.length; start += mostAtOnce) {
    found.push(...(await Promise.all(names.slice(start, start + mostAtOnce).map(prove))).flat())
  }
  return found
}

/** The account's keys that count now: the one without an end, and the newest hundred of the others. */
export function* keysInForce(
  view: Pick<View, 'collection'>,
  accountId: AccountId,
  now: Instant,
): Program<readonly AuthKey[]> {
  const keys = view.collection(authKeys)
  const query = { accountId, sort: [{ column: 'id', descending: true }], offset: 0, limit: mostKeys } as const
  const endless = yield* keys.list({ ...query, where: [{ column: 'expires_at', is: 'absent' }] })
  const dated = yield* keys.list({
    ...query,
    where: [{ column: 'expires_at', is: 'between', from: now + 1 }],
  })
  return [...endless.items, ...dated.items]
}
