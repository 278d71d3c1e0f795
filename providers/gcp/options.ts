import { resolve } from 'node:path'
import * as z from 'zod'
import { MailsyncError } from '../../records/error.js'
import { assertInside } from '../files/inside.js'
import { readRegularFile } from '../files/read-file.js'
import type { ConnectContext, OptionDoc } from '../provider.js'

const schema = z
  .strictObject({
    key: z.string().min(1).optional(),
    key_file: z.string().min(1).optional(),
    project: z.string().min(1).optional(),
  })
  .refine(({ key, key_file }) => (key === undefined) !== (key_file === undefined), {
    path: ['key'],
    message: 'give the key of a service account, as key or as key_file',
  })

export type GcpOptions = z.output<typeof schema>

/** Throws a ZodError that names everything that is wrong, and never the key. */
export function parseOptions(input: unknown): GcpOptions {
  return schema.parse(input ?? {})
}

export const optionDocs: readonly OptionDoc[] = [
  {
    name: 'key',
    secret: true,
    usual: 'env/GOOGLE_CREDENTIALS',
    description: 'the key of a service account, the JSON itself; write env/NAME',
  },
  { name: 'key_file', description: 'or its file, relative to the spec' },
  { name: 'project', default: 'that of the key', description: 'the project that has the instances' },
]

/** The key of a service account, as Google gives it as JSON. */
export interface ServiceAccount {
  readonly client_email: string
  readonly private_key: string
  readonly project_id: string
}

const keySchema = z.object({ client_email: z.string(), private_key: z.string(), project_id: z.string() })
/** Octets of the largest key file. */
const KEY_LIMIT = 65_536

/** Reads the key of the options. Throws `authentication` for what is none, without its text. */
export function serviceAccount(
  { key, key_file }: GcpOptions,
  { directory, within }: Omit<ConnectContext, 'zones'>,
): ServiceAccount {
  const text = key ?? fileText(resolve(directory, key_file as string), within)
  try {
    return keySchema.parse(JSON.parse(text))
  } catch {
    throw new MailsyncError(
      'authentication',
      'what is given as the key is not the JSON key of a Google service account',
      {
        hint: 'make one under IAM > Service accounts > Keys; it has client_email, private_key and project_id',
      },
    )
  }
}

function fileText(path: string, within: string | undefined): string {
  if (within !== undefined) assertInside(within, path)
  return readRegularFile(path, KEY_LIMIT).toString()
}
