import { baseOf } from './methods.ts'
import { DnsFailure, HttpFailure, type HttpProbe, type Resolver } from './outbound.ts'

/** The label that holds values where the domain's own records are to be left alone. */
export const authorizationLabel = '_dnsauth'
/** The one file that is asked for. */
const filePath = '/.well-known/pki-validation/fileauth.txt'

/** The URL of the file that proves control over a host. @param host name or IP address */
export function fileUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}${port === 80 ? '' : `:${port}`}${filePath}`
}

/** Texts that somebody published for a name, and who was asked. Empty where nothing could be read. */
export interface Published {
  /** The name without a wildcard. */
  readonly place: string
  readonly texts: readonly string[]
  readonly addresses: readonly string[]
}

/** Every TXT record of the domain and of `_dnsauth` below it. */
export async function readDnsTxt(resolver: Resolver, name: string): Promise<Published> {
  const place = baseOf(name)
  const places = [place, `${authorizationLabel}.${place}`]
  const answers = await Promise.all(
    places.map(async (each) => {
      try {
        return [await resolver.resolve(each, 'TXT')]
      } catch (error) {
        if (error instanceof DnsFailure) return []
        throw error
      }
    }),
  )
  const found = answers.flat()
  return {
    place,
    texts: found.flatMap(({ records }) => records.map((record) => Buffer.from(record).toString('latin1'))),
    addresses: [...new Set(found.map(({ server }) => server))],
  }
}

/** The file that the host of exactly this name serves with a 2xx status, without the white space around it. */
export async function readFile(http: HttpProbe, port: number, name: string): Promise<Published> {
  try {
    const { status, body, addresses } = await http.get(fileUrl(name, port))
    const isServed = status >= 200 && status <= 299
    return { place: name, texts: isServed ? [Buffer.from(body).toString('latin1').trim()] : [], addresses }
  } catch (error) {
    if (error instanceof HttpFailure) return { place: name, texts: [], addresses: [] }
    throw error
  }
}
