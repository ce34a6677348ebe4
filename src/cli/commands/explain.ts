import { type Command, Option } from 'commander'
import { type ErrorCatalogue, type ErrorEntry, entryOf } from '../../core/catalogue.ts'
import type { Language } from '../../core/faults.ts'
import { type Options, outputFor, withJson } from '../command.ts'
import { CommandError } from '../command-error.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly face?: string
  readonly lang: Language
}

const labels = {
  en: { causes: 'Causes', fix: 'What to do', retry: 'Try again?' },
  ja: { causes: '原因', fix: '対処', retry: '再試行' },
} as const

/** `chancery explain` */
export function explain(parent: Command, services: Services): void {
  const faces = services.catalogues.map(({ face }) => face)
  const command = parent
    .command('explain')
    .description('what an error code means, what causes it, what to do, and whether to try again')
    .argument('<code>', 'as it stands in the answer; letter case does not matter')
    .addOption(new Option('--face <FACE>', 'where it came from; all are searched when absent').choices(faces))
    .addOption(new Option('--lang <LANGUAGE>', 'language').choices(['en', 'ja']).default('en'))
  withJson(command).action((code: string, options: Given) => {
    const found = services.catalogues
      .filter(({ face }) => options.face === undefined || options.face === face)
      .flatMap((catalogue) => {
        const entry = entryOf(catalogue, code)
        return entry === undefined ? [] : [{ catalogue, entry }]
      })
    if (found.length === 0) throw new CommandError(unknownCode(code, services.catalogues))
    const { lang } = options
    outputFor(options).result(
      {
        explanations: found.map(({ catalogue, entry }) => ({
          face: catalogue.face,
          code: entry.code,
          http_status: entry.httpStatus,
          ...entry.text[lang],
        })),
      },
      found.map(({ catalogue, entry }) => asText(catalogue, entry, lang)).join('\n\n'),
    )
  })
}

function asText(catalogue: ErrorCatalogue, entry: ErrorEntry, language: Language): string {
  const { meaning, causes, fix, retry } = entry.text[language]
  const label = labels[language]
  return `${entry.code} (${catalogue.title[language]}, HTTP ${entry.httpStatus})
${meaning}

${label.causes}
${causes.map((cause) => `  - ${cause}`).join('\n')}

${label.fix}
  ${fix}

${label.retry}
  ${retry}`
}

function unknownCode(code: string, catalogues: readonly ErrorCatalogue[]): string {
  const known = catalogues.map(
    ({ face, entries }) => `${face}: ${entries.map((entry) => entry.code).join(', ')}`,
  )
  return `"${code}" is no error code here; there are\n${known.join('\n')}`
}
