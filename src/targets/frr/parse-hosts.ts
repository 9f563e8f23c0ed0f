/** The commands of an interface that advertises its router, and of the BFD profiles. */
import { always, block, type Command, type OpenBlock, says } from '../commands.ts'
import { type Draft, type DraftTree, departs } from './draft.ts'
import { DEFAULT_BFD_INTERVAL, DEFAULT_BFD_MULTIPLIER, DEFAULT_RA_INTERVAL, type FrrBfdProfile, type FrrInterface } from './tree.ts'

const raInterface: readonly Command<Draft<FrrInterface>>[] = [
  says('ipv6 nd managed-config-flag', 0, (one) => {
    one.managedConfig = true
  }),
  says('ipv6 nd other-config-flag', 0, (one) => {
    one.otherConfig = true
  }),
  { pattern: 'ipv6 nd prefix PREFIX6', times: 1, set: (one, prefix) => enterRaPrefix(one, prefix!, true) },
  { pattern: 'ipv6 nd prefix PREFIX6 no-autoconfig', times: 1, set: (one, prefix) => enterRaPrefix(one, prefix!, false) },
  departs('ipv6 nd ra-interval NUMBER', DEFAULT_RA_INTERVAL, (one, seconds) => {
    one.raInterval = seconds
  }),
  says('ipv6 nd ra-lifetime NUMBER', 'always', (one, seconds) => {
    one.raLifetime = Number(seconds)
  }),
  says('ipv6 nd rdnss IP6', 1, ({ resolvers }, address) => resolvers.push(address!)),
  {
    pattern: 'ipv6 nd router-preference WORD',
    times: 0,
    set: (one, preference) => {
      if (preference !== 'high' && preference !== 'low') return false
      one.preference = preference
      return undefined
    },
  },
  always('no ipv6 nd suppress-ra'),
]

function enterRaPrefix({ prefixes }: Draft<FrrInterface>, prefix: string, autonomous: boolean): undefined | false {
  if (prefixes.some((other) => other.prefix === prefix)) return false
  prefixes.push({ prefix, autonomous })
  return undefined
}

/** Opens `interface NAME`. */
export function openInterface({ interfaces }: DraftTree, name: string): OpenBlock {
  const draft: Draft<FrrInterface> = {
    name,
    raInterval: DEFAULT_RA_INTERVAL,
    raLifetime: 0,
    managedConfig: false,
    otherConfig: false,
    preference: 'medium',
    prefixes: [],
    resolvers: [],
    why: [],
  }
  interfaces.push(draft)
  return block({ draft, commands: raInterface, end: 'exit' })
}

const bfdProfile: readonly Command<Draft<FrrBfdProfile>>[] = [
  departs('detect-multiplier NUMBER', DEFAULT_BFD_MULTIPLIER, (profile, packets) => {
    profile.detectMultiplier = packets
  }),
  departs('transmit-interval NUMBER', DEFAULT_BFD_INTERVAL, (profile, milliseconds) => {
    profile.transmitInterval = milliseconds
  }),
  departs('receive-interval NUMBER', DEFAULT_BFD_INTERVAL, (profile, milliseconds) => {
    profile.receiveInterval = milliseconds
  }),
]

/** Opens `bfd`. */
export function openBfd(draft: DraftTree): OpenBlock {
  return block({ draft, commands: [{ pattern: 'profile WORD', times: 1, set: (tree, name) => openBfdProfile(tree, name!) }], end: 'exit' })
}

function openBfdProfile({ bfdProfiles }: DraftTree, name: string): OpenBlock {
  const draft: Draft<FrrBfdProfile> = {
    name,
    detectMultiplier: DEFAULT_BFD_MULTIPLIER,
    transmitInterval: DEFAULT_BFD_INTERVAL,
    receiveInterval: DEFAULT_BFD_INTERVAL,
    why: [],
  }
  bfdProfiles.push(draft)
  return block({ draft, commands: bfdProfile, end: 'exit' })
}
