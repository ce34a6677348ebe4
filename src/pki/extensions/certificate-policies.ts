import { DerReader } from '../der/reader.ts'
import { ia5String, oid, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** A policy to assert. `cpsUri` adds one CPS pointer qualifier. */
export interface PolicyAssertion {
  readonly policyIdentifier: string
  readonly cpsUri?: string
}

/** A policy as read. Qualifiers keep their DER: RFC 5280 leaves their set open. */
export interface PolicyInformation {
  readonly policyIdentifier: string
  readonly qualifiers: readonly PolicyQualifier[]
}

export interface PolicyQualifier {
  readonly policyQualifierId: string
  readonly qualifierDer: Uint8Array
}

/** RFC 5280 section 4.2.1.4. */
export function encodeCertificatePolicies(policies: readonly PolicyAssertion[], critical = false): Extension {
  if (policies.length === 0) {
    throw empty()
  }
  return { oid: oids.certificatePolicies, critical, value: sequence(...policies.map(encodePolicy)) }
}

/** @throws PkiError `extension_malformed` when the list of policies or of qualifiers is empty. */
export function parseCertificatePolicies(value: Uint8Array): PolicyInformation[] {
  const list = DerReader.ofSequence(value)
  if (list.atEnd) {
    throw empty()
  }
  const policies: PolicyInformation[] = []
  while (!list.atEnd) {
    const fields = list.sequence()
    const policyIdentifier = fields.oid()
    const qualifiers = fields.atEnd ? [] : parseQualifiers(fields.sequence())
    fields.end()
    policies.push({ policyIdentifier, qualifiers })
  }
  return policies
}

function encodePolicy(policy: PolicyAssertion): Uint8Array {
  if (policy.cpsUri === undefined) return sequence(oid(policy.policyIdentifier))
  const qualifier = sequence(oid(oids.cps), ia5String(policy.cpsUri))
  return sequence(oid(policy.policyIdentifier), sequence(qualifier))
}

function parseQualifiers(list: DerReader): PolicyQualifier[] {
  if (list.atEnd) {
    throw empty()
  }
  const qualifiers: PolicyQualifier[] = []
  while (!list.atEnd) {
    const fields = list.sequence()
    const policyQualifierId = fields.oid()
    const qualifierDer = fields.raw()
    fields.end()
    qualifiers.push({ policyQualifierId, qualifierDer })
  }
  return qualifiers
}

function empty(): PkiError {
  return new PkiError('extension_malformed', { oid: oids.certificatePolicies, defect: 'empty' })
}
