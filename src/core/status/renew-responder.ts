import { createHash } from 'node:crypto'
import { compileCertificateTemplate } from '../../pki/certificate-template.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import { encodeName, parseName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import { keyIdentifier, keyKindOf, parseSubjectPublicKeyInfo } from '../../pki/spki.ts'
import { systemCaller } from '../audit/caller.ts'
import { issuerFacts } from '../authorities/create-authority.ts'
import type { Issuer } from '../authorities/issuer.ts'
import { lintDepartures } from '../authorities/lint-departures.ts'
import type { AuthorityId } from '../brand.ts'
import { certify } from '../certificates/certify.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { keyCreated } from '../keys/key-events.ts'
import { insertKey } from '../keys/master-key.ts'
import { lintUnsigned } from '../lint/lint-issuance.ts'
import { validityOf } from '../policy/validity.ts'
import { ocspResponder } from '../profiles/authorities.ts'
import { responderExtensions } from '../profiles/extensions.ts'
import { keyClassOf } from '../profiles/key-class.ts'

/** A responder is made anew this long before its end: longer than any answer it signs is valid. */
export const RESPONDER_RENEWED_BEFORE_MS = 12 * 24 * 3_600_000

/**
 * Makes a delegated OCSP signer for a CA, with a key of its own, and puts it in the place of the one before.
 * @throws Fault authority_unknown, authority_unusable, signing_refused, validity_refused, lint_failed; store faults
 */
export async function renewResponder(engine: Engine, id: AuthorityId): Promise<void> {
  const issuer = await engine.directory.issuer(id)
  const { authority } = issuer
  const now = engine.clock.now()
  // Before a key is made: whoever asks for the status of a CA without a signer leads here.
  engine.signingGate.admit(now)
  const validity = validityOf(
    { lifetimeDays: ocspResponder.lifetimeDays },
    { now, issuerNotAfter: authority.notAfter, cutToIssuer: true },
  )
  const key = await engine.keyService.generate({
    kind: responderKeyKind(issuer),
    purpose: 'ocsp-responder',
    accountId: authority.accountId,
    now,
  })
  const spki = parseSubjectPublicKeyInfo(key.spkiDer)
  const template = compileCertificateTemplate({
    issuerDer: authority.subjectDer,
    signatureAlgorithm: issuer.signer.algorithm,
    extensions: responderExtensions(ocspResponder, keyClassOf(key.kind), {
      keyIdentifier: keyIdentifier(spki),
      issuer: issuerFacts(engine, issuer),
    }),
  })
  const subjectDer = responderName(authority.subjectDer)
  const accepted = lintDepartures(authority.grants)
  await certify(
    engine,
    {
      certifier: issuer,
      spkiDer: key.spkiDer,
      reservation: {
        accountId: authority.accountId,
        authorityId: id,
        profile: ocspResponder.id,
        origin: 'installation',
        ...validity,
        name: 'OCSP Responder',
        spkiDigest: createHash('sha256').update(key.spkiDer).digest(),
        csrDer: null,
        keyId: key.id,
        supersedes: null,
      },
      tbs: (serialNumber) => template.tbs({ ...validity, serialNumber, subjectDer, spkiDer: key.spkiDer }),
      lint: (tbsDer) => lintUnsigned(tbsDer, { strictness: authority.strictness, accepted }),
      *whileReserving(transaction) {
        yield* insertKey(transaction, engine.sealer, key)
        transaction.record(keyCreated(key, systemCaller))
      },
      *whileRecording(transaction, { id: certificate, certificateDer }) {
        yield* transaction.authorities.setResponder({
          authorityId: id,
          keyId: key.id,
          certificateDer,
          ...validity,
        })
        transaction.record({
          action: 'responder.renewed',
          at: engine.clock.now(),
          actor: systemCaller.actor,
          accountId: authority.accountId,
          object: `authority:${id}`,
          requestId: null,
          detail: { certificate, key: key.id, notAfter: validity.notAfter },
        })
        transaction.configurationChanged()
      },
    },
    systemCaller,
  )
}

/** Whoever can check the CA's signatures can check the responder's: it has a key of the same family. */
function responderKeyKind(issuer: Issuer): KeyKind {
  const kind = keyKindOf(parseSubjectPublicKeyInfo(issuer.authority.spkiDer))
  if (kind === undefined) throw new Fault('authority_unusable', {})
  return keyClassOf(kind) === 'rsa' ? 'rsa-2048' : kind
}

/** The CA's name with a common name of its own. */
function responderName(issuerDer: Uint8Array): Uint8Array {
  const parts = parseName(issuerDer).filter((attribute) => attribute.type !== oids.commonName)
  return encodeName([...parts, { type: oids.commonName, value: 'OCSP Responder' }])
}
