/** What a licence is counted for. */
export const seatTypes = [
  'USER_SEAT',
  'DEVICE_SEAT',
  'SERVER_SEAT',
  'CERTIFICATE_MANAGEMENT_SEAT',
  'IMPORTED_SEAT',
  'DISCOVERY_SEAT',
  'ORGANIZATION_SEAT',
] as const
export type SeatType = (typeof seatTypes)[number]
