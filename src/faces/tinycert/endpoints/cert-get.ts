import { tellRefusal } from '../../../core/audit/tell-refusal.ts'
import { authorityChain } from '../../../core/authorities/authority-chain.ts'
import { certificateDerOf } from '../../../core/certificates/certificate-of.ts'
import { releasePrivateKey } from '../../../core/certificates/private-key.ts'
import { Fault, isFault } from '../../../core/faults.ts'
import { pemEncode } from '../../../pki/pem.ts'
import { encryptPrivateKeyInfo } from '../../../pki/pkcs8.ts'
import { type Call, sessionEndpoint } from '../endpoint.ts'
import { invalid } from '../input-reason.ts'
import { type OwnCertificate, ownCertificate } from '../own-objects.ts'
import { requiredId, requiredText } from '../parameters.ts'
import { objectReply, type Reply } from '../reply.ts'

/** Rounds of PBKDF2-HMAC-SHA-256 over the passphrase. */
const iterations = 600_000

interface Item {
  /** Whether giving it out gives out the private key. */
  readonly secret: boolean
  read(call: Call, own: OwnCertificate): Promise<Reply>
}

/** What can be fetched of a certificate, one item a call. */
const items: ReadonlyMap<string, Item> = new Map([
  ['cert', { secret: false, read: async (_, own) => pem('CERTIFICATE', certificateOfOwn(own)) }],
  ['chain', { secret: false, read: readChain }],
  ['csr', { secret: false, read: async (_, own) => pem('CERTIFICATE REQUEST', requestOf(own)) }],
  ['key.dec', keyItem(async (_, __, key) => pem('PRIVATE KEY', key))],
  ['key.enc', keyItem(encryptedKey)],
  ['pkcs12', keyItem(pkcs12)],
] satisfies readonly (readonly [string, Item])[])

/** One item of a certificate: the only member of the answer is `pem` or `pkcs12`. */
export const certGet = sessionEndpoint('cert/get', ['cert_id', 'what'], async (call) => {
  const id = requiredId(call.fields, 'cert_id')
  const item = items.get(requiredText(call.fields, 'what'))
  if (item === undefined) throw invalid('what', 'certificate-item')
  const own = item.secret ? await ownCertificateForKey(call, id) : await ownCertificate(call, id)
  return item.read(call, own)
})

/** Who reaches for the private key of another account's certificate is told to the audit log. */
async function ownCertificateForKey(call: Call, id: number | null): Promise<OwnCertificate> {
  try {
    return await ownCertificate(call, id)
  } catch (error) {
    if (isFault(error, 'access_denied')) {
      const refusal = {
        action: 'key.release-refused',
        accountId: call.session.account.id,
        object: `certificate:${id}`,
        detail: { reason: 'other-account' },
      } as const
      await tellRefusal(call.engine, refusal, call.caller)
    }
    throw error
  }
}

type ReadWithKey = (call: Call, own: OwnCertificate, privateKeyDer: Uint8Array) => Promise<Reply>

/** An item made from the private key, which is zeroed afterwards. */
function keyItem(read: ReadWithKey): Item {
  return {
    secret: true,
    read: async (call, own) => {
      const kept = { ...own.record, object: `certificate:${own.record.id}` }
      const key = await releasePrivateKey(call.engine, kept, call.session.vaultKey, call.caller)
      try {
        return await read(call, own, key)
      } finally {
        key.fill(0)
      }
    },
  }
}

/** The end-entity certificate first, the root last. */
async function readChain(call: Call, own: OwnCertificate): Promise<Reply> {
  const authorities = await authorityChain(call.engine, own.authority.id)
  const chain = [certificateOfOwn(own), ...authorities.map(({ certificateDer }) => certificateDer)]
  return objectReply({ pem: chain.map((der) => pemEncode('CERTIFICATE', der)).join('') })
}

async function encryptedKey(call: Call, _: OwnCertificate, key: Uint8Array): Promise<Reply> {
  const encrypted = await encryptPrivateKeyInfo(key, call.session.passphrase(), {
    salt: call.engine.random.bytes(16),
    initializationVector: call.engine.random.bytes(16),
    iterations,
  })
  return pem('ENCRYPTED PRIVATE KEY', encrypted)
}

async function pkcs12(call: Call, own: OwnCertificate, key: Uint8Array): Promise<Reply> {
  const authorities = await authorityChain(call.engine, own.authority.id)
  const file = await call.options.pkcs12.build({
    privateKeyDer: key,
    certificateDer: certificateOfOwn(own),
    chainDer: authorities.map(({ certificateDer }) => certificateDer),
    friendlyName: own.record.name,
    password: call.session.passphrase(),
  })
  return objectReply({ pkcs12: Buffer.from(file.buffer, file.byteOffset, file.length).toString('base64') })
}

function certificateOfOwn({ record, authority }: OwnCertificate): Uint8Array {
  return certificateDerOf(record, authority)
}

function requestOf({ record }: OwnCertificate): Uint8Array {
  if (record.csrDer === null) throw new Fault('item_absent', { item: 'csr' })
  return record.csrDer
}

function pem(label: string, der: Uint8Array): Reply {
  return objectReply({ pem: pemEncode(label, der) })
}
