/** What keeps DKIM keys and tells their public halves. */
export const KEY_SOURCES = ['mailcow', 'mail-in-a-box', 'opendkim', 'rspamd', 'files'] as const

export type KeySourceClass = (typeof KEY_SOURCES)[number]

/** What each takes, besides its class. */
export const SOURCE_OPTIONS: Readonly<
  Record<KeySourceClass, { readonly required: readonly string[]; readonly optional: readonly string[] }>
> = {
  mailcow: { required: ['url', 'api_key'], optional: [] },
  'mail-in-a-box': { required: ['url', 'email', 'password'], optional: [] },
  opendkim: { required: [], optional: ['key_table'] },
  rspamd: { required: [], optional: ['path'] },
  files: { required: ['files'], optional: [] },
}

/** Options that are in no spec, but in the environment. */
export const SECRET_OPTIONS: readonly string[] = ['api_key', 'password']
