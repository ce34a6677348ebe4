import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ChainMarks, HighWater, HighWaterMarks } from '../core/store/high-water.ts'
import { storedJson } from '../core/stored-json.ts'
import { underFileLock } from './file-lock.ts'
import { isNodeError } from './node-error.ts'

type ChainMark = ChainMarks[string]

/**
 * The marks in a JSON file beside the database. Several processes may raise them at once: each reads, merges
 * and replaces the file under a lock, and a mark never falls. Replacing is write, sync, rename, sync the folder.
 */
export function openHighWaterFile(path: string): HighWater {
  return {
    read: () => readMarks(path),
    raise: (marks, vouched = {}) =>
      underFileLock(`${path}.lock`, async () => {
        const before = await readMarks(path)
        const after = merge(before, marks, vouched)
        if (after !== before) await replace(path, JSON.stringify(after))
      }),
  }
}

/** @throws Error when there is a file that does not hold marks: it must not pass for no marks */
async function readMarks(path: string): Promise<HighWaterMarks> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return { crlNumbers: {}, chains: {} }
    throw error
  }
  const marks: unknown = storedJson(text)
  if (!isMarks(marks)) {
    throw new Error(
      `${path} does not hold the marks that tell a restored database; put it back from a backup`,
    )
  }
  return marks
}

function isMarks(value: unknown): value is HighWaterMarks {
  if (!isObject(value) || !isObject(value.crlNumbers) || !isObject(value.chains)) return false
  return (
    Object.values(value.crlNumbers).every((number) => Number.isSafeInteger(number)) &&
    Object.values(value.chains).every(
      (mark) => isObject(mark) && Number.isSafeInteger(mark.sequence) && typeof mark.hash === 'string',
    )
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The higher of each mark without those that others vouch for; `before` itself when nothing changes. */
function merge(before: HighWaterMarks, raised: Partial<HighWaterMarks>, vouched: ChainMarks): HighWaterMarks {
  const crlNumbers: Record<string, number> = { ...before.crlNumbers }
  const chains: Record<string, ChainMark> = { ...before.chains }
  let changes = false
  for (const [mark, number] of Object.entries(raised.crlNumbers ?? {})) {
    if (number <= (crlNumbers[mark] ?? 0)) continue
    crlNumbers[mark] = number
    changes = true
  }
  for (const [chain, mark] of Object.entries(raised.chains ?? {})) {
    if (mark.sequence <= (chains[chain]?.sequence ?? 0)) continue
    chains[chain] = mark
    changes = true
  }
  for (const [chain, { sequence }] of Object.entries(vouched)) {
    const mark = chains[chain]
    if (mark === undefined || mark.sequence > sequence) continue
    delete chains[chain]
    changes = true
  }
  return changes ? { crlNumbers, chains } : before
}

async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.${process.pid}.new`
  const file = await open(next, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(next, path)
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Makes a rename in a folder durable; systems that cannot sync a folder do it by themselves. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
