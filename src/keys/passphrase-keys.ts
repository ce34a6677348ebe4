import { Worker } from 'node:worker_threads'
import type { PassphraseParameters } from '../core/accounts/account.ts'
import { LEAST_MEMORY_A_LANE, passphraseBounds } from '../core/accounts/passphrase-bounds.ts'
import type { Random } from '../core/environment.ts'
import { Fault } from '../core/faults.ts'
import type { PassphraseKeys } from '../core/keys/passphrase-keys.ts'
import { SealError } from '../core/keys/sealer.ts'

export interface PassphraseKeysOptions {
  readonly random: Random
  /** Cost of new passphrases. Default 64 MiB, 3 passes, 4 lanes (RFC 9106 section 4, second choice). */
  readonly cost?: PassphraseCost
  /** Derivations that run at once; each takes its memory. Default 2. */
  readonly parallel?: number
  /** Derivations that wait at most; more are refused. Default 64. */
  readonly waiting?: number
  /** Longest wait before a derivation begins; after it the caller is refused. Default 10 s. */
  readonly waitMs?: number
}

/** Memory in KiB. */
export type PassphraseCost = Pick<PassphraseParameters, 'memoryKiB' | 'passes' | 'lanes'>

/** What goes to the worker. */
export interface PassphraseTask extends PassphraseCost {
  readonly passphrase: Uint8Array<ArrayBuffer>
  readonly salt: Uint8Array<ArrayBuffer>
  readonly keyLength: number
}

interface Waiting {
  readonly task: PassphraseTask
  readonly since: number
  readonly resolve: (key: Uint8Array) => void
  readonly reject: (error: Error) => void
}

const defaultCost: PassphraseCost = { memoryKiB: 65_536, passes: 3, lanes: 4 }
const saltLength = 16
const keyLength = 32

/**
 * Stretches passphrases in threads of its own. node:crypto's asynchronous argon2 would run on the pool that
 * also resolves names, reads files and signs with RSA; a burst of logins would stop all of that.
 *
 * At most `parallel` times 64 MiB are in use, however many callers there are. Threads start with the first
 * derivation and do not keep the process alive while they are idle.
 */
export class Argon2PassphraseKeys implements PassphraseKeys {
  readonly #random: Random
  readonly #cost: PassphraseCost
  readonly #parallel: number
  readonly #maximumWaiting: number
  readonly #waitMs: number
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, Waiting>()
  readonly #queue: Waiting[] = []
  #closed = false

  constructor(options: PassphraseKeysOptions) {
    this.#random = options.random
    this.#cost = options.cost ?? defaultCost
    this.#parallel = options.parallel ?? 2
    this.#maximumWaiting = options.waiting ?? 64
    this.#waitMs = options.waitMs ?? 10_000
  }

  newParameters(): PassphraseParameters {
    return { algorithm: 'argon2id', ...this.#cost, salt: this.#random.bytes(saltLength) }
  }

  derive(passphrase: string, parameters: PassphraseParameters): Promise<Uint8Array> {
    if (!areSensible(parameters)) {
      return Promise.reject(new SealError('stored passphrase parameters are out of bounds'))
    }
    if (this.#closed || this.#queue.length >= this.#maximumWaiting) return Promise.reject(overloaded())
    const { memoryKiB, passes, lanes } = parameters
    // A copy: the worker gets its memory, and the record keeps its salt.
    const salt = Uint8Array.from(parameters.salt)
    const task = {
      passphrase: new TextEncoder().encode(passphrase),
      salt,
      keyLength,
      memoryKiB,
      passes,
      lanes,
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ task, since: performance.now(), resolve, reject })
      this.#advance()
    })
  }

  /** Ends the threads; whoever waits is refused. */
  async close(): Promise<void> {
    this.#closed = true
    for (const waiting of this.#queue.splice(0)) waiting.reject(overloaded())
    const workers = [...this.#idle.splice(0), ...this.#running.keys()]
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #advance(): void {
    while (this.#running.size < this.#parallel) {
      const waiting = this.#queue.shift()
      if (waiting === undefined) return
      if (performance.now() - waiting.since > this.#waitMs) {
        waiting.reject(overloaded())
        continue
      }
      const worker = this.#idle.pop() ?? this.#start()
      this.#running.set(worker, waiting)
      worker.ref()
      worker.postMessage(waiting.task, [waiting.task.passphrase.buffer, waiting.task.salt.buffer])
    }
  }

  #start(): Worker {
    // The same code runs as .ts from the sources and as .js from the published package.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./passphrase-worker.${extension}`, import.meta.url), {
      // A thread that sees passphrases needs no environment, and must not inherit the options of a test run.
      env: {},
      execArgv: [],
    })
    worker.on('message', (key: Uint8Array) => {
      const waiting = this.#running.get(worker)
      this.#running.delete(worker)
      worker.unref()
      this.#idle.push(worker)
      waiting?.resolve(key)
      this.#advance()
    })
    worker.on('error', (error) => this.#fail(worker, error))
    worker.on('exit', () => this.#fail(worker, new Error('the passphrase thread ended')))
    return worker
  }

  /** The next derivation gets a new thread. */
  #fail(worker: Worker, error: unknown): void {
    const waiting = this.#running.get(worker)
    this.#running.delete(worker)
    const position = this.#idle.indexOf(worker)
    if (position >= 0) this.#idle.splice(position, 1)
    waiting?.reject(new Error('a passphrase could not be stretched', { cause: error }))
    if (!this.#closed) this.#advance()
  }
}

/** Stored values are input: a changed row must not cost gigabytes or minutes. */
function areSensible(parameters: PassphraseParameters): boolean {
  const { algorithm, memoryKiB, passes, lanes, salt } = parameters
  return (
    algorithm === 'argon2id' &&
    isWithin(lanes, passphraseBounds.lanes) &&
    isWithin(passes, passphraseBounds.passes) &&
    isWithin(memoryKiB, passphraseBounds.memoryKiB) &&
    memoryKiB >= LEAST_MEMORY_A_LANE * lanes &&
    isWithin(salt.length, passphraseBounds.saltLength)
  )
}

function isWithin(
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

function overloaded(): Fault {
  return new Fault('overloaded', { retryAfterMs: 2000 })
}
