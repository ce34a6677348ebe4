import type { ServiceUserRequest } from '../../../core/identity/create-user.ts'
import type { Reader } from '../reader.ts'
import { readOptionalRole, readRestriction } from '../roles.ts'
import { readUsername } from './person.ts'

/** What is said of a new service user. Without a role it may order, as programs do. */
export function readServiceUser(body: Reader): ServiceUserRequest {
  const username = body.text('username')
  const containerId = body.idOf('container') ?? body.id('container_id')
  return {
    name: body.requiredText(body.spelling('api_name', 'name')),
    email: body.requiredEmail('email'),
    role: readOptionalRole(body) ?? 'standard',
    restriction: readRestriction(body) ?? null,
    containerAssignments: body.ids('container_id_assignments'),
    ...(username !== undefined && { username: readUsername(body, username) }),
    ...(containerId !== undefined && { containerId }),
  }
}
