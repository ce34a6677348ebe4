import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Spread, spreadOf } from './statistics.ts'

/** Milliseconds of one append with its sync. */
export interface SyncLatency {
  readonly fsync: Spread
  readonly fdatasync: Spread
}

/** Appends of a page each, as a write-ahead log makes them, each made durable before the next. */
export function measureSyncLatency(folder: string, appends: number): SyncLatency {
  return {
    fsync: appendAndSync(join(folder, 'fsync'), appends, fsyncSync),
    fdatasync: appendAndSync(join(folder, 'fdatasync'), appends, fdatasyncSync),
  }
}

function appendAndSync(path: string, appends: number, sync: (file: number) => void): Spread {
  const page = Buffer.alloc(4096, 1)
  const file = openSync(path, 'a')
  try {
    const durations: number[] = []
    for (let append = 0; append < appends; append++) {
      const start = performance.now()
      writeSync(file, page)
      sync(file)
      durations.push(performance.now() - start)
    }
    return spreadOf(durations)
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
