import { spawn, spawnSync } from 'node:child_process'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const projectRoot = join(import.meta.dirname, '../..')
const samples = join(projectRoot, 'samples')

/** A sample and what runs it. */
export interface Subject {
  readonly name: string
  /** Programs that have to be in PATH. */
  readonly needs: readonly string[]
  /**
   * Makes the sample ready to run.
   *
   * @param folder for what is built
   * @returns the command line, before the arguments
   * @throws {Error} with what the compiler said
   */
  prepare(folder: string): readonly string[]
  /** Heeds Ctrl-C, and an interrupt signal only where there is a terminal; the tool `script` provides one. */
  readonly isInterruptedByTerminal?: boolean
}

export const subjects: readonly Subject[] = [
  {
    name: 'Python',
    needs: ['python3'],
    prepare: () => ['python3', '-B', join(samples, 'python/sample.py')],
  },
  {
    name: 'Java',
    needs: ['java', 'javac'],
    prepare(folder) {
      const sources = ['DigiCertOne.java', 'Json.java', 'Sample.java'].map((file) =>
        join(samples, 'java', file),
      )
      build('javac', ['-Xlint:all', '-Werror', '-d', folder, ...sources], folder)
      // The short runs of a test are over before a compiler that thinks for long has paid off.
      return ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', folder, 'Sample']
    },
  },
  {
    name: 'Go',
    needs: ['go'],
    prepare(folder) {
      const program = join(folder, 'sample')
      build('go', ['build', '-o', program, '.'], join(samples, 'go'))
      return [program]
    },
  },
  {
    name: 'C#',
    needs: ['mcs', 'mono', 'script'],
    isInterruptedByTerminal: true,
    prepare(folder) {
      const program = join(folder, 'sample.exe')
      const sources = ['DigiCertOne.cs', 'Sample.cs'].map((file) => join(samples, 'csharp', file))
      const libraries = ['System.Net.Http', 'System.Runtime.Serialization', 'System.Xml', 'System.Xml.Linq']
      const references = libraries.map((library) => `-r:${library}`)
      build('mcs', ['-warnaserror', `-out:${program}`, ...references, ...sources], folder)
      return ['mono', program]
    },
  },
  {
    name: 'PowerShell',
    needs: ['pwsh'],
    prepare: () => ['pwsh', '-NoProfile', '-NonInteractive', '-File', join(samples, 'powershell/sample.ps1')],
  },
  {
    name: 'TypeScript',
    needs: [],
    prepare() {
      build(process.execPath, [join(projectRoot, 'sdk/build.mjs')], projectRoot)
      return [process.execPath, join(samples, 'typescript/sample.ts')]
    },
  },
  {
    // The client runs on older versions than the rest of the project.
    name: 'TypeScript on the Node.js of PATH',
    needs: ['node'],
    prepare(folder) {
      build(process.execPath, [join(projectRoot, 'sdk/build.mjs')], projectRoot)
      const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
      const options = ['--outDir', folder, '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
      const source = join(samples, 'typescript/sample.ts')
      build(
        process.execPath,
        [compiler, ...options, '--ignoreConfig', '--strict', '--skipLibCheck', source],
        projectRoot,
      )
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
      symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
      return [inPath('node') ?? 'node', join(folder, 'sample.js')]
    },
  },
]

/** The first of the programs that is not on this machine. */
export function missing({ needs }: Subject): string | undefined {
  return needs.find((program) => inPath(program) === undefined)
}

/** Outside of node_modules, where npm puts the Node.js of the project before that of the machine. */
function inPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))
}

function build(command: string, args: readonly string[], cwd: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? ''}${stdout}${stderr}`)
}

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  readonly endedAtMs: number
  readonly interruptedAtMs?: number
}

export interface RunOptions {
  /** Interrupt the sample once it says that it is waiting. */
  readonly interrupts: boolean
  readonly isInterruptedByTerminal: boolean
}

/** One run of a sample; ended by force after two minutes. What a terminal shows counts as standard error. */
export function runSample(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  { interrupts, isInterruptedByTerminal }: RunOptions,
): Promise<Ended> {
  const hasTerminal = interrupts && isInterruptedByTerminal
  const [program = '', ...args] = hasTerminal ? inTerminal(command) : command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, timeout: 120_000, killSignal: 'SIGKILL' })
    let [stdout, stderr] = ['', '']
    let interruptedAtMs: number | undefined
    const onError = (text: string): void => {
      stderr += text
      if (!interrupts || interruptedAtMs !== undefined || !stderr.includes('waiting')) return
      interruptedAtMs = performance.now()
      if (hasTerminal) child.stdin.write('\x03')
      else child.kill('SIGINT')
    }
    child.stderr.setEncoding('utf8').on('data', onError)
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (hasTerminal) onError(text)
      else stdout += text
    })
    if (!hasTerminal) child.stdin.end()
    child.on('error', reject)
    child.on('close', (status) => {
      const endedAtMs = performance.now()
      const interrupted = interruptedAtMs === undefined ? {} : { interruptedAtMs }
      resolve({ status: status ?? -1, stdout, stderr, endedAtMs, ...interrupted })
    })
  })
}

function inTerminal(command: readonly string[]): readonly string[] {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  return ['script', '--quiet', '--return', '--flush', '--command', `exec ${quoted.join(' ')}`, '/dev/null']
}
