/**
 * `npm run layers`: holds the import statements of the project against the layers of docs/architecture.md.
 * Prints `file:line: rule` for each that breaks one, and ends with status 1 when there is any. Another folder
 * can be named as the argument.
 */
import { checkLayers } from './layers/check.mjs'
import { projectRoot } from './setup.mjs'

const { files, violations } = checkLayers(process.argv[2] ?? projectRoot)
for (const { file, line, rule } of violations) process.stdout.write(`${file}:${line}: ${rule}\n`)
process.stdout.write(`${files} files, ${violations.length} against the layers\n`)
process.exitCode = violations.length === 0 && files > 0 ? 0 : 1
