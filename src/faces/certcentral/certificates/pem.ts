import { pemEncode } from '../../../pki/pem.ts'

/** RFC 7468 with CRLF, one line end after the last line: clients split texts of several blocks exactly there. */
export function crlfPem(label: string, der: Uint8Array): string {
  return pemEncode(label, der).replaceAll('\n', '\r\n')
}

export const certificatePem = (der: Uint8Array): string => crlfPem('CERTIFICATE', der)
