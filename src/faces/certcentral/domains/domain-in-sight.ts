import type { Domain } from '../../../core/domains/domain.ts'
import { visibleDomain } from '../../../core/domains/find-domains.ts'
import type { Call } from '../call.ts'

/**
 * The domain that a path names, before anything of the body is judged.
 * @throws Fault object_unknown
 */
export async function domainInSight(call: Call<'id'>): Promise<Domain> {
  const id = call.pathId('id', 'domain')
  return await call.engine.store.read((view) => visibleDomain(view, call.principal, id))
}
