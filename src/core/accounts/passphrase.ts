import type { Random } from '../environment.ts'
import { Fault } from '../faults.ts'
import type { PassphraseKeys } from '../keys/passphrase-keys.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import { SealError, type Sealer } from '../keys/sealer.ts'
import type { AccountRecord, PassphraseParameters } from './account.ts'
import { plainTextDefect } from './plain-text.ts'

const leastCharacters = 8
const mostOctets = 1024

/**
 * Checks a new passphrase: at least 8 characters, at most 1,024 octets of UTF-8, no control characters, which
 * PKCS#12 readers cannot be given. It is used as it is: no trimming, no Unicode normalisation, because clients
 * send the octets they have.
 * @throws Fault parameter_invalid
 */
export function checkNewPassphrase(passphrase: string): void {
  const reason = defectOf(passphrase)
  if (reason !== undefined) throw new Fault('parameter_invalid', { parameter: 'passphrase', reason })
}

function defectOf(passphrase: string): string | undefined {
  if (Buffer.byteLength(passphrase) > mostOctets) return `longer than ${mostOctets} octets`
  if ([...passphrase].length < leastCharacters) return `shorter than ${leastCharacters} characters`
  return plainTextDefect(passphrase)
}

// No 0, 1, l, o: it may have to be typed from paper. 32 characters, so five bits each without bias.
const alphabet = '23456789abcdefghijkmnpqrstuvwxyz'
const groups = 5
const groupLength = 5

/** 125 random bits as five groups of five characters. */
export function generatePassphrase(random: Random): string {
  const bytes = random.bytes(groups * groupLength)
  const characters = Array.from(bytes, (byte) => alphabet.charAt(byte & 31)).join('')
  bytes.fill(0)
  return Array.from({ length: groups }, (_, group) =>
    characters.slice(group * groupLength, (group + 1) * groupLength),
  ).join('-')
}

interface Parts {
  readonly sealer: Pick<Sealer, 'sealUnder' | 'openUnder'>
  readonly passphraseKeys: PassphraseKeys
}

/**
 * The vault key of an account; the caller zeroes it.
 * @throws Fault passphrase_wrong, overloaded
 */
export async function openVaultKey(
  { sealer, passphraseKeys }: Parts,
  account: AccountRecord,
  passphrase: string,
): Promise<Uint8Array> {
  const key = await passphraseKeys.derive(passphrase, account.passphraseParameters)
  try {
    return sealer.openUnder(key, account.vaultKeySealed, sealContexts.vaultKey(account.id))
  } catch (error) {
    // The row's integrity was checked: what does not fit is the passphrase.
    if (error instanceof SealError) throw new Fault('passphrase_wrong', {}, { cause: error })
    throw error
  } finally {
    key.fill(0)
  }
}

/** A new passphrase stretched with a new salt. */
export interface StretchedPassphrase {
  readonly parameters: PassphraseParameters
  /** 256 bits; the caller zeroes it. */
  readonly key: Uint8Array
}

/** @throws Fault overloaded */
export async function stretchNewPassphrase(
  passphraseKeys: PassphraseKeys,
  passphrase: string,
): Promise<StretchedPassphrase> {
  const parameters = passphraseKeys.newParameters()
  return { parameters, key: await passphraseKeys.derive(passphrase, parameters) }
}
