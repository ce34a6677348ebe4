import type { Migration } from './migration.ts'

/** Certificates over their life: business units, profiles, seats, the inventory, enrollments, owners. */
export const lifecycle: Migration = {
  number: 21,
  name: 'certificate lifecycle',
  collections: [
    {
      name: 'business_unit',
      columns: { name_key: 'text', is_active: 'flag' },
      indexes: [['is_active']],
      unique: [['account_id', 'name_key']],
    },
    {
      name: 'certificate_profile',
      columns: { business_unit_id: 'integer', status: 'text', name: 'text' },
      indexes: [['business_unit_id']],
    },
    {
      name: 'seat',
      columns: {
        business_unit_id: 'integer',
        seat_type: 'text',
        seat_id: 'text',
        live_seat_id: 'text',
        is_active: 'flag',
      },
      indexes: [['business_unit_id', 'seat_type'], ['seat_id'], ['live_seat_id']],
      unique: [['business_unit_id', 'seat_type', 'live_seat_id']],
    },
    {
      name: 'inventory_certificate',
      columns: {
        certificate_id: 'integer',
        authority_id: 'integer',
        profile_id: 'integer',
        seat_id: 'integer',
        seat_type: 'text',
        business_unit_id: 'integer',
        enrollment_id: 'integer',
        serial_number: 'text',
        thumbprint: 'text',
        common_name: 'text',
        issuer_name: 'text',
        aki: 'text',
        status: 'text',
        not_before: 'instant',
        not_after: 'instant',
      },
      indexes: [
        ['authority_id'],
        ['profile_id'],
        ['seat_id'],
        ['business_unit_id'],
        ['enrollment_id'],
        ['serial_number'],
        ['common_name'],
        ['status', 'not_after'],
        ['not_before'],
        ['not_after'],
      ],
      globalIndexes: [['certificate_id']],
      unique: [['account_id', 'thumbprint']],
      searched: true,
      counted: true,
    },
    {
      name: 'enrollment',
      columns: {
        profile_id: 'integer',
        seat_id: 'text',
        status: 'text',
        code_digest: 'text',
        inventory_id: 'integer',
      },
      indexes: [['profile_id'], ['seat_id'], ['status'], ['code_digest'], ['inventory_id']],
    },
    {
      name: 'certificate_owner',
      columns: { email: 'text' },
      unique: [['account_id', 'email']],
    },
  ],
}
