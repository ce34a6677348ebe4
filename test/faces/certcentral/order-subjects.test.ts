import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lastFirst } from '../../support/stores.ts'
import { orderBody, silentNetwork, testDomain, testOperator, testOrganization } from './ordering.ts'
import { TestService, type TestTenant } from './service.ts'

const ada = { first_name: 'Ada', last_name: 'Moser' }
const adaOrOtter = { ...ada, pseudonym: 'Otter' }
const name = ['SN=Moser', 'GN=Ada']
const named = [...name, 'CN=Ada Moser']

describe('what the subject of a certificate for a person holds', () => {
  const scope = lastFirst({ after })
  let tenant: TestTenant
  let organizationId: number
  before(async () => {
    const service = await TestService.start(scope, { outside: silentNetwork })
    await testOperator(service)
    tenant = await service.tenant()
    organizationId = await testOrganization(tenant, ['ov', 'smime'])
    await testDomain(tenant, organizationId, 'shop.example.com')
  })

  const order = async (certificate: object, rest: object) =>
    tenant.post(
      '/order/certificate/secure_email_sponsor',
      await orderBody(
        organizationId,
        { common_name: undefined, emails: ['ada@shop.example.com'], ...certificate },
        rest,
      ),
    )
  const personal = (pem: string) =>
    new X509Certificate(pem).subject
      .split('\n')
      .filter((line) => /^(SN|GN|pseudonym|CN|emailAddress)=/.test(line))

  for (const [what, certificate, subject, expected] of [
    ['a name alone', { individual: ada }, {}, named],
    ['a name and a pseudonym', { individual: adaOrOtter }, {}, named],
    [
      'a pseudonym that is to be included',
      { individual: adaOrOtter },
      { include_pseudonym: true },
      ['pseudonym=Otter', 'CN=Otter'],
    ],
    [
      'both to be included, of which only one may be',
      { individual: adaOrOtter },
      { include_pseudonym: true, include_given_name_surname: true },
      named,
    ],
    ['a pseudonym alone', { individual: { pseudonym: 'Otter' } }, {}, ['pseudonym=Otter', 'CN=Otter']],
    ['a name by the common name', { common_name: 'Ada Moser' }, { include_given_name_surname: true }, named],
    [
      'the mail address, too',
      { individual: ada, common_name_indicator: 'given_name_surname' },
      { include_email: true },
      [...named, 'emailAddress=ada@shop.example.com'],
    ],
    [
      'a pseudonym as the common name, beside the name',
      { individual: adaOrOtter, common_name_indicator: 'pseudonym' },
      { include_given_name_surname: true },
      [...name, 'CN=Otter'],
    ],
    [
      'everything off, as typed clients send it',
      { individual: ada },
      { include_email: false, include_pseudonym: false, include_given_name_surname: false },
      named,
    ],
  ] as const) {
    test(what, async () => {
      const answer = await order(certificate, { subject })
      assert.equal(answer.status, 201, answer.text)
      assert.deepEqual(personal(answer.json().certificate_chain[0].pem), expected)
    })
  }

  test('the wishes count inside of certificate as well', async () => {
    const answer = await order({ individual: adaOrOtter, subject: { include_pseudonym: true } }, {})
    assert.deepEqual(personal(answer.json().certificate_chain[0].pem), ['pseudonym=Otter', 'CN=Otter'])
  })

  test('what is to be included and said nowhere is asked for by name', async () => {
    const byMail = { common_name_indicator: 'email_address' }
    const unnamed = await order(byMail, { subject: { include_given_name_surname: true } })
    assert.deepEqual(unnamed.codes(), ['required_param:certificate.individual.last_name'])
    const other = await order({ individual: ada }, { subject: { include_pseudonym: true } })
    assert.deepEqual(other.codes(), ['required_param:certificate.individual.pseudonym'])
    const named = await order(
      { common_name: 'Ada Moser', common_name_indicator: 'pseudonym' },
      { subject: {} },
    )
    assert.deepEqual(named.codes(), ['required_param:certificate.individual.pseudonym'])
    const wrong = await order({ individual: ada }, { subject: { include_email: 'sometimes' } })
    assert.deepEqual(wrong.codes(), ['invalid_value:subject.include_email'])
  })

  for (const [nameId, indicator] of [
    ['secure_email_sponsor', 'organization_name'],
    ['secure_email_organization', 'given_name_surname'],
    ['secure_email_mailbox', 'given_name_surname'],
    ['class1_smime', 'pseudonym'],
  ] as const) {
    test(`the common name of ${nameId} is no ${indicator}, which nobody validated`, async () => {
      const certificate = { emails: ['ada@shop.example.com'], individual: adaOrOtter }
      const body = await orderBody(organizationId, { ...certificate, common_name_indicator: indicator })
      const answer = await tenant.post(`/order/certificate/${nameId}`, body)
      assert.deepEqual(answer.codes(), ['invalid_value:certificate.common_name_indicator'])
    })
  }
})
