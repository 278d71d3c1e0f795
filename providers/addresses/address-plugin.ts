import { type Pause, pause } from '../http/waiting.js'
import type { AddressOwnerPlugin, ConnectContext, ProviderPlugin } from '../provider.js'
import { type AddressSource, connectAddresses } from './connect-addresses.js'
import { addressLimits, addressTraits, rejectsAtAddress } from './traits.js'

/** What is peculiar to one address owner. */
interface AddressOwner<Options, Ref>
  extends Pick<ProviderPlugin<Options>, 'description' | 'permissions' | 'limits' | 'exceptions'> {
  readonly needsForward?: boolean
  /** Why it has no PTR for IPv6 addresses, or not for each one of a network. */
  readonly notEachIpv6?: string
  source(options: Options, wait: Pause, context: ConnectContext): AddressSource<Ref> | Promise<AddressSource<Ref>>
}

/** The adapter of an address owner. */
export function addressPlugin<Options, Ref>({
  type,
  optionDocs,
  options,
  ...owner
}: AddressOwner<Options, Ref> &
  Pick<ProviderPlugin<Options>, 'type' | 'optionDocs' | 'options'>): ProviderPlugin<Options> {
  return { type, optionDocs, options, ...addressSide(owner) }
}

/** An address owner as the other side of a provider that has zones. */
export function addressSide<Options, Ref>({
  needsForward = false,
  notEachIpv6,
  source,
  limits = [],
  exceptions,
  ...words
}: AddressOwner<Options, Ref>): AddressOwnerPlugin<Options> {
  const skip = notEachIpv6 === undefined ? {} : { [ONE_OF_A_NETWORK]: notEachIpv6 }
  return {
    ...words,
    limits: [...addressLimits, ...limits],
    traits: { ...addressTraits, ...(needsForward && { needsForward }) },
    exceptions: { ...exceptions, skip: { ...exceptions?.skip, ...skip } },
    rejects: rejectsAtAddress,
    connect: async (options, context) => connectAddresses(await source(options, pause, context)),
  }
}

/** The case of the conformance suite that needs PTRs of the addresses of an IPv6 network. */
const ONE_OF_A_NETWORK = 'the PTR of one IPv6 address of a network is set, changed and given back'
