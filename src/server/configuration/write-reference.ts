import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configurationReference } from './configuration-reference.ts'

/** `npm run docs`: writes docs/configuration.md anew from the table of settings. */
const page = fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url))
writeFileSync(page, configurationReference())
