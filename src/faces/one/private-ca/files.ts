import { pemEncode } from '../../../pki/pem.ts'
import type { Call } from '../call.ts'
import { type OctetsReply, type TextReply, text } from '../reply.ts'

const derTypes = ['application/pkix-cert', 'application/x-x509-ca-cert', 'application/octet-stream']
const pemTypes = ['application/x-pem-file', 'application/pem-certificate-chain']

/** Whether `Accept` asks for a certificate as a file; everything else is answered in JSON. */
export function wantsFile(call: Call): boolean {
  const types = acceptedTypes(call)
  return types.some((type) => pemTypes.includes(type) || derTypes.includes(type))
}

/** A certificate in PEM, or in DER where that is asked for before it. */
export function certificateFile(call: Call, der: Uint8Array): OctetsReply | TextReply {
  const wanted = acceptedTypes(call).find((type) => pemTypes.includes(type) || derTypes.includes(type))
  if (wanted !== undefined && derTypes.includes(wanted)) {
    return { type: 'octets', contentType: wanted, octets: der }
  }
  return text('application/x-pem-file', pemEncode('CERTIFICATE', der))
}

function acceptedTypes(call: Call): readonly string[] {
  return (call.header('accept') ?? '')
    .split(',')
    .map((each) => (each.split(';', 1)[0] ?? '').trim().toLowerCase())
}
