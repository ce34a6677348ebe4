import { readFileSync } from 'node:fs'

/** Ticks a second of the times in /proc, on every Linux that is in use. */
const TICKS = 100

/** Seconds of processor time these processes have used so far; undefined where the system does not tell. */
export function processorSeconds(processIds: readonly number[]): number | undefined {
  if (process.platform !== 'linux') return undefined
  let ticks = 0
  for (const processId of processIds) {
    const line = readFileSync(`/proc/${processId}/stat`, 'latin1')
    // The name before, in parentheses, may hold anything. proc(5): utime and stime are fields 14 and 15.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS
}
