import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { lintDepartures } from '../../src/core/authorities/lint-departures.ts'
import { isFault } from '../../src/core/faults.ts'
import { CertificateView, safely } from '../../src/core/lint/certificate-view.ts'
import { type GeneralNameView, nameTags } from '../../src/core/lint/extension-views.ts'
import { lint } from '../../src/core/lint/lint.ts'
import { errorsOf } from '../../src/core/lint/lint-issuance.ts'
import type { NameRequest } from '../../src/core/policy/names/name-request.ts'
import { leafProfiles } from '../../src/core/profiles/profiles.ts'
import { answerToFault } from '../../src/faces/tinycert/faults.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import { formatIpAddress } from '../../src/pki/general-names.ts'
import { pemBlocks } from '../../src/pki/pem.ts'
import { extensionRequest, request } from '../support/certification-requests.ts'
import { corpusEntries, corpusFile, skipWithout } from '../support/corpora.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { csrWish, type Door, doorOf, testAuthority, type Wish } from '../support/issuing.ts'
import { storeKinds } from '../support/stores.ts'

const skip = skipWithout('zlint')
const DAY_MS = 86_400_000
const longestDays = 200

/**
 * Rules of public-tls alone, about what CAs of that level have verified of a subject (N15 among them); private CAs
 * may certify a unit or a place without an organisation, and text that only looks odd.
 */
const publicOnly: ReadonlySet<string> = new Set([
  'identity-place',
  'locality-needs-identity',
  'state-needs-identity',
  'tls-no-organizational-unit',
  'tls-subject-place-characters',
  'subject-html-entity',
  'subject-mojibake',
])

/** Certificates of the corpus that have the structure of one; each has a defect. */
const samples: readonly CertificateView[] = skip
  ? []
  : corpusEntries('zlint')
      .filter(({ kind }) => kind === 'certificate')
      .map(({ file }) => safely(() => CertificateView.of(certificateIn(corpusFile('zlint', file)))))
      .filter((view) => view !== undefined)

/** Profiles that keep to the rules of public-tls as well, but for what is inherent to them. */
const tlsProfiles = ['tls-server', 'tls-client'] as const
const profiles = [...tlsProfiles, 'tinycert-leaf'] as const

// On one kind of store: what is judged here happens before anything is stored.
for (const kind of storeKinds.filter(({ name }) => name === 'SQLite')) {
  describe('defects of the public corpus asked for at the engine', { skip }, () => {
    const engine = suiteEngine(kind)
    let door: Door
    /** What every certificate of a profile breaks of the rules for public CAs. */
    const inherent = new Map<string, ReadonlySet<string>>()
    before(async () => {
      const { account } = await testAccount(engine())
      const grants = { maximumLifetimeDays: longestDays }
      door = doorOf(engine(), await testAuthority(engine(), account.id, grants))
      for (const profile of tlsProfiles) {
        const { certificateDer } = await door.issue({ profile })
        inherent.set(profile, new Set(rulesBroken(certificateDer, issuerDer())))
      }
    })
    const issuerDer = () => door.authority.certificateDer

    /** Asks for each wish once. Whatever is issued has no defect; what is not is a fault told as 4xx. */
    const attempt = async (wishes: Iterable<Wish>) => {
      const outcome = { issued: 0, refused: 0 }
      const asked = new Set<string>()
      const judge = async (wish: Wish) => {
        const { profile = 'tls-server' } = wish
        const certificateDer = await door.issue({ lifetimeDays: 90, ...wish }).then(
          (issued) => issued.certificateDer,
          (error: unknown) => {
            if (!isFault(error)) throw error
            const { httpStatus } = answerToFault(error, 'en')
            assert.ok(httpStatus >= 400 && httpStatus < 500, `${error.code} is told as ${httpStatus}`)
            return undefined
          },
        )
        if (certificateDer === undefined) {
          outcome.refused += 1
          return
        }
        outcome.issued += 1
        const accepted = lintDepartures(door.authority.grants, leafProfiles.get(profile))
        assert.deepEqual(
          errorsOf(lint(certificateDer, { strictness: 'private-tls', accepted }, issuerDer())),
          [],
        )
        const known = inherent.get(profile)
        const broken = rulesBroken(certificateDer, issuerDer()).filter(
          (rule) => known?.has(rule) === false && !publicOnly.has(rule),
        )
        assert.deepEqual(broken, [])
        const { notBefore, notAfter } = parseCertificate(certificateDer)
        assert.ok(notAfter - notBefore + 1_000 <= longestDays * DAY_MS)
      }
      let together: Promise<void>[] = []
      for (const wish of wishes) {
        const text = JSON.stringify(wish)
        if (asked.has(text)) continue
        asked.add(text)
        together.push(judge(wish))
        if (together.length === 40) {
          await Promise.all(together)
          together = []
        }
      }
      await Promise.all(together)
      return outcome
    }
    const inEachProfile = (wishes: readonly Wish[]) =>
      profiles.flatMap((profile) => wishes.map((wish) => ({ ...wish, profile })))

    test('N21 the names of the samples are refused or certified without their defect', async (context) => {
      const all = samples.map((view) => (safely(() => view.subjectAltNames) ?? []).map(nameOf))
      const wishes = [...all, ...all.flat().map((name) => [name])].map((names) => ({ names }))
      const { issued, refused } = await attempt(inEachProfile(wishes))
      assert.ok(issued > 50 && refused > 50)
      context.diagnostic(`${issued} certified, ${refused} refused`)
    })

    test('N21 the subjects of the samples are refused or certified without their defect', async (context) => {
      const all = samples.map(subjectOf)
      const wishes = [...all, ...all.flat().map((attribute) => [attribute])].map((subject) => ({ subject }))
      const { issued, refused } = await attempt(inEachProfile(wishes))
      assert.ok(issued > 50 && refused > 50)
      context.diagnostic(`${issued} certified, ${refused} refused`)
    })

    test('N21 the extensions of the samples, asked for in a request, do not get into a certificate', async (context) => {
      const csrs = new Map<string, Uint8Array>()
      for (const view of samples) {
        for (const { der } of view.extensions) {
          csrs.set(Buffer.from(der).toString('latin1'), request({ attributes: [extensionRequest(der)] }))
        }
      }
      const wishes = [...csrs.values()].map((csr) => csrWish(csr))
      const { issued, refused } = await attempt(wishes)
      assert.ok(issued > 50 && refused > 50)
      context.diagnostic(`${issued} certified, ${refused} refused`)
    })

    test('N21 requests with subject, names and extensions of a sample get a sound certificate or none', async (context) => {
      const wishes = samples.map((view) => {
        const attributes = [extensionRequest(...view.extensions.map(({ der }) => der))]
        const csr = request({ subject: view.subjectDer, attributes })
        return csrWish(csr, { names: 'from-request', subject: subjectOf(view) })
      })
      const { issued, refused } = await attempt(inEachProfile(wishes))
      assert.ok(issued > 10 && refused > 50)
      context.diagnostic(`${issued} certified, ${refused} refused`)
    })

    test('N21 the lifetimes of the samples are refused when they are too long', async (context) => {
      const days = samples.map((view) => (view.notAfter.instant - view.notBefore.instant + 1_000) / DAY_MS)
      const wishes = days.flatMap((exact) =>
        [exact, Math.ceil(exact)].map((lifetimeDays) => ({ lifetimeDays })),
      )
      const { issued, refused } = await attempt(inEachProfile(wishes))
      assert.ok(issued > 0 && refused > 50)
      context.diagnostic(`${issued} certified, ${refused} refused`)
    })

    test('N21 the keys of the samples are refused: for what they are, or for want of a proof', async () => {
      const { issued } = await attempt(samples.map((view) => csrWish(request({ spki: view.spkiDer }))))
      assert.equal(issued, 0)
    })
  })
}

/** Rules of the strictest level that a certificate breaks. */
function rulesBroken(certificateDer: Uint8Array, issuerDer: Uint8Array): string[] {
  return lint(certificateDer, { strictness: 'public-tls' }, issuerDer).map(({ rule }) => rule)
}

function certificateIn(bytes: Uint8Array): Uint8Array {
  const blocks = pemBlocks(Buffer.from(bytes).toString('latin1'))
  return blocks.find(({ label }) => label.endsWith('CERTIFICATE'))?.der ?? bytes
}

function subjectOf(view: CertificateView) {
  const subject = safely(() => view.subject) ?? []
  return subject.map(({ type, text }) => ({ type, value: text, parameter: 'subject' }))
}

/** An alternative name of a sample as a caller would write it. */
function nameOf({ tag, contents, text }: GeneralNameView): NameRequest {
  const parameter = 'names'
  switch (tag) {
    case nameTags.dns:
      return { type: 'dns', value: text, parameter }
    case nameTags.email:
      return { type: 'email', value: text, parameter }
    case nameTags.uri:
      return { type: 'uri', value: text, parameter }
    case nameTags.ip: {
      const isAddress = contents.length === 4 || contents.length === 16
      return { type: 'ip', value: isAddress ? formatIpAddress(contents) : text, parameter }
    }
    default:
      return { type: 'other', value: text, parameter }
  }
}
