import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { parentPort, Worker, workerData } from 'node:worker_threads'

/** Calls of one key, more than it may make. */
export interface Burst {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly count: number
  /** Evenly over this time; 0: as fast as the connections carry them. */
  readonly overMs: number
  readonly connections: number
}

/** How many calls passed, and how many were answered 429. */
export interface BurstResult {
  readonly passed: number
  readonly refused: number
}

/** Sends a burst and tells what became of it. */
export type Sending = () => Promise<BurstResult>

/**
 * Makes ready to send a burst from a thread of its own, so that whoever measures meanwhile is slowed neither by its work
 * nor by its start.
 */
export async function readyBurst(burst: Burst): Promise<Sending> {
  const worker = new Worker(new URL(import.meta.url), { workerData: burst })
  await once(worker, 'message')
  return async () => {
    worker.postMessage('send')
    const [result] = await once(worker, 'message')
    return result
  }
}

async function send({ url, headers, count, overMs, connections }: Burst): Promise<BurstResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const call = () =>
    new Promise<number>((resolve, reject) => {
      const sent = request(url, { agent, headers })
      sent.on('error', reject)
      sent.on('response', (response) => {
        response.on('error', reject)
        response.on('end', () => resolve(response.statusCode ?? 0)).resume()
      })
      sent.end()
    })
  const later = (delayMs: number) =>
    new Promise<number>((resolve, reject) => {
      setTimeout(() => call().then(resolve, reject), delayMs)
    })
  const statuses = await Promise.all(
    Array.from({ length: count }, (_, number) => (overMs === 0 ? call() : later((number * overMs) / count))),
  )
  agent.destroy()
  const of = (wanted: number) => statuses.filter((status) => status === wanted).length
  return { passed: of(200), refused: of(429) }
}

if (parentPort !== null) {
  parentPort.postMessage('ready')
  await once(parentPort, 'message')
  parentPort.postMessage(await send(workerData))
  parentPort.close()
}
