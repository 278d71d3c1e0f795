import type { Attempt } from '../http/attempts.js'
import { type Explain, notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { Listing } from '../http/listing.js'
import { itemsAt, member, textAt } from '../http/member.js'
import { urlOf } from '../http/request.js'

/** The calls that the adapter makes (cloud.google.com/compute/docs/reference/rest/v1, as known 2026-11). Each throws MailsyncError. */
export interface GcpApi {
  /** Every instance of the project, in all zones. */
  instances(signal: AbortSignal): Promise<readonly AccessConfig[]>
  /** The access configs of one instance; undefined where it is gone. */
  instance(ref: InstanceRef, signal: AbortSignal): Promise<readonly AccessConfig[] | undefined>
  updateAccessConfig(ref: AccessConfigRef, ptr: string | undefined, attempts: Attempt[]): Promise<Operation>
  operation(zone: string, name: string): Promise<Operation>
}

export interface InstanceRef {
  readonly zone: string
  readonly instance: string
}

/** What a PTR is a part of. */
export interface AccessConfigRef extends InstanceRef {
  readonly networkInterface: string
  readonly name: string
}

/** One external IPv4 address of an instance. */
export interface AccessConfig {
  readonly ref: AccessConfigRef
  readonly address: string
  readonly ptr: string | undefined
}

export interface Operation {
  readonly name: string
  readonly zone: string
  readonly isDone: boolean
  readonly problem: Problem | undefined
}

/** Connects without a call. `trying` is for tests. */
export function gcpApi(project: string, token: () => Promise<string>, trying: Trying = {}): GcpApi {
  const api = {
    who: 'Google Compute Engine',
    base: urlOf(new URL('https://compute.googleapis.com/compute/v1/projects'), { path: [project] }),
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    problemIn,
    explain,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  const operationIn = (body: unknown, zone: string): Operation => {
    const [name, status] = [textAt(body, 'name'), textAt(body, 'status')]
    if (name === undefined || status === undefined) throw notTheApi(api)
    return { name, zone, isDone: status === 'DONE', problem: operationProblem(body) }
  }
  return {
    instances: async (signal) => {
      const listing = new Listing<AccessConfig>(api.who)
      const doing = 'list the instances'
      for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
        const query = { maxResults: 500, returnPartialSuccess: 'false', ...(pageToken === '' ? {} : { pageToken }) }
        const { body } = await call({ doing, method: 'GET', path: ['aggregated', 'instances'], query, signal })
        const zones = member(body, 'items')
        if (textAt(body, 'kind') !== 'compute#instanceAggregatedList') throw notTheApi(api)
        listing.add(
          Object.entries(zones ?? {}).flatMap(([zone, scope]) =>
            itemsAt(scope, 'instances').flatMap((instance) => configsOf(instance, zone.replace('zones/', ''))),
          ),
        )
        pageToken = listing.next(member(body, 'nextPageToken'))
      }
      return listing.items
    },
    instance: async ({ zone, instance }, signal) => {
      try {
        const path = ['zones', zone, 'instances', instance]
        const { body } = await call({ doing: `show the instance ${instance}`, method: 'GET', path, signal })
        if (textAt(body, 'name') !== instance) throw notTheApi(api)
        return configsOf(body, zone)
      } catch (error) {
        if (refusalBehind(error as never)?.status === 404) return undefined
        throw error
      }
    },
    updateAccessConfig: async ({ zone, instance, networkInterface, name }, ptr, attempts) => {
      const set = ptr === undefined ? { setPublicPtr: false } : { setPublicPtr: true, publicPtrDomainName: ptr }
      const { body } = await call({
        doing: `${ptr === undefined ? 'reset' : 'set'} the PTR of the instance ${instance}`,
        method: 'POST',
        path: ['zones', zone, 'instances', instance, 'updateAccessConfig'],
        query: { networkInterface },
        body: { name, type: 'ONE_TO_ONE_NAT', ...set },
        attempts,
      })
      return operationIn(body, zone)
    },
    operation: async (zone, name) => {
      const doing = 'tell how far a change is'
      const { body } = await call({ doing, method: 'GET', path: ['zones', zone, 'operations', name] })
      return operationIn(body, zone)
    },
  }
}

function configsOf(instance: unknown, zone: string): AccessConfig[] {
  const name = textAt(instance, 'name') ?? ''
  return itemsAt(instance, 'networkInterfaces').flatMap((nic) =>
    itemsAt(nic, 'accessConfigs').flatMap((config): AccessConfig[] => {
      const [address, networkInterface, own] = [textAt(config, 'natIP'), textAt(nic, 'name'), textAt(config, 'name')]
      if (address === undefined || networkInterface === undefined || own === undefined) return []
      const ptr = member(config, 'setPublicPtr') === true ? textAt(config, 'publicPtrDomainName') : undefined
      return [{ ref: { zone, instance: name, networkInterface, name: own }, address, ptr }]
    }),
  )
}

/** `{ error: { code, message, errors: [{ reason }], status } }`. */
function problemIn(body: unknown, { status }: { readonly status: number }): Problem | undefined {
  const message = textAt(body, 'error', 'message')
  const code = textAt(body, 'error', 'errors', 0, 'reason') ?? textAt(body, 'error', 'status') ?? String(status)
  return message === undefined ? undefined : { code, message }
}

function operationProblem(body: unknown): Problem | undefined {
  const [error] = itemsAt(body, 'error', 'errors')
  if (error === undefined) return undefined
  return { code: textAt(error, 'code') ?? 'error', message: textAt(error, 'message') ?? 'no reason is given' }
}

const explain: Explain = ({ status, problem: { message } }, { doing }) => {
  if (/verify ownership/i.test(message))
    return {
      kind: 'permission',
      what: `Google does not ${doing}, as it has not seen who owns the domain`,
      hint: 'verify the domain in Search Console and add the service account as an owner there',
    }
  if (status === 403 && /quota|rate/i.test(message))
    return {
      kind: 'rate-limited',
      what: 'the rate limit of Google Compute Engine is reached',
      hint: 'try again in a minute',
    }
  return undefined
}
