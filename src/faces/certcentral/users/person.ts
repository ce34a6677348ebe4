import type { UserRequest } from '../../../core/identity/create-user.ts'
import type { Reader } from '../reader.ts'
import { readRole } from '../roles.ts'

/** What is said of a new user, wherever one is made. */
export function readPerson(body: Reader): Omit<UserRequest, 'containerId' | 'containerAssignments'> {
  return {
    username: readUsername(body, body.requiredText('username')),
    firstName: body.requiredText('first_name', { longest: 128 }),
    lastName: body.requiredText('last_name', { longest: 128 }),
    email: body.requiredEmail('email'),
    jobTitle: body.text('job_title', { longest: 64 }) ?? '',
    telephone: body.text('telephone', { longest: 32 }) ?? '',
    role: readRole(body),
  }
}

/** A user name stands in a path when it is asked for. Blanks, slashes and `#` have no place in it. */
export function readUsername(body: Reader, username: string): string {
  if (/[\s/\\#?%]/.test(username)) body.complain('invalid_chars', 'username')
  return username
}
