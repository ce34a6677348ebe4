import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { httpRequest } from './support/http.ts'
import { startServer } from './support/process.ts'
import { temporaryFolder } from './support/tmp.ts'

/**
 * The package as its users get it: packed, installed from the tarball into an empty project, and run there.
 * Needs the npm registry, or npm's cache of the dependencies.
 */

const projectRoot = join(import.meta.dirname, '..')

interface Run {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command, npm and npx on the Node.js of this process, free of what the npm that runs the tests put around it. */
function run(command: 'npm' | 'npx' | 'tar', args: readonly string[], cwd: string): Promise<Run> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_local)|^NODE_/.test(name),
    ),
  )
  const path = [dirname(process.execPath), env.PATH ?? ''].join(delimiter)
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { cwd, env: { ...env, PATH: path }, timeout: 300_000 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ status, stdout, stderr })
      },
    )
  })
}

suite('the published package', () => {
  const project = temporaryFolder({ after }, 'package')
  let packed: readonly string[] = []
  let unreachable: string | undefined

  before(async () => {
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', private: true }))
    const pack = await run('npm', ['pack', '--pack-destination', project], projectRoot)
    assert.equal(pack.status, 0, pack.stdout + pack.stderr)
    // The last line names the file, after whatever the build printed.
    const tarball = pack.stdout.trim().split('\n').at(-1) ?? ''
    const listing = await run('tar', ['-tzf', tarball], project)
    packed = listing.stdout
      .trim()
      .split('\n')
      .map((file) => file.replace(/^package\//, ''))
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`]
    const install = await run('npm', args, project)
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENOTCACHED/.test(install.stderr)) unreachable = install.stderr
    else assert.equal(install.status, 0, install.stderr)
  })

  test('holds the built program, the licence and no sources or tests', () => {
    const stray = packed.filter(
      (file) => !/^(bin|dist)\/.*\.m?js$|^(package\.json|[A-Z]+(\.md)?)$/.test(file),
    )
    assert.deepEqual(stray, [])
    assert.deepEqual(
      packed.filter((file) => file.includes('.test.')),
      [],
    )
    // Threads are started by the names of their files, which no import tells.
    const threads = ['checkpoint-thread', 'reader-thread'].map((name) => `dist/store/sqlite/${name}.js`)
    for (const file of ['bin/chancery.mjs', 'dist/main.js', ...threads, 'LICENSE', 'README.md']) {
      assert.equal(packed.includes(file), true, file)
    }
  })

  test('answers npx chancery --help in the project that installed it', async (t) => {
    if (unreachable !== undefined) return t.skip(`NOT RUN: ${unreachable}`)
    const { status, stdout, stderr } = await run('npx', ['--no-install', 'chancery', '--help'], project)
    assert.equal(status, 0, stderr)
    assert.match(stdout, /chancery.*\bserve\b/s)
  })

  test('serves with two request loops', async (t) => {
    if (unreachable !== undefined) return t.skip(`NOT RUN: ${unreachable}`)
    const program = join(project, 'node_modules', 'chancery', 'bin', 'chancery.mjs')
    assert.equal(existsSync(program), true)
    const server = await startServer(t, { program, processes: 2 })
    assert.equal((await httpRequest(`${server.http}/healthz`)).status, 200)
    assert.equal(await server.stop(), 0)
  })
})
