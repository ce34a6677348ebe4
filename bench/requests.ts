import { generateKeyPairSync, sign } from 'node:crypto'
import { buildCertificationRequest } from '../src/pki/csr.ts'
import { encodeName } from '../src/pki/names.ts'
import { oids } from '../src/pki/oids.ts'

/** DER of PKCS#10 requests for P-256 keys, each with a key and a DNS name of its own. */
export async function makeRequests(count: number): Promise<Uint8Array[]> {
  const requests: Uint8Array[] = []
  for (let number = 0; number < count; number++) {
    const name = `host-${number}.bench.example`
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const contents = {
      subjectDer: encodeName([{ type: oids.commonName, value: name }]),
      spkiDer: publicKey.export({ format: 'der', type: 'spki' }),
      sans: [{ type: 'dns' as const, value: name }],
      algorithm: 'ecdsa-sha256' as const,
    }
    requests.push(await buildCertificationRequest(contents, (bytes) => sign('sha256', bytes, privateKey)))
  }
  return requests
}
