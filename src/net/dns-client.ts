import { randomInt } from 'node:crypto'
import {
  type DnsAnswer,
  DnsFailure,
  type DnsFailureReason,
  type DnsType,
  type Resolver,
} from '../core/validation/outbound.ts'
import { askByTcp, askByUdp, type DnsServer, ExchangeError } from './dns-exchange.ts'
import {
  canBeAsked,
  type DnsQuestion,
  type DnsResponse,
  encodeQuery,
  nameError,
  readResponse,
  recordsOf,
} from './dns-message.ts'

/** Most aliases followed from one name, whether in one answer or in several. */
const mostAliases = 8
/** Servers that are asked, in the order given. */
const mostServers = 3

export interface DnsClientOptions {
  /** Recursive resolvers; the first three are used. */
  readonly servers: readonly DnsServer[]
  /** Whether their AD bit counts: they were named by the operator (RFC 4035 section 4.9.3). */
  readonly isTrusted: boolean
  /** Time for one question to one server. Default 2 s. */
  readonly timeoutMs?: number
  /** How often each server is asked. Default 2. */
  readonly rounds?: number
  /** Time for one name with all retries and aliases. Default 10 s. */
  readonly deadlineMs?: number
}

interface Answered {
  readonly response: DnsResponse
  readonly server: string
}

/** Asks recursive resolvers by UDP, and by TCP when the answer was cut. Keeps nothing. */
export class DnsClient implements Resolver {
  readonly #options: Required<DnsClientOptions>

  constructor(options: DnsClientOptions) {
    const servers = options.servers.slice(0, mostServers)
    if (servers.length === 0) throw new RangeError('no resolver to ask')
    this.#options = { timeoutMs: 2_000, rounds: 2, deadlineMs: 10_000, ...options, servers }
  }

  async resolve<Type extends DnsType>(
    name: string,
    type: Type,
    signal?: AbortSignal,
  ): Promise<DnsAnswer<Type>> {
    const deadline = AbortSignal.timeout(this.#options.deadlineMs)
    const both = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    try {
      return await this.#follow(name.toLowerCase(), type, both)
    } catch (error) {
      if (error instanceof DnsFailure) throw error
      if (both.aborted) throw new DnsFailure('timeout', name, type, { cause: error })
      throw error
    }
  }

  async #follow<Type extends DnsType>(
    name: string,
    type: Type,
    signal: AbortSignal,
  ): Promise<DnsAnswer<Type>> {
    const aliases: string[] = []
    let ttlSeconds = Number.POSITIVE_INFINITY
    let isAuthenticated = this.#options.isTrusted
    for (;;) {
      const asked = aliases.at(-1) ?? name
      const { response, server } = await this.#ask({ name: asked, type }, signal)
      isAuthenticated &&= response.isAuthenticated
      const step = readStep(asked, type, response, aliases, name)
      ttlSeconds = Math.min(ttlSeconds, step.ttlSeconds)
      const isNegative = response.rcode === nameError || response.negativeTtlSeconds !== undefined
      // A resolver that stops at an alias without a word about its target leaves the rest to whoever asked.
      if (step.records.length > 0 || isNegative || step.followed === 0) {
        if (step.records.length === 0) ttlSeconds = Math.min(ttlSeconds, response.negativeTtlSeconds ?? 0)
        const exists = response.rcode !== nameError
        return { records: step.records, exists, aliases, ttlSeconds, isAuthenticated, server }
      }
    }
  }

  /** One question to one server after the other until one answers it. */
  async #ask(question: DnsQuestion, signal: AbortSignal): Promise<Answered> {
    if (!canBeAsked(question.name)) throw new DnsFailure('name', question.name, question.type)
    let reason: DnsFailureReason = 'unreachable'
    let cause: unknown
    for (let round = 0; round < this.#options.rounds; round += 1) {
      for (const server of this.#options.servers) {
        try {
          const response = await this.#exchange(server, question, signal)
          // Another resolver that does not validate would gladly hand out what this one found forged.
          if (response.saysBogus && response.rcode !== 0)
            throw new DnsFailure('bogus', question.name, question.type)
          if (response.rcode === 0 || response.rcode === nameError) {
            return { response, server: `${server.address}:${server.port}` }
          }
          reason = 'server-failure'
        } catch (error) {
          if (!(error instanceof ExchangeError)) throw error
          reason = error.reason
          cause = error
        }
      }
    }
    throw new DnsFailure(reason, question.name, question.type, { cause })
  }

  async #exchange(server: DnsServer, question: DnsQuestion, signal: AbortSignal): Promise<DnsResponse> {
    const { timeoutMs } = this.#options
    const exchange = () => {
      const id = randomInt(0x1_0000)
      const read = (message: Buffer) => readResponse(message, id, question)
      return { server, query: encodeQuery(id, question), read, timeoutMs, signal }
    }
    const response = await askByUdp(exchange())
    return response.isTruncated ? askByTcp(exchange()) : response
  }
}

/** Walks the aliases of one answer, from the name asked to the owner of its records. */
function readStep<Type extends DnsType>(
  asked: string,
  type: Type,
  response: DnsResponse,
  aliases: string[],
  first: string,
) {
  try {
    const all = recordsOf(type, response.answers)
    const links = type === 'CNAME' ? [] : recordsOf('CNAME', response.answers)
    let owner = asked
    let ttlSeconds = Number.POSITIVE_INFINITY
    let followed = 0
    for (;;) {
      const link = links.find((candidate) => candidate.owner === owner)
      if (link === undefined) break
      owner = link.data
      if (owner === first || aliases.includes(owner) || aliases.length === mostAliases) {
        throw new DnsFailure('aliases', first, type)
      }
      aliases.push(owner)
      followed += 1
      ttlSeconds = Math.min(ttlSeconds, link.ttlSeconds)
    }
    const own = all.filter((record) => record.owner === owner)
    for (const record of own) ttlSeconds = Math.min(ttlSeconds, record.ttlSeconds)
    return { records: own.map(({ data }) => data), ttlSeconds, followed }
  } catch (cause) {
    if (cause instanceof DnsFailure) throw cause
    throw new DnsFailure('malformed', first, type, { cause })
  }
}
