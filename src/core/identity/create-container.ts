import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { type Container, containers } from './container.ts'
import { insertUser, type UserRequest } from './create-user.ts'
import { newContainer } from './new-container.ts'
import type { Principal } from './principal.ts'
import { visibleContainer } from './sight.ts'
import { templateOf } from './templates.ts'
import type { User } from './user.ts'

export interface ContainerRequest {
  readonly parentId: number
  readonly name: string
  readonly description: string
  readonly templateId: number
  /** In normal form; empty: no bounds. */
  readonly allowedDomainNames: readonly string[]
  /** Its first user; none when absent. */
  readonly user?: Omit<UserRequest, 'containerId' | 'containerAssignments'>
}

/**
 * Makes a container below another one, with its first user.
 * @throws Fault object_unknown for the parent, parameter_invalid, username_taken, permission_missing
 */
export function createContainer(
  { clock, random, store }: Pick<Engine, 'clock' | 'random' | 'store'>,
  by: Principal,
  request: ContainerRequest,
  caller: Caller,
): Promise<{ readonly container: Container; readonly user: User | undefined }> {
  if (templateOf(request.templateId) === undefined) {
    throw new Fault('parameter_invalid', { parameter: 'template_id', reason: 'unknown template' })
  }
  return store.write(function* (transaction) {
    const parent = yield* visibleContainer(transaction, by, request.parentId)
    const at = clock.now()
    const container: Container = {
      ...newContainer(random, at),
      id: yield* transaction.collection(containers).nextId(),
      accountId: by.account.id,
      parentId: parent.id,
      name: request.name,
      description: request.description,
      templateId: request.templateId,
      isActive: parent.isActive,
      allowedDomainNames: request.allowedDomainNames,
    }
    yield* transaction.collection(containers).insert(container)
    transaction.record({
      action: 'container.created',
      at,
      actor: caller.actor,
      accountId: by.account.id,
      object: `container:${container.id}`,
      requestId: caller.requestId,
      detail: { name: container.name, parentId: parent.id },
    })
    if (request.user === undefined) return { container, user: undefined }
    const seeing = { ...by, scope: withContainer(by.scope, container.id) }
    const wanted = { ...request.user, containerId: container.id, containerAssignments: [] }
    return { container, user: yield* insertUser(transaction, at, seeing, wanted, caller) }
  })
}

/** Whoever sees the parent sees what was just made below it. */
function withContainer(scope: Principal['scope'], id: number): Principal['scope'] {
  const { containerIds } = scope
  return containerIds === null ? scope : { ...scope, containerIds: new Set([...containerIds, id]) }
}
