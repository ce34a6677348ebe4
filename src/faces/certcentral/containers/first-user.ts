import type { ContainerRequest } from '../../../core/identity/create-container.ts'
import type { Reader } from '../reader.ts'
import { readPerson } from '../users/person.ts'

/** The user that a new container begins with; undefined when there is none. */
export function readFirstUser(body: Reader): ContainerRequest['user'] {
  return body.has('user') ? readPerson(body.object('user')) : undefined
}
