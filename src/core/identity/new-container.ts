import type { Instant } from '../brand.ts'
import type { Random } from '../environment.ts'
import type { Container } from './container.ts'

/** What every new container has: opaque names, no bounds. */
export function newContainer(
  random: Random,
  createdAt: Instant,
): Omit<Container, 'id' | 'accountId' | 'parentId' | 'name' | 'templateId'> {
  return {
    publicId: opaqueName(random),
    ekey: opaqueName(random),
    description: '',
    isActive: true,
    allowedDomainNames: [],
    createdAt,
  }
}

/** 128 random bits as 25 lower-case letters and digits. */
function opaqueName(random: Random): string {
  return BigInt(`0x1${Buffer.from(random.bytes(16)).toString('hex')}`).toString(36)
}
