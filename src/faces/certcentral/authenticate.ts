import type { FastifyRequest } from 'fastify'
import type { Engine } from '../../core/engine.ts'
import { Fault } from '../../core/faults.ts'
import { permits } from '../../core/identity/permissions.ts'
import { identify, type Principal } from '../../core/identity/principal.ts'
import { admit } from '../../core/limits/admit.ts'
import { requestKey } from '../../core/limits/limit-state.ts'
import { windowsFor } from '../../core/limits/limits.ts'
import type { CertcentralOptions } from './options.ts'
import type { Route } from './route.ts'

/**
 * Lets a request in by what its head says: its key, then how often the key came, then what the key may do. Nothing
 * of the body is read before.
 *
 * @param known told whose key it is, before rate and right are looked at
 * @throws Fault credential_unknown for every key that does not work, one that is absent too; rate_exceeded;
 *   permission_missing; access_denied, account_unavailable, account_corrupt
 */
export async function admitRequest(
  engine: Engine,
  { rates }: CertcentralOptions,
  { resource, right }: Route,
  request: FastifyRequest,
  known: (principal: Principal) => void,
): Promise<void> {
  const key = request.headers['x-dc-devkey']
  if (typeof key !== 'string') throw new Fault('credential_unknown', {})
  const principal = await identify(engine, key.trim(), request.id)
  known(principal)
  const { account, key: shown } = principal
  const windows = windowsFor('certcentral', rates, account, shown.publicId)
  await admit(engine, requestKey('certcentral', shown.publicId), windows, engine.clock.now())
  if (!permits(principal.rights, resource, right)) {
    throw new Fault('permission_missing', { permission: `${resource}:${right}` })
  }
}
