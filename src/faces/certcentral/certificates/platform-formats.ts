import { serverPlatform } from '../../../core/products/server-platforms.ts'
import { type FormatName, formatOf } from './formats.ts'

/** What a platform takes; all others the zip file with everything. */
const byPlatform: ReadonlyMap<number, FormatName> = new Map<number, FormatName>([
  [2, 'apache'],
  // Clients order with 10 where they want PKCS#7.
  [10, 'p7b'],
  [14, 'cer'],
  // Clients ask for 29 where they mean one file with all certificates.
  [29, 'pem_all'],
  [31, 'pem_noroot'],
  [40, 'cer'],
  [45, 'pem_noroot'],
  [55, 'p7b'],
  [67, 'cer'],
  [68, 'p7b'],
])

const otherwise: FormatName = 'default'

/** Words that callers write instead of an id. */
const words: ReadonlyMap<string, FormatName> = new Map<string, FormatName>([
  ['other', otherwise],
  ['apache', 'apache'],
  ['nginx', 'pem_noroot'],
  ['iis', 'cer'],
  ['microsoft', 'cer'],
  ['exchange', 'p7b'],
  ['java', 'p7b'],
  ['tomcat', 'p7b'],
])

/** The format for the platform of an order. */
export function formatOfPlatform(id: number): FormatName {
  return byPlatform.get(id) ?? otherwise
}

/** A platform as it stands in a path: its id, a word for it, or the name of a format; undefined for anything else. */
export function formatOfPlatformText(text: string): FormatName | undefined {
  const word = text.trim().toLowerCase()
  if (!/^-?\d{1,9}$/.test(word)) return words.get(word) ?? formatOf(word)
  const id = Number(word)
  return serverPlatform(id) === undefined ? undefined : formatOfPlatform(id)
}
