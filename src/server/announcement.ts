import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { type Configuration, httpAddress, isPublicUrlLocal } from './configuration/configuration.ts'
import { settings } from './configuration/settings.ts'
import type { DataFolder } from './data-folder.ts'

/**
 * What `serve` says to people on standard error when requests are answered. Standard output has the log.
 *
 * @param isFirst whether this start made the installation
 */
export function announcement(configuration: Configuration, folder: DataFolder, isFirst: boolean): string {
  const { listen, tlsListen, clientauthListen, metricsListen, role } = configuration
  const addresses = [
    `  HTTP   ${httpAddress(listen)}`,
    ...(role === 'all' ? [`  HTTPS  ${httpAddress(tlsListen, 'https')}`] : []),
    ...(role === 'all' && clientauthListen !== undefined
      ? [`  HTTPS  ${httpAddress(clientauthListen, 'https')} with client certificates`]
      : []),
    ...(metricsListen === undefined ? [] : [`  HTTP   ${httpAddress(metricsListen)} for metrics`]),
  ]
  const credentials = existsSync(folder.credentials)
    ? [
        `${isFirst ? 'The first credentials were written to' : 'First credentials:'} ${folder.credentials} (mode 0600).`,
        `Root certificate to trust: ${folder.rootCertificate}`,
      ]
    : []
  const local = isPublicUrlLocal(configuration)
    ? [
        '',
        `Certificates will name ${configuration.publicUrl} for OCSP and CRLs, which only this machine reaches:`,
        'set --public-url before others rely on them.',
      ]
    : []
  return `${[
    'Chancery answers at',
    ...addresses,
    '',
    ...credentials,
    'A key and a certificate, for example:',
    '',
    `  npx chancery issue www.example.internal --out ./certs${dataOption(configuration)}`,
    ...database(configuration),
    ...local,
  ].join('\n')}\n`
}

/** The address of a database may hold a password, so it is not part of the line to paste. */
function database({ databaseUrl }: Configuration): readonly string[] {
  if (databaseUrl === undefined) return []
  return [
    '',
    'Commands need the address of the database too: in CHANCERY_DATABASE_URL, or as "database-url" in config.yaml.',
    'Without it they take SQLite in the data folder.',
  ]
}

/** The same data folder from the folder that the server was started in. */
function dataOption({ data, sandbox }: Configuration): string {
  const here = relative(process.cwd(), data)
  const usual = relative('.', settings.data.default ?? '')
  const named = here === usual ? '' : ` --data ${quoted(here.startsWith('..') ? data : `./${here}`)}`
  return `${named}${sandbox ? ' --sandbox' : ''}`
}

function quoted(path: string): string {
  return /^[A-Za-z0-9_./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
