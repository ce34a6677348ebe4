import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Shop } from './issued-orders.ts'

describe('notes of an order', () => {
  test('a note is added, listed, shown, changed and removed', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const path = `/order/certificate/${id}/note`
    const added = await shop.tenant.post(path, { text: 'ask\nBen' })
    assert.deepEqual([added.status, added.json()], [201, { id: 1 }])
    await shop.tenant.post(path, { text: 'second' })
    const { notes } = (await shop.tenant.get(path)).json()
    assert.deepEqual(
      notes.map((note: { id: number; text: string }) => [note.id, note.text]),
      [
        [1, 'ask\nBen'],
        [2, 'second'],
      ],
    )
    const changed = await shop.tenant.put(`${path}/2`, { text: 'third' })
    assert.deepEqual([changed.status, changed.text], [204, ''])
    assert.equal((await shop.tenant.get(`${path}/2`)).json().text, 'third')
    assert.equal((await shop.tenant.delete(`${path}/1`)).status, 204)
    const info = await shop.info(id)
    assert.deepEqual(
      info.notes.map((note: { id: number; text: string }) => [note.id, note.text]),
      [[2, 'third']],
    )
  })

  test('an order holds a hundred notes and not one more', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const path = `/order/certificate/${id}/note`
    for (let n = 1; n <= 100; n++) {
      assert.equal((await shop.tenant.post(path, { text: `note ${n}` })).status, 201)
    }
    assert.deepEqual((await shop.tenant.post(path, { text: 'one more' })).codes(), ['invalid_value:text'])
  })

  test('a note that is not there, and one without text, are refused', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const path = `/order/certificate/${id}/note`
    assert.deepEqual((await shop.tenant.post(path, { text: '' })).codes(), ['required_param:text'])
    assert.deepEqual((await shop.tenant.post(path, { text: 'a<b' })).codes(), ['invalid_chars:text'])
    for (const note of ['7', '0', 'x']) {
      assert.deepEqual((await shop.tenant.put(`${path}/${note}`, { text: 'x' })).codes(), ['not_found'])
      assert.deepEqual((await shop.tenant.delete(`${path}/${note}`)).codes(), ['not_found'])
    }
    assert.deepEqual((await shop.tenant.get('/order/certificate/999/note')).codes(), ['not_found|order'])
  })
})

describe('automation of an order', () => {
  for (const [path, member] of [
    ['auto-renew', 'auto_renew'],
    ['auto-reissue', 'auto_reissue'],
  ] as const) {
    test(`${path} is switched on and off by 1 and 0, as number or text`, async (scope) => {
      const shop = await Shop.open(scope)
      const { id } = await shop.order()
      for (const [sent, shown] of [
        [1, 1],
        ['0', 0],
        [true, 1],
        ['False', 0],
      ] as const) {
        const answer = await shop.tenant.put(`/order/certificate/${id}/${path}`, { [member]: sent })
        assert.equal(answer.status, 204, answer.text)
        assert.equal((await shop.info(id))[member], shown)
      }
      const odd = await shop.tenant.put(`/order/certificate/${id}/${path}`, { [member]: 'often' })
      assert.deepEqual(odd.codes(), [`invalid_value:${member}`])
      const none = await shop.tenant.put(`/order/certificate/${id}/${path}`, { other: 1 })
      assert.deepEqual(none.codes(), [`required_param:${member}`])
    })
  }

  test('the words of renewal notices are set and taken away', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    const path = `/order/certificate/${id}/custom-renewal-message`
    assert.equal((await shop.tenant.post(path, { custom_renewal_message: 'soon' })).status, 204)
    assert.equal((await shop.info(id)).custom_renewal_message, 'soon')
    assert.equal((await shop.tenant.delete(path)).status, 204)
    assert.equal('custom_renewal_message' in (await shop.info(id)), false)
  })
})

describe('the choice of CT of an order', () => {
  test('it is made where the account leaves it', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    for (const disabled of [true, false]) {
      const answer = await shop.tenant.put(`/order/certificate/${id}/ct-status`, { disable_ct: disabled })
      assert.equal(answer.status, 204, answer.text)
      assert.equal((await shop.info(id)).disable_ct, disabled)
    }
  })

  test('cert_transparency_turned_off_for_account where the account logs nothing', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    await shop.tenant.setPolicy({ certificateTransparency: false })
    const answer = await shop.tenant.put(`/order/certificate/${id}/ct-status`, { disable_ct: 1 })
    assert.deepEqual([answer.status, answer.codes()], [400, ['cert_transparency_turned_off_for_account']])
  })

  test('not_allowed_to_change_ct_setting_per_order where the account decides for all orders', async (scope) => {
    const shop = await Shop.open(scope)
    const { id } = await shop.order()
    await shop.tenant.setPolicy({ ctChoicePerOrder: false })
    const answer = await shop.tenant.put(`/order/certificate/${id}/ct-status`, { disable_ct: 1 })
    assert.deepEqual([answer.status, answer.codes()], [400, ['not_allowed_to_change_ct_setting_per_order']])
  })
})

describe('custom fields of an order', () => {
  const field = async (shop: Shop, changes: object = {}): Promise<number> => {
    const made = await shop.tenant.post('/account/metadata', {
      label: 'Cost',
      is_required: false,
      is_active: true,
      data_type: 'int',
      ...changes,
    })
    assert.equal(made.status, 201, made.text)
    return made.json().id
  }

  test('a value is set, replaced and removed', async (scope) => {
    const shop = await Shop.open(scope)
    const metadataId = await field(shop)
    const { id } = await shop.order()
    const path = `/order/certificate/${id}/custom-field`
    for (const value of ['12', '13']) {
      const answer = await shop.tenant.post(path, { metadata_id: metadataId, value })
      assert.equal(answer.status, 204, answer.text)
      assert.deepEqual((await shop.info(id)).custom_fields, [
        { metadata_id: metadataId, label: 'Cost', value },
      ])
    }
    assert.equal((await shop.tenant.delete(`${path}/${metadataId}`)).status, 204)
    assert.equal('custom_fields' in (await shop.info(id)), false)
    assert.deepEqual((await shop.tenant.delete(`${path}/${metadataId}`)).codes(), ['not_found'])
  })

  test('what does not fit, an unknown field and nothing in a required one are refused', async (scope) => {
    const shop = await Shop.open(scope)
    const metadataId = await field(shop)
    const { id } = await shop.order()
    const path = `/order/certificate/${id}/custom-field`
    const odd = await shop.tenant.post(path, { metadata_id: metadataId, value: 'twelve' })
    assert.deepEqual(odd.codes(), ['invalid_custom_field_value'])
    const unknown = await shop.tenant.post(path, { metadata_id: 9999, value: '1' })
    assert.deepEqual(unknown.codes(), ['invalid_value:metadata_id'])
    const required = await field(shop, { label: 'Centre', is_required: true })
    const empty = await shop.tenant.post(path, { metadata_id: required, value: '' })
    assert.deepEqual(empty.codes(), ['missing_required_custom_field'])
    assert.equal((await shop.tenant.post(path, { metadata_id: required, value: '4' })).status, 204)
    const removed = await shop.tenant.delete(`${path}/${required}`)
    assert.deepEqual(removed.codes(), ['missing_required_custom_field'])
  })
})

test('changes of an order are told to the audit log', async (scope) => {
  const shop = await Shop.open(scope)
  const { id } = await shop.order()
  await shop.tenant.put(`/order/certificate/${id}/auto-renew`, { auto_renew: 1 })
  const rows = await shop.service.engine.query(
    `SELECT body FROM event WHERE body LIKE '%"action":"order.changed"%'`,
  )
  assert.equal(rows.length, 1)
  assert.match(String(rows[0]?.body), new RegExp(`"object":"order:${id}"`))
  assert.match(String(rows[0]?.body), /"autoRenew":1/)
})
