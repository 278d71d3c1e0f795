import metadata from '../../package.json' with { type: 'json' }

/** The version of this mailsync. */
export const version: string = metadata.version
