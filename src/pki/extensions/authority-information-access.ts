import { DerReader } from '../der/reader.ts'
import { oid, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { encodeGeneralName, type GeneralName, parseGeneralName } from '../general-names.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** Where the issuer answers. URLs are written as given, OCSP first. */
export interface AuthorityInformationUrls {
  readonly ocsp?: readonly string[]
  readonly caIssuers?: readonly string[]
}

export interface AccessDescription {
  /** Dotted OID. */
  readonly accessMethod: string
  readonly accessLocation: GeneralName
}

/** RFC 5280 section 4.2.2.1, never critical. */
export function encodeAuthorityInformationAccess(urls: AuthorityInformationUrls): Extension {
  const descriptions = [
    ...(urls.ocsp ?? []).map((url) => encodeDescription(oids.ocsp, url)),
    ...(urls.caIssuers ?? []).map((url) => encodeDescription(oids.caIssuers, url)),
  ]
  if (descriptions.length === 0) {
    throw empty()
  }
  return { oid: oids.authorityInfoAccess, critical: false, value: sequence(...descriptions) }
}

/** @throws PkiError `extension_malformed` when there is no description: SIZE (1..MAX). */
export function parseAuthorityInformationAccess(value: Uint8Array): AccessDescription[] {
  const list = DerReader.ofSequence(value)
  if (list.atEnd) {
    throw empty()
  }
  const descriptions: AccessDescription[] = []
  while (!list.atEnd) {
    const fields = list.sequence()
    const accessMethod = fields.oid()
    const accessLocation = parseGeneralName(fields)
    fields.end()
    descriptions.push({ accessMethod, accessLocation })
  }
  return descriptions
}

function encodeDescription(method: string, url: string): Uint8Array {
  return sequence(oid(method), encodeGeneralName({ type: 'uri', value: url }))
}

function empty(): PkiError {
  return new PkiError('extension_malformed', { oid: oids.authorityInfoAccess, defect: 'empty' })
}
