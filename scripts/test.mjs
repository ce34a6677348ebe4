/**
 * `npm test [-- [OPTION…] [PATH…]]`: the whole suite, or the test files below the paths; options (written
 * `--name=value`) go to Node's test runner. `--suite long` and `--suite crash` choose the suites that take
 * long. A tool that is absent is named, so that no one takes a skipped judge for a passed one.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { delimiter, join, relative, resolve, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { endAs, prepareOrExit, runForeground } from './program.mjs'
import { projectRoot, say } from './setup.mjs'

/**
 * @typedef {object} Suite
 * @property {string[]} folders
 * @property {string[]} without folders that this suite leaves to another
 * @property {number} minutes after which a test file counts as hanging
 * @property {Record<string, string>} env
 */
/** @type {Record<string, Suite>} */
const suites = {
  all: { folders: ['src', 'sdk/src', 'test'], without: ['test/long'], minutes: 15, env: {} },
  // The soak takes a day.
  long: { folders: ['test/long'], without: [], minutes: 26 * 60, env: {} },
  crash: { folders: ['test/crash'], without: [], minutes: 180, env: { CHANCERY_CRASH_ROUNDS: '1000' } },
}

/** What the tests judge with, and what goes unjudged without it. */
const judges = {
  openssl: 'OpenSSL reading what was issued',
  php: 'the PHP client',
  ruby: 'the Ruby client',
  python3: 'the Python client',
  go: 'the Go client',
}

process.chdir(projectRoot)
const { suite, options, paths } = readArguments(process.argv.slice(2))
const files = paths.length > 0 ? paths.flatMap(testFiles) : suiteFiles(suite)
if (files.length === 0) fail(`no test files in ${[...paths, ...suite.folders].join(', ')}`)
const node = await prepareOrExit()
if (paths.length === 0) installJudges()
nameWhatIsAbsent()

const deadlineMs = suite.minutes * 60_000
const postgresHome = mkdtempSync(join(tmpdir(), 'chancery-postgres-'))
const outcome = await runForeground(
  node,
  [
    '--test',
    `--import=${new URL('test-deadline.mjs', import.meta.url).href}`,
    `--test-timeout=${deadlineMs * 0.9}`,
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...options,
    ...files,
  ],
  {
    ...suite.env,
    ...process.env,
    CHANCERY_TEST_DEADLINE_MS: String(deadlineMs),
    CHANCERY_TEST_POSTGRES_HOME: postgresHome,
  },
)
await stopPostgres(postgresHome)
endAs(outcome)

/** @param {string[]} args */
function readArguments(args) {
  const at = args.indexOf('--suite')
  const [, name = 'all'] = at === -1 ? [] : args.splice(at, 2)
  const suite = suites[name] ?? fail(`no suite ${name}; there are ${Object.keys(suites).join(', ')}`)
  const paths = args.filter((arg) => !arg.startsWith('-'))
  for (const path of paths) if (!existsSync(path)) fail(`${path} does not exist`)
  return { suite, options: args.filter((arg) => arg.startsWith('-')), paths }
}

/** @param {Suite} suite */
function suiteFiles({ folders, without }) {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap(testFiles)
    .filter((file) => !without.some((folder) => file.startsWith(join(folder, sep))))
}

/**
 * @param {string} path a test file, or a folder
 * @returns {string[]} test files from the project root, in a stable order
 */
function testFiles(path) {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => relative(projectRoot, resolve(path, file)))
    .sort()
}

function installJudges() {
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && isInPath('apt-get')
  if (!canInstall || process.env.CHANCERY_TEST_INSTALL === 'off') return
  const stamp = join(projectRoot, 'node_modules', '.chancery-debian-packages')
  // Whatever comes of it, the tests can run: those whose judge is missing say so.
  spawnSync('bash', [join(projectRoot, 'scripts', 'install-debian.sh'), stamp], { stdio: ['ignore', 2, 2] })
}

function nameWhatIsAbsent() {
  for (const [tool, judged] of Object.entries(judges)) {
    if (!isInPath(tool)) say(`not run: ${judged} (no "${tool}" on this machine)`)
  }
  const corpora = resolve(projectRoot, process.env.CHANCERY_CORPORA ?? '../shared/corpora')
  if (!existsSync(corpora)) say('not run: the public corpora (name their folder in CHANCERY_CORPORA)')
}

/** @param {string} command */
function isInPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)))
}

/**
 * Ends the PostgreSQL server that the test files shared, if one of them started it (test/support/postgres.ts).
 * It takes its pid file away when it has ended.
 *
 * @param {string} home
 */
async function stopPostgres(home) {
  const pidFile = join(home, 'data', 'postmaster.pid')
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT'])) {
    if (!existsSync(pidFile)) break
    try {
      process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), signal)
    } catch {
      break
    }
    for (let wait = 0; wait < 100 && existsSync(pidFile); wait++) await delay(100)
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/**
 * @param {string} line
 * @returns {never}
 */
function fail(line) {
  say(line)
  process.exit(2)
}
