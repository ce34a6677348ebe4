import type { FastifyRequest } from 'fastify'
import type { Caller } from '../core/audit/caller.ts'
import { tellRefusal } from '../core/audit/tell-refusal.ts'
import type { AccountId } from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import type { Fault } from '../core/faults.ts'

/** Whose credential a request was made with. */
interface Asking {
  readonly account: { readonly id: AccountId }
  readonly user: { readonly id: number }
}

/** Tells the audit log that somebody lacked a permission; what cannot be told there is told to the log. */
export async function tellMissingPermission(
  engine: Engine,
  { account, user }: Asking,
  { detail }: Fault<'permission_missing'>,
  request: FastifyRequest,
  caller: Caller,
): Promise<void> {
  try {
    await tellRefusal(
      engine,
      {
        action: 'access.refused',
        accountId: account.id,
        object: `user:${user.id}`,
        detail: { permission: detail.permission, request: `${request.method} ${pathOf(request)}` },
      },
      caller,
    )
  } catch (error) {
    engine.log.error({ err: error, requestId: request.id }, 'a refusal was not told to the audit log')
  }
}

function pathOf({ url }: FastifyRequest): string {
  return (url.split('?', 1)[0] ?? '').slice(0, 200)
}
