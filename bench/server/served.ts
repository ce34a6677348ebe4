import { spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { type RunningServer, startServer } from '../../test/support/process.ts'
import type { Scope } from '../../test/support/tmp.ts'

/** A running `chancery serve` under load. */
export interface Served {
  readonly name: string
  readonly http: string
  readonly processIds: readonly number[]
  /** Resident memory of all its processes together, in bytes. */
  memory(): number
}

/** Starts `chancery serve` with so many request loops over a data folder, on SQLite unless told otherwise. */
export async function startServed(
  scope: Scope,
  dataFolder: string,
  processes: number,
  databaseUrl?: string,
): Promise<Served> {
  const database = databaseUrl === undefined ? [] : ['--database-url', databaseUrl]
  const server = await startServer(scope, {
    dataFolder,
    processes,
    args: ['--rate-limits', 'off', ...database],
  })
  return {
    name: processes === 1 ? 'serve, 1 process' : `serve, ${processes} processes`,
    http: server.http,
    processIds: processIdsOf(server),
    memory: () => memoryOf(processIdsOf(server)),
  }
}

/** Memory once the start has settled, in bytes. */
export async function memoryAtRest(served: Served, restMs: number): Promise<number> {
  await delay(restMs)
  return served.memory()
}

/** The request loops and what supervises them. */
function processIdsOf(server: RunningServer): readonly number[] {
  const loops = Array.isArray(server.ready.processIds) ? server.ready.processIds.map(Number) : []
  return [...new Set([server.pid, ...loops])]
}

function memoryOf(processIds: readonly number[]): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', processIds.join(',')], { encoding: 'utf8' })
  const kibibytes = (stdout ?? '').split('\n').map(Number)
  return kibibytes.reduce((sum, value) => sum + value, 0) * 1024
}
