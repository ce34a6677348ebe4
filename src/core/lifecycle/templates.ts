import type { SeatType } from './seat-types.ts'

/** What certificate profiles are made from. Numbers are for ever: accounts name templates by them. */
export interface LifecycleTemplate {
  readonly id: number
  readonly name: string
  /** Id of a leaf profile in src/core/profiles. */
  readonly leafProfile: string
  /** Of seats that are made on the fly. */
  readonly seatType: SeatType
  /** Whether its certificates name hosts: then the common name is one of them. */
  readonly namesHosts: boolean
}

export const lifecycleTemplates: readonly LifecycleTemplate[] = [
  {
    id: 1,
    name: 'Private Server Certificate',
    leafProfile: 'lifecycle-server',
    seatType: 'SERVER_SEAT',
    namesHosts: true,
  },
  {
    id: 2,
    name: 'Private Server and Client Certificate',
    leafProfile: 'lifecycle-mutual',
    seatType: 'SERVER_SEAT',
    namesHosts: true,
  },
  {
    id: 3,
    name: 'Private Device Certificate',
    leafProfile: 'lifecycle-device',
    seatType: 'DEVICE_SEAT',
    namesHosts: false,
  },
  {
    id: 4,
    name: 'Private User Certificate',
    leafProfile: 'lifecycle-user',
    seatType: 'USER_SEAT',
    namesHosts: false,
  },
]

export function lifecycleTemplate(id: number): LifecycleTemplate | undefined {
  return lifecycleTemplates.find((template) => template.id === id)
}
