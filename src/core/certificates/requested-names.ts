import type { CertificationRequest } from '../../pki/csr.ts'
import { formatIpAddress, type GeneralName } from '../../pki/general-names.ts'
import { parseIpAddress } from '../../pki/ip-addresses.ts'
import { commonNameOf } from '../../pki/names.ts'
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
      case 'other': {
        const value = userPrincipalNameText(name)
        return value === undefined
          ? { type: 'other', value: 'other', parameter }
          : { type: 'upn', value, parameter }
      }
      default:
        return { type: name.type, value: name.type, parameter }
    }
  })
}
