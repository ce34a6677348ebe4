/**
 * `npm run build`: writes the JavaScript of the published package to `dist`, from nothing, so that it holds
 * no file whose source is gone.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { endAs, prepareOrExit, runForeground } from './program.mjs'
import { projectRoot } from './setup.mjs'

process.chdir(projectRoot)
const node = await prepareOrExit()
rmSync('dist', { recursive: true, force: true })
endAs(
  await runForeground(node, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']),
)
