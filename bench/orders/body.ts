import { pemEncode } from '../../src/pki/pem.ts'

/** Body of an order of a private certificate that is issued at once, for a name of its own. */
export function orderBody(
  number: number,
  csr: Uint8Array,
  organizationId: number,
): Readonly<Record<string, unknown>> {
  return {
    certificate: {
      common_name: `host-${number}.bench.example`,
      csr: pemEncode('CERTIFICATE REQUEST', csr),
      signature_hash: 'sha256',
    },
    organization: { id: organizationId },
    order_validity: { years: 1 },
    skip_approval: true,
  }
}
