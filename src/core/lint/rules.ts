import type { Rule } from './rule.ts'
import { algorithmRules, tlsAlgorithmRules } from './rules/algorithms.ts'
import { codeSigningRules } from './rules/code-signing.ts'
import { etsiRules } from './rules/etsi.ts'
import { evRules, onionRules } from './rules/ev.ts'
import { extensionRules } from './rules/extensions.ts'
import { generalNameRules } from './rules/general-names.ts'
import { keyUsageRules } from './rules/key-usage.ts'
import { keyRules, webKeyRules } from './rules/keys.ts'
import { smimeRules } from './rules/smime.ts'
import { smimeSubjectRules } from './rules/smime-subject.ts'
import { codeSigningStatusRules, smimeStatusRules, tlsStatusRules } from './rules/status-pointers.ts'
import { structureRules, tlsStructureRules } from './rules/structure.ts'
import { subjectCraftRules, subjectRules } from './rules/subject.ts'
import {
  responderRules,
  tlsCaRules,
  tlsCertificateRules,
  tlsResponderRules,
} from './rules/tls-certificate.ts'
import { tlsIdentityRules } from './rules/tls-identity.ts'
import { tlsConstraintRules, tlsNameRules } from './rules/tls-names.ts'
import { tlsCaSubjectRules, tlsSubjectRules } from './rules/tls-subject.ts'
import { codeSigningValidityRules, tlsValidityRules } from './rules/validity.ts'

/** Every rule, those about the encoding first. */
export const allRules: readonly Rule[] = [
  ...structureRules,
  ...algorithmRules,
  ...keyRules,
  ...subjectRules,
  ...generalNameRules,
  ...extensionRules,
  ...keyUsageRules,
  ...responderRules,
  ...subjectCraftRules,
  ...tlsStructureRules,
  ...tlsAlgorithmRules,
  ...webKeyRules,
  ...tlsSubjectRules,
  ...tlsCaSubjectRules,
  ...tlsIdentityRules,
  ...tlsNameRules,
  ...tlsConstraintRules,
  ...tlsCertificateRules,
  ...tlsStatusRules,
  ...tlsValidityRules,
  ...tlsCaRules,
  ...tlsResponderRules,
  ...evRules,
  ...onionRules,
  ...codeSigningRules,
  ...codeSigningStatusRules,
  ...codeSigningValidityRules,
  ...smimeRules,
  ...smimeSubjectRules,
  ...smimeStatusRules,
  ...etsiRules,
]
