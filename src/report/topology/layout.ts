import { groupBy } from '../../../records/group.js'
import { type Card, heightOf, lineMiddle, type PlacedCard } from './card.js'
import { domainCard, machineCard } from './cards.js'
import type { Link, MachineNode, Topology } from './graph.js'
import type { Metrics } from './metrics.js'

/** A link with its ends: on the edge of the domain's card, and on the edge of the machine's. */
export interface PlacedLink extends Link {
  /** The end with fewer links beside this one, where a sign is seen best; none where the domain itself comes or goes. */
  readonly sign: 'from' | 'to' | undefined
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly cards: readonly PlacedCard[]
  readonly links: readonly PlacedLink[]
}

/** Domains in a column on the left, machines on the right, each about where the domains are that use it. */
export function layOut(topology: Topology, metrics: Metrics): Layout {
  const { domains } = topology
  const users = usersOf(domains)
  const left = domains.map((domain, index) => domainCard(domain, index, metrics))
  const right = inOrderOf(users, topology).map((machine) => machineCard(machine, metrics))
  const height = Math.max(columnHeight(left, metrics), columnHeight(right, metrics))
  const domainCards = stacked(left, metrics, { x: 1, width: metrics.left, height }, () => undefined)
  const machineCards = stacked(
    right,
    metrics,
    { x: metrics.width - metrics.right - 1, width: metrics.right, height },
    ({ id }) => mean((users.get(id) ?? []).map((index) => middleOf(domainCards[index] as PlacedCard))),
  )
  const byId = new Map(machineCards.map((card) => [card.id, card]))
  const links = domains.flatMap(({ links, mark }, index) =>
    links.map((link): PlacedLink => {
      const card = domainCards[index] as PlacedCard
      const machine = byId.get(link.machine) as PlacedCard
      const siblings = links.filter(({ kind }) => kind === link.kind).length
      return {
        ...link,
        sign: mark === link.mark ? undefined : siblings < (users.get(link.machine)?.length ?? 0) ? 'from' : 'to',
        from: { x: card.x + card.width, y: portY(card, link.kind, metrics) },
        to: { x: machine.x, y: portY(machine, link.kind, metrics) },
      }
    }),
  )
  return { width: metrics.width, height: height + 2, cards: [...domainCards, ...machineCards], links }
}

/** The indexes of the domains that use each machine. */
function usersOf(domains: Topology['domains']): ReadonlyMap<string, readonly number[]> {
  const uses = domains.flatMap(({ links }, index) =>
    [...new Set(links.map(({ machine }) => machine))].map((machine) => ({ machine, index })),
  )
  return new Map(
    [...groupBy(uses, ({ machine }) => machine)].map(([machine, list]) => [machine, list.map(({ index }) => index)]),
  )
}

/** Machines in the order of their domains, those that go last. */
function inOrderOf(users: ReadonlyMap<string, readonly number[]>, { domains, machines }: Topology): MachineNode[] {
  const weighed = machines.map((machine) => {
    const weight = mean(users.get(machine.id) ?? []) ?? domains.length
    return { machine, weight: machine.mark === 'gone' ? weight + domains.length : weight }
  })
  return weighed.sort((a, b) => a.weight - b.weight).map(({ machine }) => machine)
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}

function middleOf({ y, height }: PlacedCard): number {
  return y + height / 2
}

function columnHeight(cards: readonly Card[], metrics: Metrics): number {
  return cards.reduce((sum, card) => sum + heightOf(card, metrics) + metrics.gap, metrics.gap)
}

/** Cards below each other, each with its middle as near to where it is wanted as the others let it; a column of which none is wanted anywhere is centred. */
function stacked(
  cards: readonly Card[],
  metrics: Metrics,
  { x, width, height }: { readonly x: number; readonly width: number; readonly height: number },
  wantedAt: (card: Card) => number | undefined,
): PlacedCard[] {
  const top = metrics.gap + (height - columnHeight(cards, metrics)) / 2
  let next = cards.some((card) => wantedAt(card) !== undefined) ? metrics.gap : top
  const placed = cards.map((card) => {
    const own = heightOf(card, metrics)
    const y = Math.max(next, (wantedAt(card) ?? next + own / 2) - own / 2)
    next = y + own + metrics.gap
    return { ...card, x, y, width, height: own }
  })
  let below = height
  return placed
    .reverse()
    .map((card) => {
      const y = Math.min(card.y, below - metrics.gap - card.height)
      below = y
      return { ...card, y }
    })
    .reverse()
}

function portY(card: PlacedCard, kind: Link['kind'], metrics: Metrics): number {
  return (
    card.y +
    lineMiddle(
      card.lines.findIndex(({ port }) => port === kind),
      metrics,
    )
  )
}
