import nock, { type ReplyFnResult } from 'nock'

/** One request that arrived. */
export interface Call {
  readonly action: string
  readonly form: URLSearchParams
}

/** What goes wrong with a request: before EC2 acts on it, or after. */
export interface Fault {
  readonly when: 'before' | 'after'
  readonly reply: 'cut' | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
}

export function ec2Error(status: number, code: string, message: string, headers = {}): Fault {
  return { when: 'before', reply: { status, body: errorBody(code, message), headers } }
}

type Tags = Readonly<Record<string, string>>

/** An instance with one network interface. */
export interface FakeInstance {
  readonly id: string
  state: 'pending' | 'running' | 'stopping' | 'stopped' | 'terminated'
  readonly tags: Tags
  /** Public IPv4 addresses; the first is that of the instance. */
  four: string[]
  six: string[]
}

interface ElasticIp {
  readonly tags: Tags
  readonly allocationId: string
  ptr: string | undefined
  update: { value: string; status: string; reason: string; polls: number } | undefined
}

const XML = { 'content-type': 'text/xml;charset=UTF-8' }

/**
 * Elastic IPs of one region as the EC2 API Reference describes them (2016-11-15, read 2026-11): a PTR is set once its name
 * leads to the address, and is PENDING for some looks; an address whose PTR nobody set is not in DescribeAddressesAttribute.
 */
export class Ec2Fake {
  readonly calls: Call[] = []
  readonly addresses = new Map<string, ElasticIp>()
  readonly instances: FakeInstance[] = []
  readonly natGateways: { readonly tags: Tags; readonly state: string; readonly addresses: readonly string[] }[] = []
  /** Names that lead to an address, without the dot; undefined: every name does. */
  forward: Map<string, string> | undefined
  /** Looks until an update has ended. */
  polls = 0
  /** Why the next update fails at its end. */
  failing: string | undefined
  /** Entries on a page of what has pages. */
  pageSize = 1000
  /** Consulted for every request, the first being number 1. */
  fault: (call: Call, number: number) => Fault | undefined = () => undefined

  constructor(region = 'eu-west-1') {
    nock.disableNetConnect()
    nock(`https://ec2.${region}.amazonaws.com`)
      .persist()
      .post('/')
      .reply((_, body, callback) => this.#receive(String(body), callback))
  }

  close(): void {
    nock.cleanAll()
    nock.enableNetConnect()
  }

  add(address: string, ptr?: string, tags: Tags = {}): void {
    const allocationId = `eipalloc-${String(this.addresses.size + 1).padStart(17, '0')}`
    this.addresses.set(address, { allocationId, tags, ptr, update: undefined })
  }

  /** Somebody else's edit. */
  put(address: string, ptr: string | undefined): void {
    const found = this.addresses.get(address)
    if (found) Object.assign(found, { ptr, update: undefined })
  }

  actions(): string[] {
    return this.calls.map(({ action }) => action)
  }

  #receive(body: string, callback: (error: Error | null, reply: ReplyFnResult) => void): void {
    const form = new URLSearchParams(body)
    const call = { action: form.get('Action') ?? '', form }
    this.calls.push(call)
    const fault = this.fault(call, this.calls.length)
    const answer = fault?.when === 'before' ? undefined : this.#answer(call)
    if (fault?.reply === 'cut') callback(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), [0])
    else if (fault) callback(null, [fault.reply.status, fault.reply.body, { ...XML, ...fault.reply.headers }])
    else if (answer) callback(null, [answer.status, answer.body, XML])
  }

  #answer({ action, form }: Call): { status: number; body: string } {
    if (action === 'DescribeAddresses') return ok(action, this.#describe(form))
    if (action === 'DescribeAddressesAttribute') return this.#attributes(form)
    if (action === 'DescribeInstances') return ok(action, this.#instances(form))
    if (action === 'DescribeNatGateways') return ok(action, this.#natGateways(form))
    const found = [...this.addresses].find(([, { allocationId }]) => allocationId === form.get('AllocationId'))
    if (!found)
      return refusal('InvalidAllocationID.NotFound', `The allocation ID '${form.get('AllocationId')}' does not exist`)
    const [address, ip] = found
    const value = action === 'ModifyAddressAttribute' ? `${form.get('DomainName')}.` : ''
    if (ip.update?.status === 'PENDING') return refusal('IncorrectState', 'An update of the address is in progress')
    if (value !== '' && this.forward && this.forward.get(value.slice(0, -1)) !== address)
      return refusal(
        'InvalidParameterValue',
        `The domain name does not have a matching forward DNS record for ${address}`,
      )
    ip.update = { value, status: 'PENDING', reason: '', polls: this.polls }
    if (this.polls === 0) this.#settle(ip)
    return ok(action, `<address>${this.#attribute(address, ip)}</address>`)
  }

  #settle(ip: ElasticIp): void {
    const { update } = ip
    if (update?.status !== 'PENDING') return
    if (update.polls-- > 0) return
    const reason = this.failing
    this.failing = undefined
    if (reason !== undefined) Object.assign(update, { status: 'FAILED', reason })
    else {
      ip.ptr = update.value === '' ? undefined : update.value
      ip.update = undefined
    }
  }

  #describe(form: URLSearchParams): string {
    const isWanted = filterOf(form)
    const items = [...this.addresses].filter(([address, { tags }]) => isWanted({ 'public-ip': address }, tags))
    return `<addressesSet>${items
      .map(([address, { allocationId }]) =>
        item(`<publicIp>${address}</publicIp><allocationId>${allocationId}</allocationId>`),
      )
      .join('')}</addressesSet>`
  }

  #instances(form: URLSearchParams): string {
    const isWanted = filterOf(form)
    const found = this.instances.filter(({ state, tags }) => isWanted({ 'instance-state-name': state }, tags))
    const { page, next } = this.#page(found, form)
    const reservations = page.map(({ id, state, four, six }) => {
      const first = four[0] === undefined ? '' : `<ipAddress>${four[0]}</ipAddress>`
      const own = four.map((address) => item(`<association><publicIp>${address}</publicIp></association>`)).join('')
      const others = six.map((address) => item(`<ipv6Address>${address}</ipv6Address>`)).join('')
      const network = `<networkInterfaceSet>${item(`<privateIpAddressesSet>${own}</privateIpAddressesSet><ipv6AddressesSet>${others}</ipv6AddressesSet>`)}</networkInterfaceSet>`
      const instance = `<instanceId>${id}</instanceId><instanceState><code>16</code><name>${state}</name></instanceState>${first}${network}`
      return item(`<instancesSet>${item(instance)}</instancesSet>`)
    })
    return `<reservationSet>${reservations.join('')}</reservationSet>${next}`
  }

  #natGateways(form: URLSearchParams): string {
    const isWanted = filterOf(form)
    const found = this.natGateways.filter(({ state, tags }) => isWanted({ state }, tags))
    const { page, next } = this.#page(found, form)
    const items = page.map(({ addresses }) => {
      const own = addresses.map((address) => item(`<publicIp>${address}</publicIp>`)).join('')
      return item(`<natGatewayAddressSet>${own}</natGatewayAddressSet>`)
    })
    return `<natGatewaySet>${items.join('')}</natGatewaySet>${next}`
  }

  #page<T>(items: readonly T[], form: URLSearchParams): { readonly page: readonly T[]; readonly next: string } {
    const from = Number(form.get('NextToken') ?? 0)
    const to = from + this.pageSize
    return { page: items.slice(from, to), next: to < items.length ? `<nextToken>${to}</nextToken>` : '' }
  }

  #attributes(form: URLSearchParams): { status: number; body: string } {
    const ids = listed(form, 'AllocationId')
    const unknown = ids.find((id) => ![...this.addresses.values()].some((one) => one.allocationId === id))
    if (unknown) return refusal('InvalidAllocationID.NotFound', `The allocation ID '${unknown}' does not exist`)
    const chosen = [...this.addresses].filter(([, { allocationId }]) => ids.includes(allocationId))
    for (const [, ip] of chosen) this.#settle(ip)
    const set = chosen.filter(([, { ptr, update }]) => ptr !== undefined || update !== undefined)
    const { page, next } = this.#page(set, form)
    const items = page.map(([address, ip]) => item(this.#attribute(address, ip))).join('')
    return ok('DescribeAddressesAttribute', `<addressSet>${items}</addressSet>${next}`)
  }

  #attribute(address: string, { allocationId, ptr, update }: ElasticIp): string {
    const record = ptr === undefined ? '' : `<ptrRecord>${ptr}</ptrRecord>`
    const pending = update
      ? `<ptrRecordUpdate><value>${update.value}</value><status>${update.status}</status><reason>${update.reason}</reason></ptrRecordUpdate>`
      : ''
    return `<publicIp>${address}</publicIp><allocationId>${allocationId}</allocationId>${record}${pending}`
  }
}

/** What the filters of a request let through: by the facts of a thing, or by its tags. */
function filterOf(form: URLSearchParams): (facts: Readonly<Record<string, string>>, tags: Tags) => boolean {
  const names = [...form].filter(([key]) => /^Filter\.\d+\.Name$/.test(key))
  if (names.length === 0) throw new Error('no filter')
  return (facts, tags) =>
    names.every(([key, name]) => {
      const values = listed(form, key.replace(/Name$/, 'Value'))
      const value = name.startsWith('tag:') ? tags[name.slice('tag:'.length)] : facts[name]
      return value !== undefined && values.includes(value)
    })
}

function listed(form: URLSearchParams, key: string): string[] {
  return [...form].filter(([name]) => name.startsWith(`${key}.`)).map(([, value]) => value)
}

function item(content: string): string {
  return `<item>${content}</item>`
}

function ok(action: string, content: string): { status: number; body: string } {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>8a1c</requestId>${content}</${action}Response>`
  return { status: 200, body }
}

function refusal(code: string, message: string): { status: number; body: string } {
  return { status: 400, body: errorBody(code, message) }
}

function errorBody(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>8a1c</RequestID></Response>`
}
