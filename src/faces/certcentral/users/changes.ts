import type { UserChanges } from '../../../core/identity/change-user.ts'
import type { Reader } from '../reader.ts'
import { readOptionalRole } from '../roles.ts'
import { readUsername } from './person.ts'

/**
 * What `PUT /user/{id}` changes. Job title and telephone are cleared when they are absent; everything else stays
 * then, because callers send what they want to change.
 */
export function readUserChanges(body: Reader): UserChanges {
  const username = body.text('username')
  const firstName = body.text('first_name', { longest: 128 })
  const lastName = body.text('last_name', { longest: 128 })
  const email = body.email('email')
  const role = readOptionalRole(body)
  const status = body.choice('status', ['active', 'inactive'])
  const containerId = body.idOf('container')
  return {
    ...(username !== undefined && { username: readUsername(body, username) }),
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(email !== undefined && { email }),
    jobTitle: body.text('job_title', { longest: 64 }) ?? '',
    telephone: body.text('telephone', { longest: 32 }) ?? '',
    ...(role !== undefined && { role }),
    ...(status !== undefined && { status }),
    ...(containerId !== undefined && { containerId }),
    ...(body.has('container_id_assignments') && {
      containerAssignments: body.ids('container_id_assignments'),
    }),
  }
}
