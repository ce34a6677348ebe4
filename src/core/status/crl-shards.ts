import type { AuthorityId } from '../brand.ts'

/**
 * Which of a CA's CRLs lists a certificate, fixed at issuance by the serial number's last octets, which are
 * random.
 */
export function crlShardOf(serialNumber: Uint8Array, shards: number): number {
  if (shards === 1) return 0
  const last = serialNumber.at(-1) ?? 0
  const before = serialNumber.at(-2) ?? 0
  return (before * 256 + last) % shards
}

/**
 * Where a CRL is served; byte for byte the distribution point in certificates and, where a CA has several CRLs,
 * in the CRL's issuing distribution point.
 */
export function crlUrl(
  ca: { readonly id: AuthorityId; readonly crlShards: number; readonly publicUrl: string },
  shard: number,
): string {
  return ca.crlShards === 1 ? `${ca.publicUrl}/crl/${ca.id}.crl` : `${ca.publicUrl}/crl/${ca.id}-${shard}.crl`
}
