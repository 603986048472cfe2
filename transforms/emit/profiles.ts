import { canonical } from './canonical.ts'
import type { Profile } from './profile.ts'
import { trl } from './trl.ts'

export const PROFILE_NAMES = ['canonical', 'trl'] as const

export type ProfileName = (typeof PROFILE_NAMES)[number]

export const PROFILES: Readonly<Record<ProfileName, Profile>> = { canonical, trl }
