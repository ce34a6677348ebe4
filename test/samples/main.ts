/**
 * `npm run test:samples [-- NAME…]`: sends every sample whose toolchain is on this machine through the 14 cases and
 * judges it by what the server saw. A toolchain that is missing is named as not run. Exit status 1 when a sample fails
 * a case, or none was run. With names only those samples, and then none may be missing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { verdict } from './judge.ts'
import { startScenario } from './scenario-server.ts'
import { csrFile, type Run, type Scenario, scenarios } from './scenarios.ts'
import { missing, runSample, type Subject, subjects } from './subjects.ts'

const projectRoot = join(import.meta.dirname, '../..')
const apiKey = `${'0a'.repeat(13)}_${'5e'.repeat(32)}`

/** Short waits where the server does not ask for any. */
const quick = {
  DC_BACKOFF_BASE: '0.1',
  DC_BACKOFF_CAP: '0.5',
  DC_POLL: '0.1',
  DC_DEADLINE: '110',
  DC_ATTEMPTS: '5',
}

const names = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'chancery-samples-'))
try {
  process.exitCode = await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function main(): Promise<number> {
  installToolchains()
  const chosen = subjects.filter(({ name }) => names.length === 0 || names.includes(name))
  let [passed, failed] = [0, 0]
  for (const subject of chosen) {
    const absent = missing(subject)
    if (absent !== undefined) {
      say(`not run: ${subject.name} (no "${absent}" on this machine)`)
      if (names.length > 0) failed++
      continue
    }
    if (await passes(subject)) passed++
    else failed++
  }
  say(
    `${passed} of ${chosen.length} samples passed, ${failed} failed, ${chosen.length - passed - failed} not run`,
  )
  return failed === 0 && passed > 0 ? 0 : 1
}

/** From Debian's packages, once, where that is possible; what is missing afterwards is named as not run. */
function installToolchains(): void {
  const isPossible =
    process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!isPossible || process.env.CHANCERY_TEST_INSTALL === 'off') return
  const stamp = join(projectRoot, 'node_modules', '.chancery-sample-toolchains')
  const script = join(projectRoot, 'scripts', 'install-debian.sh')
  spawnSync('bash', [script, stamp], { stdio: ['ignore', 2, 2] })
}

async function passes(subject: Subject): Promise<boolean> {
  const startedAtMs = performance.now()
  const work = mkdtempSync(join(folder, 'sample-'))
  writeFileSync(
    join(work, 'request.pem'),
    '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n',
  )
  let command: readonly string[]
  try {
    command = subject.prepare(work)
  } catch (error) {
    say(`FAILED: ${subject.name} cannot be built: ${error instanceof Error ? error.message : error}`)
    return false
  }
  const queue = [...scenarios]
  const failures: string[] = []
  const worker = async (): Promise<void> => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      const run = await play(subject, scenario, command, work)
      const reason = verdict(scenario, run, apiKey)
      if (reason !== undefined) failures.push(`case ${scenario.name} (${scenario.title}): ${reason}`)
    }
  }
  // A sample spends most of its time waiting.
  await Promise.all(Array.from({ length: availableParallelism() * 3 }, worker))
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0)
  if (failures.length === 0)
    say(`passed: ${subject.name}, all 14 cases in ${scenarios.length} scenes (${seconds} s)`)
  for (const failure of failures.sort()) say(`FAILED: ${subject.name}, ${failure}`)
  return failures.length === 0
}

async function play(
  subject: Subject,
  scenario: Scenario,
  command: readonly string[],
  work: string,
): Promise<Run> {
  const server = await startScenario(scenario.script())
  try {
    const args = scenario.args.map((arg) => (arg === csrFile ? join(work, 'request.pem') : arg))
    const settings = { DC_BASE: server.url, DC_API_KEY: apiKey, ...quick, ...scenario.env }
    const env = Object.fromEntries(
      Object.entries({ ...withoutOurs(process.env), ...settings }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    )
    const ended = await runSample([...command, ...args], env, {
      interrupts: scenario.interrupts ?? false,
      isInterruptedByTerminal: subject.isInterruptedByTerminal ?? false,
    })
    return { ...ended, requests: [...server.requests] }
  } finally {
    await server.close()
  }
}

/** The environment of the machine, without settings for a real service, or for a proxy on the way to it. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(DC_|NODE_)|_proxy$/i.test(name)))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
