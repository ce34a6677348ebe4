import { DnsFailure, HttpFailure, MailFailure } from '../../src/core/validation/outbound.ts'
import type { Outside } from '../../src/core/validation/outside.ts'

/** A machine without a network. */
export const nothingOutside: Outside = {
  perspectives: {
    primary: {
      name: 'primary',
      resolver: {
        resolve: (name, type) => Promise.reject(new DnsFailure('unreachable', name, type)),
      },
      http: { get: () => Promise.reject(new HttpFailure('name-not-resolved')) },
    },
    remotes: [],
  },
  mailer: { send: () => Promise.reject(new MailFailure()) },
  notifier: { post: () => Promise.reject(new HttpFailure('name-not-resolved')) },
  cnameTarget: 'dcv.ca.example.test',
  httpPort: 80,
  caaIdentities: ['ca.example.test'],
}
