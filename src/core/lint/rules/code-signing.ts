import { oids } from '../../../pki/oids.ts'
import { isCountryCode } from '../../policy/names/country-codes.ts'
import { isCodeSigning } from '../classification.ts'
import { attributesOf, hasAttribute } from '../name-view.ts'
import { ruleTable } from '../rule.ts'
import { beyond, usage } from './key-usage.ts'
import { quoted } from './text.ts'

/** CS BR sections 7.1.2.3 and 7.1.4.2. */
export const codeSigningRules = ruleTable(
  { family: 'code-signing', section: 'CS BR section 7.1.4.2', scope: 'certificate', applies: isCodeSigning },
  [
    {
      id: 'code-signing-key-usage',
      section: 'CS BR section 7.1.2.3',
      scope: 'template',
      check: (certificate) => {
        const extension = certificate.extension(oids.keyUsage)
        if (extension === undefined) return 'absent'
        if (!extension.critical) return 'not critical'
        const { keyUsage = 0 } = certificate
        if ((keyUsage & usage.digitalSignature) === 0) return 'no digitalSignature'
        return beyond(keyUsage, usage.digitalSignature | usage.nonRepudiation)
      },
    },
    {
      id: 'code-signing-organization-present',
      check: ({ subject }) => (hasAttribute(subject, oids.organizationName) ? undefined : 'absent'),
    },
    {
      id: 'code-signing-country',
      check: ({ subject }) => {
        const countries = attributesOf(subject, oids.countryName)
        const odd = countries.find(({ text }) => !isCountryCode(text) && text !== 'XX')
        if (countries.length === 0) return 'absent'
        return odd === undefined ? undefined : quoted(odd.text)
      },
    },
    {
      id: 'code-signing-place',
      check: ({ subject }) =>
        hasAttribute(subject, oids.localityName) || hasAttribute(subject, oids.stateOrProvinceName)
          ? undefined
          : 'neither localityName nor stateOrProvinceName',
    },
    {
      id: 'code-signing-no-domain-component',
      check: ({ subject }) =>
        hasAttribute(subject, oids.domainComponent) ? 'domainComponent present' : undefined,
    },
  ],
)
