import { type Setting, settings } from './settings.ts'

/** The page docs/configuration.md: every setting of the table, in its order. Markdown. */
export function configurationReference(): string {
  const all: readonly Setting<unknown>[] = Object.values(settings)
  const flagged = all.filter(({ flag }) => flag !== undefined)
  const figures = all.filter(({ flag }) => flag === undefined)
  return `# Configuration

Flags win over the environment, and that over the configuration file. An empty variable counts as not set.
The file is YAML; a key that is not listed here is refused. This page is generated from the table of settings
by \`npm run docs\`; a test compares the two.

## Settings

| flag | environment | key in the file | default | |
|---|---|---|---|---|
${flagged.map(flaggedRow).join('\n')}

Lists: repeat the flag, separate with commas in the variable, write a list in the file.

## Figures

These are in the file only. Dots are nesting: \`limits.body\` is \`body\` below \`limits\`. Times are written
\`500ms\`, \`30s\`, \`5m\`, \`24h\`, \`7d\`; sizes \`65536\` or \`64KiB\`; rates \`100/5m\`.

| key in the file | default | |
|---|---|---|
${figures.map(figureRow).join('\n')}

## Example

\`\`\`yaml
listen: 0.0.0.0:80
tls-listen: 0.0.0.0:443
public-url: http://ca.example.internal
tls-name: [ca.example.internal]
crl:
  delay: 10s
rates:
  tinycert:
    certificates: 500/5m
\`\`\`
`
}

function flaggedRow(setting: Setting<unknown>): string {
  const { flag, environment, file, help, type, bare } = setting
  const argument = bare === true ? '' : ` ${type.shown.replaceAll('|', '\\|')}`
  const repeated = type.list ? ' (repeatable)' : ''
  const place = file === undefined ? '–' : `\`${file}\``
  return `| \`--${flag}${argument}\`${repeated} | \`${environment}\` | ${place} | ${shownDefault(setting)} | ${help} |`
}

function figureRow(setting: Setting<unknown>): string {
  return `| \`${setting.file}\` | ${shownDefault(setting)} | ${setting.help} |`
}

function shownDefault({ default: standard, defaultShown }: Setting<unknown>): string {
  return defaultShown ?? (standard === undefined ? 'none' : `\`${standard}\``)
}
