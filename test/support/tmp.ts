import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What cleans up when it ends: a test's context, or `{ after }` of node:test in the body of a suite or file (in a
 * hook it would mean the end of the hook).
 */
export interface Scope {
  after(cleanUp: () => unknown): void
}

/** A new folder of mode 0700 below the system's temporary folder, removed with its contents at the scope's end. */
export function temporaryFolder(scope: Scope, name = 'test'): string {
  const folder = mkdtempSync(join(tmpdir(), `chancery-${name}-`))
  scope.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))
  return folder
}
