import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Measured } from '../contest.ts'

const script = join(import.meta.dirname, 'bodies.lua')

/** Version line of the installed wrk; undefined where there is none. */
export function wrkVersion(): string | undefined {
  const { stdout, error } = spawnSync('wrk', ['--version'], { encoding: 'utf8' })
  return error === undefined ? /wrk (\S+)/.exec(stdout)?.[1] : undefined
}

/** A load on one address. */
export interface Load {
  readonly url: string
  readonly contentType: string
  /** Further headers of every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** File of frames with the bodies to POST. */
  readonly bodies: string
  readonly connections: number
  readonly seconds: number
}

/**
 * Offers a load by one thread of wrk. Successive calls go on in the file where the one before ended.
 *
 * @throws Error when an answer was not 2xx or a connection broke: such a rate means nothing
 */
export class WrkLoad {
  readonly #load: Load
  #next = 0

  constructor(load: Load) {
    this.#load = load
  }

  async measure(): Promise<Measured> {
    const { url, contentType, headers = {}, bodies, connections, seconds } = this.#load
    // wrk knows whole seconds only.
    const duration = `-d${Math.max(1, Math.round(seconds))}s`
    const sent = Object.entries({ 'content-type': contentType, ...headers })
    const written = sent.flatMap(([name, value]) => ['-H', `${name}: ${value}`])
    const load = ['-t1', `-c${connections}`, duration, '--timeout', '20s', ...written, '-s', script, url]
    const result = await runWrk([...load, '--', bodies, String(this.#next)])
    this.#next += result.requests
    if (result.refused > 0 || result.broken > 0 || result.requests === 0) {
      throw new Error(
        `${url}: of ${result.requests} requests ${result.refused} refused, ${result.broken} broken`,
      )
    }
    return { count: result.requests, seconds: result.microseconds / 1e6 }
  }
}

interface WrkResult {
  readonly requests: number
  readonly microseconds: number
  readonly refused: number
  readonly broken: number
}

function runWrk(args: readonly string[]): Promise<WrkResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', () => {
      const line = output.split('\n').find((text) => text.startsWith('{'))
      if (line === undefined) reject(new Error(`wrk printed no result:\n${output}`))
      else resolve(readResult(JSON.parse(line)))
    })
  })
}

function readResult(value: unknown): WrkResult {
  const facts = new Map(Object.entries(value ?? {}))
  const number = (name: string) => Number(facts.get(name))
  return {
    requests: number('requests'),
    microseconds: number('microseconds'),
    refused: number('refused'),
    broken: number('broken'),
  }
}
