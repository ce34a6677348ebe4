import { strToU8, type Zippable, zipSync } from 'fflate'
import type { ChainCertificate } from '../../../core/authorities/issued-chain.ts'
import type { IssuedOrderCertificate } from '../../../core/orders/issued-certificate.ts'
import { certificatesOnly } from '../../../pki/certificates-only.ts'
import { file, type Reply } from '../reply.ts'
import { certificatePem, crlfPem } from './pem.ts'

/** Certificates of a chain by where they stand in it. */
interface Chain {
  readonly leaf: ChainCertificate
  readonly intermediates: readonly ChainCertificate[]
  readonly root: readonly ChainCertificate[]
}

type Part = keyof Chain

/** What a download holds. `zip`: one file for each certificate; `text`: all in one. */
type Format =
  | { readonly form: 'zip'; readonly parts: readonly Part[]; readonly extension: 'crt' | 'cer' | 'pem' }
  | { readonly form: 'text'; readonly parts: readonly Part[]; readonly extension: 'crt' | 'pem' }
  | { readonly form: 'pkcs7'; readonly extension: 'p7b' | 'cer' }

const rootFirst = ['root', 'intermediates', 'leaf'] as const
const leafFirst = ['leaf', 'intermediates', 'root'] as const

/** Formats of downloads by the names callers give them. */
const formats = {
  default: { form: 'zip', parts: rootFirst, extension: 'crt' },
  apache: { form: 'zip', parts: ['intermediates', 'leaf'], extension: 'crt' },
  default_cer: { form: 'zip', parts: rootFirst, extension: 'cer' },
  default_pem: { form: 'zip', parts: rootFirst, extension: 'crt' },
  pem_all: { form: 'text', parts: leafFirst, extension: 'pem' },
  pem_noroot: { form: 'text', parts: ['leaf', 'intermediates'], extension: 'pem' },
  pem_nointermediate: { form: 'text', parts: ['leaf'], extension: 'pem' },
  pem: { form: 'text', parts: ['leaf'], extension: 'pem' },
  crt: { form: 'text', parts: ['leaf'], extension: 'crt' },
  p7b: { form: 'pkcs7', extension: 'p7b' },
  cer: { form: 'pkcs7', extension: 'cer' },
} as const satisfies Readonly<Record<string, Format>>

export type FormatName = keyof typeof formats

/** Clients compare these to the letter. */
const mediaTypes: { readonly [F in Format['form']]: string } = {
  zip: 'application/zip',
  text: 'application/x-pem-file',
  pkcs7: 'application/x-pkcs7-certificates',
}

/** A format by its name, letter case ignored. */
export function formatOf(name: string): FormatName | undefined {
  const wanted = name.trim().toLowerCase()
  return formatNames.find((each) => each === wanted)
}

export const formatNames = Object.keys(formats) as readonly FormatName[]

export const mediaTypeOf = (name: FormatName): string => mediaTypes[formats[name].form]

/** A certificate as a file of some format. */
export function download({ certificate, issuedAt, chain }: IssuedOrderCertificate, name: FormatName): Reply {
  const format: Format = formats[name]
  const parts = partsOf(chain)
  const stem = `${fileStem(parts.leaf.subjectCommonName)}_${certificate.id}`
  const reply = (body: Uint8Array | string, extension: string) =>
    file(mediaTypes[format.form], body, `${stem}.${extension}`)
  switch (format.form) {
    case 'zip':
      return reply(zipSync(zipEntries(parts, format), { mtime: issuedAt, level: 6 }), 'zip')
    case 'text': {
      const blocks = format.parts.flatMap((part) => parts[part]).map(({ der }) => certificatePem(der))
      return reply(blocks.join(''), format.extension)
    }
    case 'pkcs7':
      return reply(crlfPem('PKCS7', certificatesOnly(chain.map(({ der }) => der))), format.extension)
  }
}

/** A chain of one certificate is its own root; nobody orders that. */
function partsOf([leaf, ...above]: readonly ChainCertificate[]): Chain {
  if (leaf === undefined) throw new RangeError('a chain without certificates')
  return { leaf, intermediates: above.slice(0, -1), root: above.slice(-1) }
}

/** Two CAs may have the same name: the later one gets a number. */
function zipEntries(chain: Chain, { parts, extension }: Extract<Format, { form: 'zip' }>): Zippable {
  const entries: Zippable = {}
  for (const part of parts) {
    for (const { subjectCommonName, der } of [chain[part]].flat()) {
      const stem = part === 'root' ? 'TrustedRoot' : fileStem(subjectCommonName)
      let name = `${stem}.${extension}`
      for (let number = 2; Object.hasOwn(entries, name); number++) name = `${stem}_${number}.${extension}`
      entries[name] = strToU8(certificatePem(der))
    }
  }
  return entries
}

const LONGEST_STEM = 64

/** `*.shop.example` as `star_shop_example`: letters, digits, `-` and `_` alone, fit for a header and any disk. */
function fileStem(commonName: string): string {
  const stem = commonName
    .replace(/^\*/, 'star')
    .replace(/[^A-Za-z0-9-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST_STEM)
  return stem === '' ? 'certificate' : stem
}
