import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { wrkVersion } from './load/wrk.ts'
import { cfsslVersion } from './peers/cfssl.ts'

/** What a reader of figures has to know about where they come from, name and value. */
export function describeMachine(folder: string): readonly (readonly [string, string])[] {
  const [cpu] = cpus()
  return [
    ['date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
    ['processor', `${cpu?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
    ['load before', `${loadavg()[0]?.toFixed(1)} (average of the last minute)`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
    ['system', `${type()} ${release()}`],
    ['file system', fileSystemOf(folder)],
    ['Node.js', `${process.versions.node}, OpenSSL ${process.versions.openssl}`],
    ['SQLite', sqliteVersion()],
    ['cfssl', cfsslVersion() ?? 'absent'],
    ['wrk', wrkVersion() ?? 'absent'],
  ]
}

function fileSystemOf(folder: string): string {
  const { stdout } = spawnSync('df', ['-PT', folder], { encoding: 'utf8' })
  const [device, kind] = stdout?.trim().split('\n').at(-1)?.split(/\s+/) ?? []
  return kind === undefined ? 'unknown' : `${kind} on ${device}`
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  const row = database.prepare('select sqlite_version() as version').get()
  database.close()
  return `${row?.version}, WAL, synchronous=FULL`
}
