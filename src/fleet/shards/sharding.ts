import type { Compiled } from '../../../records/compile.js'
import type { Name } from '../../../records/rr/name.js'
import { jumpHash } from './jump-hash.js'
import { zoneGroups } from './zone-groups.js'
import { type ZoneLinks, zoneLinks } from './zone-links.js'

/** How the zones of a spec are dealt out. */
export interface Sharding {
  /** The shard that a zone is in, from 1. */
  shardOf(zone: Name): number
  readonly links: ZoneLinks
}

/**
 * Deals zones out by their names, those of one group together, so that one more zone moves no other, and one more shard
 * moves few.
 *
 * @param declared what the spec means before DNS is looked at, so that every process deals out in the same way
 */
export function sharding(declared: Compiled, count: number): Sharding {
  const links = zoneLinks(declared)
  const anchorOf = zoneGroups(links)
  const known = new Map<Name, number>()
  const shardOf = (zone: Name): number => {
    const shard = known.get(zone) ?? jumpHash(anchorOf(links.wholeOf(zone)), count) + 1
    known.set(zone, shard)
    return shard
  }
  return { shardOf, links }
}
