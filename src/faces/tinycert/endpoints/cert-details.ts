import { certificateDerOf } from '../../../core/certificates/certificate-of.ts'
import { standingOf } from '../../../core/certificates/standing.ts'
import { type Certificate, parseCertificate } from '../../../pki/certificate.ts'
import { parseSubjectAltName } from '../../../pki/extensions/alternative-names.ts'
import { findExtension } from '../../../pki/extensions/extension.ts'
import { formatIpAddress } from '../../../pki/ip-addresses.ts'
import { oids } from '../../../pki/oids.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { hashAlgorithmOf } from '../hash-method.ts'
import { ownCertificate } from '../own-objects.ts'
import { requiredId } from '../parameters.ts'
import { type AlternativeName, objectReply } from '../reply.ts'
import { showSubject } from '../subject.ts'

/**
 * What a certificate says, and its status; also of one that was superseded. `Alt` is an empty list when there
 * are no alternative names: that is what every known client reads.
 */
export const certDetails = sessionEndpoint('cert/details', ['cert_id'], async (call) => {
  const id = requiredId(call.fields, 'cert_id')
  const { record, authority } = await ownCertificate(call, id)
  const status = await call.engine.store.read((view) => view.status.of(record.id))
  const certificate = parseCertificate(certificateDerOf(record, authority))
  return objectReply({
    id: record.id,
    status: standingOf(record, status, call.engine.clock.now()),
    ...showSubject(certificate.subjectDer),
    Alt: alternativeNamesOf(certificate),
    hash_alg: hashAlgorithmOf(authority),
  })
})

/** The four kinds of name that this face issues; what else a certificate may hold has no form in `Alt`. */
function alternativeNamesOf({ extensions }: Certificate): readonly AlternativeName[] {
  const extension = findExtension(extensions, oids.subjectAltName)
  if (extension === undefined) return []
  return parseSubjectAltName(extension.value).flatMap((name): readonly AlternativeName[] => {
    switch (name.type) {
      case 'dns':
        return [{ type: 'DNS', value: name.value }]
      case 'email':
        return [{ type: 'email', value: name.value }]
      case 'uri':
        return [{ type: 'URI', value: name.value }]
      case 'ip':
        return [{ type: 'IP', value: formatIpAddress(name.bytes) }]
      default:
        return []
    }
  })
}
