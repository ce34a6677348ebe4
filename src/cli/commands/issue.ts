import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { Caller } from '../../core/audit/caller.ts'
import { authorityChain } from '../../core/authorities/authority-chain.ts'
import type { AuthorityId } from '../../core/brand.ts'
import { issueCertificate } from '../../core/certificates/issue.ts'
import type { IssuedCertificate, IssueRequest } from '../../core/certificates/issue-request.ts'
import type { Engine } from '../../core/engine.ts'
import { isFault } from '../../core/faults.ts'
import type { NameRequest } from '../../core/policy/names/name-request.ts'
import { buildCertificationRequest } from '../../pki/csr.ts'
import { parseIpAddress } from '../../pki/ip-addresses.ts'
import { defaultSignatureAlgorithm, type KeyKind, keyKinds } from '../../pki/key-kinds.ts'
import { emptyNameDer } from '../../pki/names.ts'
import { pemEncode } from '../../pki/pem.ts'
import { type CertificateFile, prepareFolder, type StagedFile, stageFile } from '../certificate-files.ts'
import {
  type Options,
  operatorAuthority,
  parseAuthorityId,
  parseCount,
  type Work,
  withInstallation,
  withStore,
} from '../command.ts'
import { CommandError, UsageError } from '../command-error.ts'
import { facts, hex, instant } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly out: string
  readonly key: KeyKind
  readonly days?: number
  readonly csr?: string
  readonly ca?: AuthorityId
  readonly profile?: string
  readonly force?: boolean
}

const largestRequestFile = 65_536

/** `chancery issue` */
export function issue(parent: Command, services: Services): void {
  const command = parent
    .command('issue')
    .description('make a key and a certificate for names; writes key.pem, cert.pem and chain.pem')
    .argument('[name...]', 'DNS names and addresses; those of the request when only --csr is given')
    .option('--out <FOLDER>', 'where the files go', '.')
    .addOption(
      new Option(
        '--key <KIND>',
        'the key to make; p-521, ed25519 and ml-dsa-* take a CA with a key of that kind',
      )
        .choices(keyKinds)
        .default('p-256'),
    )
    .option(
      '--days <NUMBER>',
      "how long it is valid; the profile's usual time when absent",
      parseCount(36_500),
    )
    .option('--csr <FILE>', 'certify the key of this PKCS#10 request; no key is made then')
    .option('--ca <ID>', "number of the CA; the operator's when absent", parseAuthorityId)
    .option('--profile <ID>', "leaf profile: tls-server, tls-mutual or tls-client; the CA's when absent")
    .option('--force', 'overwrite files that are there')
  withStore(command, services).action((names: readonly string[], options: Given) => {
    if (names.length === 0 && options.csr === undefined)
      throw new UsageError('give at least one name, or --csr')
    prepareFolder(options.out, fileNames(options), options.force === true)
    return withInstallation(services, options, true, (work) => issueFiles(work, names, options))
  })
}

function fileNames({ csr }: Given): readonly string[] {
  return [...(csr === undefined ? ['key.pem'] : []), 'cert.pem', 'chain.pem']
}

async function issueFiles(work: Work, names: readonly string[], options: Given): Promise<void> {
  const { engine, caller, output } = work
  const authorityId = options.ca ?? (await operatorAuthority(engine))
  const { authority } = await engine.directory.issuer(authorityId)
  const source = options.csr === undefined ? await newKey(work, options.key) : bringRequest(options.csr)
  const request: IssueRequest = {
    accountId: authority.accountId,
    authorityId,
    origin: 'command-line',
    key: { from: 'request', csr: source.csr },
    names: names.length === 0 ? 'from-request' : names.map(nameRequest),
    subject: [],
    ...(options.days === undefined ? {} : { lifetimeDays: options.days }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  }
  // Before anything is signed: no crash may leave a certificate whose key is nowhere.
  const key =
    source.keyPem === undefined
      ? undefined
      : stageFile(options.out, { name: 'key.pem', content: source.keyPem, mode: 0o600 })
  const issued = await issueOrDiscard(engine, request, caller, key)
  const paths = key === undefined ? [] : [key.finish()]
  for (const file of await certificateFiles(work, issued)) paths.push(stageFile(options.out, file).finish())
  const shown = {
    certificate_id: issued.id,
    ca_id: authorityId,
    serial_number: hex(issued.serialNumber),
    not_before: instant(issued.notBefore),
    not_after: instant(issued.notAfter),
    files: paths,
  }
  output.result(
    shown,
    facts([
      ['certificate', shown.certificate_id],
      ['CA', shown.ca_id],
      ['serial number', shown.serial_number],
      ['not after', shown.not_after],
      ['files', paths.join(', ')],
    ]),
  )
}

/** A key stays when it is not known whether a certificate was issued for it. */
async function issueOrDiscard(
  engine: Engine,
  request: IssueRequest,
  caller: Caller,
  key: StagedFile | undefined,
): Promise<IssuedCertificate> {
  try {
    return await issueCertificate(engine, request, caller)
  } catch (error) {
    if (isFault(error) && error.code !== 'issuance_uncertain') key?.discard()
    throw error
  }
}

/** The chain has the root at its end, so that it is also what a verifier has to trust. */
async function certificateFiles(
  { engine }: Work,
  { certificateDer, authority }: IssuedCertificate,
): Promise<readonly CertificateFile[]> {
  const chain = await authorityChain(engine, authority.id)
  const pem = (der: Uint8Array) => pemEncode('CERTIFICATE', der)
  return [
    { name: 'cert.pem', content: pem(certificateDer), mode: 0o644 },
    { name: 'chain.pem', content: chain.map((issuer) => pem(issuer.certificateDer)).join(''), mode: 0o644 },
  ]
}

interface KeyToCertify {
  readonly csr: Uint8Array
  /** Absent when the key stays with whoever made the request. */
  readonly keyPem?: string
}

/** A key that exists in this process and in the file only; the store keeps none of it. */
async function newKey({ engine }: Work, kind: KeyKind): Promise<KeyToCertify> {
  const { authority } = await engine.directory.issuer(await operatorAuthority(engine))
  const key = await engine.keyService.generate({
    kind,
    purpose: 'subscriber',
    accountId: authority.accountId,
    now: engine.clock.now(),
  })
  const algorithm = defaultSignatureAlgorithm(kind)
  const signer = engine.keyService.signer(key, algorithm)
  const contents = { subjectDer: emptyNameDer, spkiDer: key.spkiDer, sans: [], algorithm }
  const csr = await buildCertificationRequest(contents, (bytes) => signer.sign(bytes))
  const pkcs8 = engine.keyService.exportPrivateKey(key)
  const keyPem = pemEncode('PRIVATE KEY', pkcs8)
  pkcs8.fill(0)
  engine.keyService.forget(key.id)
  return { csr, keyPem }
}

function bringRequest(file: string): KeyToCertify {
  try {
    const csr = readFileSync(file)
    if (csr.length > largestRequestFile) throw new CommandError(`${file} is too large for a request`)
    return { csr }
  } catch (error) {
    if (error instanceof CommandError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CommandError(`${file} cannot be read (${code})`, { cause: error })
  }
}

function nameRequest(value: string): NameRequest {
  return { type: parseIpAddress(value) === undefined ? 'dns' : 'ip', value, parameter: 'name' }
}
