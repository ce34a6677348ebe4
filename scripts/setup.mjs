/**
 * What has to be there before anything of Chancery runs in a clone: the packages of package-lock.json
 * and a Node.js that is new enough. Plain JavaScript without dependencies, because it runs first, on
 * whatever Node.js (20 or later) the machine has. All it prints goes to standard error, so that the
 * standard output of a command is the command's alone.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

/** argon2 and ML-DSA are in node:crypto from this version on. */
export const oldestNode = { major: 24, minor: 7 }

/** Set-up cannot go on; the message says what to do. */
export class SetupError extends Error {}

/**
 * Installs what is missing and chooses the Node.js to run on.
 *
 * @returns {Promise<string>} the path of a Node.js binary that was seen to run and is new enough: the one
 *   that the lock file pins, or the running one where the pinned binary does not run on this machine
 * @throws {SetupError} when packages cannot be installed or no Node.js is new enough
 */
export async function prepare() {
  if (!isInstalled(projectRoot)) await install()
  return chooseNode()
}

/**
 * Whether `node_modules` holds what `package-lock.json` names. npm writes the list of what it installed
 * when it has finished, so an installation that was cut short counts as missing. Packages for other
 * platforms may be absent.
 *
 * @param {string} root folder of package-lock.json
 */
export function isInstalled(root) {
  const wanted = lockedPackages(join(root, 'package-lock.json'))
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined) throw new SetupError(`package-lock.json is missing or unreadable in ${root}`)
  if (installed === undefined) return false
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path]
    if (path === '' || (found === undefined && optional === true)) return true
    return found !== undefined && found.version === version && found.integrity === integrity
  })
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

async function install() {
  const started = Date.now()
  say('installing the packages of package-lock.json (once; a minute or less)')
  const { status, output } = await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  if (status !== 0) throw new SetupError(explainInstallFailure(output))
  // The first `npx chancery` of a clone links it into npx's cache, and warns there about the system's
  // Node.js, which is not the one that will run: have that done here, silently. Nothing depends on it.
  await npm(['exec', '--yes', '--loglevel=silent', '--package=.', '--call=exit'])
  say(`installed in ${Math.ceil((Date.now() - started) / 1000)} s`)
}

/**
 * @param {string[]} args
 * @returns {Promise<{ status: number | null, output: string }>}
 */
function npm(args) {
  // Left by the npm script of another project that called us, it would have npm work on that one.
  const { npm_config_local_prefix, ...env } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd: projectRoot,
      // npm replaces node_modules as it goes: it must not itself run on a node that lies in there.
      env: { ...env, PATH: pathOutside(env.PATH ?? '') },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', () =>
      reject(new SetupError('npm was not found: install Node.js with npm, then run this again')),
    )
    child.on('close', (status) => resolve({ status, output }))
  })
}

/** @param {string} path */
function pathOutside(path) {
  const own = join(projectRoot, 'node_modules')
  return path
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter)
}

/**
 * One line of cause and cure above what npm said.
 *
 * @param {string} output
 */
export function explainInstallFailure(output) {
  const shown = output.trim().split('\n').slice(-20).join('\n')
  return `${causeOfInstallFailure(output)}\n${shown}`
}

/** @param {string} output */
function causeOfInstallFailure(output) {
  if (/EUSAGE|in sync/.test(output)) {
    return 'package-lock.json does not fit package.json: run "npm install", then this again'
  }
  if (/\b(EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.test(output)) {
    return 'the package registry cannot be reached: connect this machine (or set npm\'s "registry" or "proxy"), then run this again'
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) {
    return `node_modules in ${projectRoot} cannot be written: check who owns the folder, then run this again`
  }
  if (/ENOSPC/.test(output)) return 'the disk is full: the packages take about 500 MB'
  return 'npm could not install the packages'
}

function chooseNode() {
  const pinned = pinnedNode()
  if (pinned !== undefined) return pinned
  if (isNewEnough(process.versions.node)) return process.execPath
  throw new SetupError(
    `Node.js ${oldestNode.major}.${oldestNode.minor} or later is needed and this is ${process.versions.node}. ` +
      'The package "node" brings one in, but its binary is missing or does not run here. If npm was told not to ' +
      'run install scripts, run "npm rebuild node --ignore-scripts=false"; otherwise install a newer Node.js',
  )
}

/** @returns {string | undefined} */
function pinnedNode() {
  const binary = join(
    projectRoot,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (!existsSync(binary)) return undefined
  if (isRunningOn(binary)) return binary
  const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  return status === 0 && isNewEnough(stdout.trim().slice(1)) ? binary : undefined
}

/**
 * Whether this very process runs on that binary.
 *
 * @param {string} binary
 */
export function isRunningOn(binary) {
  return realpathSync(binary) === realpathSync(process.execPath)
}

/** @param {string} version such as `24.7.0` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor)
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`chancery: ${line}\n`)
}
