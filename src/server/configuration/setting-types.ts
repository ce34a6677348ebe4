import { type TSchema, Type } from 'typebox'
import { isEmailAddress } from '../../core/accounts/email-address.ts'
import { readDuration, readRate } from '../../core/duration-text.ts'
import { parseAddressRange } from '../../core/policy/names/address-ranges.ts'
import type { RateWindow } from '../../core/store/admissions.ts'
import {
  addressMatcher,
  type ListenAddress,
  parseListenAddress,
  parseResolverAddress,
  type ResolverAddress,
} from './address.ts'

/** A value cannot be read; the message says what form it must have. */
export class SettingSyntaxError extends Error {}

/** How one kind of value is written: on the command line, in the environment and in the file. */
export interface SettingType<Value> {
  /** Placeholder in help and reference: `HOST:PORT`. */
  readonly shown: string
  /** What the file may hold. */
  readonly fileSchema: TSchema
  /**
   * One text for a single value, all of them for a list.
   *
   * @throws SettingSyntaxError
   */
  parse(texts: readonly string[]): Value
  /** Whether the flag may be given more than once, the variable hold a comma-separated list, the file an array. */
  readonly list: boolean
}

function single<Value>(
  shown: string,
  read: (text: string) => Value,
  fileSchema: TSchema = Type.String(),
): SettingType<Value> {
  return {
    shown,
    fileSchema,
    list: false,
    parse: (texts) => {
      const [text = ''] = texts
      if (text === '') throw new SettingSyntaxError('must not be empty')
      return read(text)
    },
  }
}

export const text: SettingType<string> = single('TEXT', (value) => value)
export const path: SettingType<string> = single('PATH', (value) => value)

export const listenAddress: SettingType<ListenAddress> = single('HOST:PORT', (value) => {
  const address = parseListenAddress(value)
  if (address === undefined)
    throw new SettingSyntaxError('must be HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080')
  return address
})

/** Base of the addresses written into certificates. Plain http, because a client cannot check TLS with them yet. */
export const httpUrl: SettingType<string> = single('URL', (value) => {
  const form = 'must be an http:// address without query and user, such as http://ca.example'
  if (!URL.canParse(value)) throw new SettingSyntaxError(form)
  const url = new URL(value)
  if (url.protocol !== 'http:' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new SettingSyntaxError(form)
  }
  return `${url.origin}${url.pathname}`.replace(/\/$/, '')
})

export const databaseUrl: SettingType<string> = single('URL', (value) => {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new SettingSyntaxError(
      'must be postgres://USER@HOST/DATABASE; without it SQLite is used in the data folder',
    )
  }
  return value
})

/** Where mails are handed over; user and password may stand in it. */
export const smtpUrl: SettingType<string> = single('URL', (value) => {
  const form = 'must be smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…, without path and query'
  if (!/^smtps?:\/\//.test(value) || !URL.canParse(value)) throw new SettingSyntaxError(form)
  const { hostname, pathname, search, hash, port, username, password } = new URL(value)
  const isBare = pathname.replace('/', '') === '' && search === '' && hash === ''
  const isEncoded = !/%(?![0-9A-Fa-f]{2})/.test(username + password)
  if (hostname === '' || port === '0' || !isBare || !isEncoded) throw new SettingSyntaxError(form)
  return value
})

export function choice<const Choice extends string>(...choices: readonly Choice[]): SettingType<Choice> {
  return single(choices.join('|'), (value) => {
    const found = choices.find((candidate) => candidate === value)
    if (found === undefined) throw new SettingSyntaxError(`must be one of ${choices.join(', ')}`)
    return found
  })
}

/** A switch: present as a flag, `on` or `off` elsewhere. */
export const onOff: SettingType<boolean> = single(
  'on|off',
  (value) => {
    if (value === 'on' || value === 'true' || value === '1') return true
    if (value === 'off' || value === 'false' || value === '0') return false
    throw new SettingSyntaxError('must be on or off')
  },
  Type.Union([Type.Boolean(), Type.Literal('on'), Type.Literal('off')]),
)

export function count(minimum: number, maximum: number): SettingType<number> {
  return single(
    'NUMBER',
    (value) => {
      const number = /^[0-9]{1,10}$/.test(value) ? Number(value) : Number.NaN
      if (!(number >= minimum && number <= maximum)) {
        throw new SettingSyntaxError(`must be a whole number from ${minimum} to ${maximum}`)
      }
      return number
    },
    Type.Union([Type.Integer(), Type.String()]),
  )
}

const bytesPerUnit: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['KiB', 1024],
  ['MiB', 1024 * 1024],
])

/** A size in bytes: `65536`, `64KiB`, `1MiB`. */
export function byteSize(minimum: number, maximum: number): SettingType<number> {
  return single(
    'BYTES',
    (value) => {
      const size = measured(value, bytesPerUnit)
      if (!(size >= minimum && size <= maximum)) {
        throw new SettingSyntaxError(
          `must be a size from ${minimum} to ${maximum} bytes, such as 65536 or 64KiB`,
        )
      }
      return size
    },
    Type.Union([Type.Integer(), Type.String()]),
  )
}

/** A length of time in milliseconds: `500ms`, `30s`, `5m`, `24h`, `7d`. */
export function duration(minimum: string, maximum: string): SettingType<number> {
  const lowest = readDuration(minimum)
  const highest = readDuration(maximum)
  return single('DURATION', (value) => {
    const length = readDuration(value)
    if (!(length >= lowest && length <= highest)) {
      throw new SettingSyntaxError(
        `must be a time from ${minimum} to ${maximum}, such as 500ms, 30s, 5m, 24h or 7d`,
      )
    }
    return length
  })
}

function measured(value: string, units: ReadonlyMap<string, number>): number {
  const [, digits, unit = ''] = /^([0-9]{1,12})([A-Za-z]{0,3})$/.exec(value) ?? []
  return Number(digits) * (units.get(unit) ?? Number.NaN)
}

/** A rate: `100/5m`. */
export const rate: SettingType<RateWindow> = single('NUMBER/DURATION', (value) => {
  const window = readRate(value)
  if (window === undefined) {
    throw new SettingSyntaxError('must be NUMBER/DURATION, such as 100/5m: at most 100000, in 1s to 31d')
  }
  return window
})

function list<Value = string>(shown: string, read: (value: string) => Value): SettingType<readonly Value[]> {
  return {
    shown,
    fileSchema: Type.Union([Type.String(), Type.Array(Type.String())]),
    list: true,
    parse: (texts) => [...new Set(texts)].map(read),
  }
}

export const paths: SettingType<readonly string[]> = list('PATH', (value) => value)

export const hostNames: SettingType<readonly string[]> = list('NAME', (value) => {
  if (value.length > 253 || !/^[A-Za-z0-9.:*-]+$/.test(value)) {
    throw new SettingSyntaxError(`must be DNS names or IP addresses, not "${value.slice(0, 80)}"`)
  }
  return value
})

/** @throws SettingSyntaxError */
function readDomainName(value: string): string {
  const name = value.toLowerCase()
  if (name.length > 253 || !/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(name)) {
    throw new SettingSyntaxError(`must be a domain name such as ca.example, not "${value.slice(0, 80)}"`)
  }
  return name
}

/** Domain names in lower case, without wildcards. */
export const domainNames: SettingType<readonly string[]> = list('DOMAIN', readDomainName)

/** One domain name in lower case. */
export const hostName: SettingType<string> = single('DOMAIN', readDomainName)

/** One mail address without a display name. */
export const mailAddress: SettingType<string> = single('ADDRESS', (value) => {
  if (isEmailAddress(value)) return value
  throw new SettingSyntaxError(`must be a mail address such as ca@example.com, not "${value.slice(0, 80)}"`)
})

export const resolvers: SettingType<readonly ResolverAddress[]> = list('ADDRESS[:PORT]', (value) => {
  const resolver = parseResolverAddress(value)
  if (resolver === undefined) {
    throw new SettingSyntaxError(
      `must be IP addresses such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53, not "${value.slice(0, 80)}"`,
    )
  }
  return resolver
})

function ranges(check: (value: string) => void): SettingType<readonly string[]> {
  return list('ADDRESS', (value) => {
    try {
      check(value)
      return value
    } catch {
      throw new SettingSyntaxError(
        `must be IP addresses or ranges such as 10.0.0.0/8, not "${value.slice(0, 80)}"`,
      )
    }
  })
}

export const addressRanges = ranges((value) => addressMatcher([value]))
/** In the form that the guard of outbound calls reads. */
export const outboundRanges = ranges(parseAddressRange)
