import type { CertificationRequest } from '../../pki/csr.ts'
import { DerReader } from '../../pki/der/reader.ts'
import { UTF8_STRING } from '../../pki/der/tags.ts'
import { formatIpAddress, type GeneralName } from '../../pki/general-names.ts'
import { guidNameText } from '../../pki/guid-name.ts'
import { parseIpAddress } from '../../pki/ip-addresses.ts'
import { commonNameOf, parseName } from '../../pki/names.ts'
import { userPrincipalNameText } from '../../pki/user-principal-name.ts'
import type { NameRequest } from '../policy/names/name-request.ts'

/**
 * The names a PKCS#10 request asks for: its alternative names, or where it has none its common name, if that looks
 * like a host or an address. Empty when there is neither.
 */
export function namesOfRequest(request: CertificationRequest): NameRequest[] {
  if (request.subjectAltNames.length > 0) return nameRequests(request.subjectAltNames, 'csr.subjectAltName')
  const commonName = commonNameOf(request.subject)
  if (commonName === undefined) return []
  const type = parseIpAddress(commonName) === undefined ? 'dns' : 'ip'
  return [{ type, value: commonName, parameter: 'csr.commonName' }]
}

/** Names as someone else encoded them, to be asked for and judged like any caller's. */
export function nameRequests(names: readonly GeneralName[], parameter: string): NameRequest[] {
  return names.map((name) => {
    switch (name.type) {
      case 'dns':
      case 'email':
      case 'uri':
        return { type: name.type, value: name.value, parameter }
      case 'ip':
        return { type: 'ip', value: formatIpAddress(name.bytes), parameter }
      case 'other':
        return otherNameRequest(name, parameter)
      case 'registeredId':
        return { type: 'registeredId', value: name.oid, parameter }
      case 'directory': {
        const attributes = parseName(name.der).map(({ type, value }) => ({ type, value, parameter }))
        return { type: 'directory', value: 'directory', attributes, parameter }
      }
      default:
        return { type: name.type, value: name.type, parameter }
    }
  })
}

function otherNameRequest(name: Extract<GeneralName, { type: 'other' }>, parameter: string): NameRequest {
  const principal = userPrincipalNameText(name)
  if (principal !== undefined) return { type: 'upn', value: principal, parameter }
  const guid = guidNameText(name)
  if (guid !== undefined) return { type: 'guid', value: guid, parameter }
  const holder = DerReader.of(name.value)
  if (holder.peekTag() !== UTF8_STRING) return { type: 'other', value: 'other', parameter }
  const value = Buffer.from(holder.element(UTF8_STRING)).toString('utf8')
  return { type: 'other', typeId: name.oid, value, parameter }
}
