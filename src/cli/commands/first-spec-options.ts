import type { Argv } from 'yargs'
import { RECEIVERS } from '../../init/told.js'
import { repeatable, resolverOption } from '../options.js'

/** Of `init`. */
export function initOptions(parser: Argv<{ config: string }>) {
  const repeated = (describe: string) => ({ ...repeatable, describe: `${describe} (repeatable)` })
  return parser
    .positional('domain', { type: 'string', describe: 'your mail domain, the part after the @' })
    .option('receives', { choices: RECEIVERS, describe: 'what receives its mail; default: as DNS has it' })
    .option(
      'sends',
      repeated(
        'what sends its mail: here, nothing, google, microsoft, sendgrid …, or a domain to include; default: as DNS has it',
      ),
    )
    .option('host', { type: 'string', describe: 'the name of your machine; default: of its MX, else mail.DOMAIN' })
    .option('address', repeated('its address'))
    .option('mx', repeated('a server elsewhere that receives'))
    .option('class', {
      type: 'string',
      describe: 'adapter of the provider that holds the zone; default: by its name servers',
    })
    .option('option', repeated('KEY=VALUE, an option of the adapter, as in a spec'))
    .option('zone', { alias: 'z', type: 'string', describe: 'the zone that holds the domain; default: as DNS has it' })
    .option('dns', { type: 'boolean', default: true, describe: 'look at DNS as it is; --no-dns for work offline' })
    .option('resolver', resolverOption('the resolver to ask'))
    .option('workflows', {
      type: 'boolean',
      describe: 'write the three workflows for GitHub too; --no-workflows does not ask',
    })
    .option('dry-run', { type: 'boolean', default: false, describe: 'print the spec, and write nothing' })
    .option('force', { type: 'boolean', default: false, describe: 'overwrite files that are there already' })
    .example('$0 init', 'asks everything')
    .example('$0 init example.com --dry-run', 'as DNS has it')
    .example(
      '$0 init example.com --receives here --address 192.0.2.10 --sends google --class rfc2136 --option host=192.0.2.53',
      'a mail server of your own that sends through Google',
    )
}

/** Of `import`. */
export function importOptions(parser: Argv<{ config: string }>) {
  return parser
    .positional('domain', {
      type: 'string',
      array: true,
      default: [],
      describe: 'mail domains, the part after the @; with --octodns by default all that have mail',
    })
    .option('class', { type: 'string', describe: 'adapter of the provider to read from; with --option. Default: yaml' })
    .option('option', { ...repeatable, describe: 'KEY=VALUE, an option of the adapter, as in a spec (repeatable)' })
    .option('provider', { type: 'string', describe: 'read from this provider of the spec in --config' })
    .option('zone-file', { ...repeatable, describe: 'read from a master file, or an octoDNS .yaml file (repeatable)' })
    .option('octodns', {
      type: 'string',
      describe:
        'take over the providers and zones of this octoDNS config, and read from the targets; classes without an adapter here become class: octodns',
    })
    .option('python', { type: 'string', describe: 'with --octodns: the interpreter that has octoDNS' })
    .option('zone', {
      alias: 'z',
      ...repeatable,
      describe: 'look in this zone too, where the provider cannot list them: a reverse zone (repeatable)',
    })
    .option('resolver', resolverOption('the resolver for public DNS, which is read where no source is named'))
    .option('out', { alias: 'o', type: 'string', describe: 'write the spec to this file instead of stdout' })
    .option('force', { type: 'boolean', default: false, describe: 'overwrite the file of --out' })
    .example('$0 import example.com', 'from public DNS: what has a name that can be guessed')
    .example(
      '$0 import example.com --class rfc2136 --option host=192.0.2.53 --option key_name=k --option key_secret=env/TSIG_SECRET',
      'from a DNS server',
    )
    .example('$0 import --octodns config/production.yaml --out mailsync.yaml', 'from what an octoDNS config manages')
    .example('$0 import example.com --zone-file db.example.com --out mailsync.yaml', 'from a master file')
}
