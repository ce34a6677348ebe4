import { generatePassphrase } from '../../../core/accounts/passphrase.ts'
import {
  enableClientCertificate,
  revokeClientCertificate,
  visibleClientCertificate,
} from '../../../core/client-certificates/change-client-certificate.ts'
import {
  type ClientCertificate,
  clientCertificates,
  hasEnded,
} from '../../../core/client-certificates/client-certificate.ts'
import {
  type CreatedClientCertificate,
  createClientCertificate,
} from '../../../core/client-certificates/create-client-certificate.ts'
import { versionOf } from '../../../core/version.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'
import { dateTime } from '../lifecycle/certificate-view.ts'
import { pemChain } from '../lifecycle/delivery.ts'
import { readCsr } from '../lifecycle/issue-body.ts'
import { namingMembers } from '../member-names.ts'
import { created, done, ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readUserId, requiredName } from './users.ts'

/** Whose certificates they are decides what may be done, so the verbs look at rights. */
const common = { api: 'account', access: 'member', tier: 'B' } as const
const mostOfOneUser = 1_000

/** Certificates for the listener of mutual TLS: of whoever asks, when nobody is named. */
export const clientCertificateRoutes = [
  defineRoute({
    ...common,
    method: 'POST',
    path: '/v1/client-auth-certificate',
    async handler(call) {
      const { engine, member, caller, body } = call
      const userId = readUserId(call, body.text('user_id') ?? 'me')
      const name = requiredName(body, 'name')
      const csr = readCsr(body)
      const endDate = body.day('end_date') ?? null
      body.check()
      const made = await namingMembers({ validity: 'end_date' }, () =>
        createClientCertificate(engine, member, { userId, name, csr, endDate }, caller),
      )
      return created({
        ...view(made.certificate, engine.clock.now()),
        certificate: pemChain([made.certificateDer, ...made.chainDer]),
        ...(await keyFile(call, made)),
      })
    },
  }),
  defineRoute({
    ...common,
    method: 'GET',
    path: '/v1/client-auth-certificate',
    async handler(call) {
      const { engine, account, query } = call
      const userId = readUserId(call, query.text('user_id') ?? 'me')
      if (userId !== call.member.user.id) call.require('VIEW_AM_USER')
      const found = await engine.store.read((each) =>
        each.collection(clientCertificates).withValue(account.id, 'user_id', userId, mostOfOneUser),
      )
      return ok(found.map((certificate) => view(certificate, engine.clock.now())))
    },
  }),
  defineRoute({
    ...common,
    method: 'GET',
    path: '/v1/client-auth-certificate/:id',
    async handler(call) {
      const id = call.pathId('id', 'client-certificate', 'client-certificate')
      const found = await call.engine.store.read((each) => visibleClientCertificate(each, call.member, id))
      return ok(view(found, call.engine.clock.now()), versionOf(found))
    },
  }),
  defineRoute({
    ...common,
    method: 'PUT',
    path: '/v1/client-auth-certificate/:id/enable',
    body: 'optional',
    async handler(call) {
      const id = call.pathId('id', 'client-certificate', 'client-certificate')
      const isEnabled = call.body.flag('enabled') ?? true
      call.body.check()
      await enableClientCertificate(
        call.engine,
        call.member,
        id,
        isEnabled,
        call.expectedVersions,
        call.caller,
      )
      return done
    },
  }),
  defineRoute({
    ...common,
    method: 'DELETE',
    path: '/v1/client-auth-certificate/:id',
    async handler(call) {
      const id = call.pathId('id', 'client-certificate', 'client-certificate')
      const { engine, member, expectedVersions, caller } = call
      await revokeClientCertificate(engine, member, id, expectedVersions, caller)
      return done
    },
  }),
] as const

/** PKCS#12 with its password, this once: neither the key nor the file is kept. */
async function keyFile(
  { engine, options }: Call,
  { certificate, certificateDer, chainDer, privateKeyDer }: CreatedClientCertificate,
) {
  if (privateKeyDer === undefined) return {}
  const password = generatePassphrase(engine.random)
  try {
    const file = await options.pkcs12.build({
      privateKeyDer,
      certificateDer,
      chainDer,
      friendlyName: certificate.name,
      password,
    })
    return { pkcs12: Buffer.from(file).toString('base64'), pkcs12_password: password }
  } finally {
    privateKeyDer.fill(0)
  }
}

function view(certificate: ClientCertificate, now: number) {
  const { id, userId, name, isEnabled, notAfter, createdAt, fingerprint, serialNumber } = certificate
  return {
    id: uuidOf('client-certificate', id),
    user_id: uuidOf('user', userId),
    name,
    status: hasEnded(certificate, now) ? 'expired' : isEnabled ? 'enabled' : 'disabled',
    serial_number: serialNumber,
    thumbprint_sha256: fingerprint.toUpperCase(),
    end_date: dateTime(notAfter).slice(0, 10),
    valid_to: dateTime(notAfter),
    created_at: dateTime(createdAt),
  } as const
}
