/**
 * Compiles sources and tests and runs them as JavaScript, on the Node.js of each path that is named, or on the first
 * one in PATH: the client runs on older versions than the rest of the project. Tests stay out of `dist`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))
const project = fileURLToPath(new URL('tsconfig.json', import.meta.url))
const outDir = mkdtempSync(join(tmpdir(), 'chancery-client-'))
try {
  process.exitCode = run()
} finally {
  rmSync(outDir, { recursive: true, force: true })
}

/** @returns {number} exit status */
function run() {
  const args = ['-p', project, '--noEmit', 'false', '--rootDir', '.', '--outDir', outDir]
  const compiled = spawnSync(process.execPath, [compiler, ...args, '--target', 'es2022'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: 'inherit',
  })
  if (compiled.status !== 0) return 1
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}')
  const files = readdirSync(outDir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join(outDir, file))
  // A test runner's own variables would make this one its child.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const nodes = process.argv.length > 2 ? process.argv.slice(2) : ['node']
  return nodes.some((node) => spawnSync(node, ['--test', ...files], { stdio: 'inherit', env }).status !== 0)
    ? 1
    : 0
}
