import type { ValidationMethod } from '../../core/domains/domain.ts'
import type { Engine } from '../../core/engine.ts'
import type { Members } from './reply.ts'

/**
 * What stands beside every random value that is told: the host that an alias holding the value points at. Nothing
 * where the value proves control in another way.
 */
export function aliasTarget(
  { outside }: Pick<Engine, 'outside'>,
  method: ValidationMethod | undefined,
): Members {
  return method === 'dns-cname-token' ? { verification_value: outside.cnameTarget } : {}
}
