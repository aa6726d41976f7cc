/**
 * The arithmetic of `capacity.md`: `node infra/capacity.mjs [contacts a second]` prints its tables. The inputs are
 * measured figures, each with the command that measures it; replace them when they change.
 */

const measured = {
  // CPU of one record of the mix, in µs: npm run bench -- journey, "journey CPU a record", the services' part shared out
  // by their CPU. Two slow cores (a system call takes a microsecond); a faster machine divides all of them alike.
  serviceCpu: { intake: 293, routing: 419, sla: 387, 'customer-360': 249, offers: 202 },
  databaseCpu: 1648,
  brokerCpu: 359,
  // .bench/journey-cost.md: one record of the mix. The write-ahead log is that of a short run after a checkpoint,
  // with a page image for most pages: a long run writes less.
  inBytes: 900,
  eventBytes: { intake: 1385, routing: 2452, sla: 991, 'customer-360': 2778, offers: 1135 },
  events: 6.6,
  inboxRows: 10.6,
  walBytes: 43_600,
  firstContacts: 0.7,
  // npm run bench -- growth: "a case takes … bytes". ASSUMED until a million cases were stored.
  caseBytes: 16_000,
};

const chosen = {
  /** Share of a machine that may be busy, so that one of three may fail and bursts are worked off. */
  busy: 0.5,
  /** Copies of every Kafka partition and of every database. */
  kafkaCopies: 3,
  databaseCopies: 2,
  kafkaHours: 24,
  inboxDays: 8,
  historyDays: 3,
  archiveAfterDays: 30,
  /** One PostgreSQL primary. */
  databaseCores: 32,
  walPerS: 400e6,
  /** One broker: what it takes in and gives out a second, replication included, and its disk. */
  brokerInPerS: 1.2e9,
  brokerOutPerS: 2.4e9,
  brokerDisk: 60e12,
};

/** Who reads whose topic: their number is the fan-out. */
const readers = { incoming: 1, intake: 4, routing: 3, sla: 3, 'customer-360': 4, offers: 1 };
/** A row of the inbox with its index entry; a row of the history beyond its event. */
const inboxRowBytes = 110;
const historyRowBytes = 120;

const rate = Number(process.argv[2] ?? 1_000_000);
const sum = (values) => Object.values(values).reduce((total, value) => total + value, 0);
const day = 86_400;
const up = (value) => Math.ceil(value).toLocaleString('en-US');
const size = (bytes) => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** at).toPrecision(3)} ${units[at]}`;
};

const published = sum(measured.eventBytes);
const intoKafka = rate * (measured.inBytes + published);
const outOfKafka =
  rate *
  (measured.inBytes * readers.incoming +
    Object.entries(measured.eventBytes).reduce((total, [name, bytes]) => total + bytes * readers[name], 0));
const replicas = Object.entries(measured.serviceCpu).map(([name, cpu]) => [name, (rate * cpu) / 1e6 / chosen.busy]);
const mostReplicas = Math.max(...replicas.map(([, count]) => count));
const byCpu = (rate * measured.databaseCpu) / 1e6 / (chosen.databaseCores * chosen.busy);
const byWal = (rate * measured.walBytes) / chosen.walPerS;
const kafkaDisk = intoKafka * chosen.kafkaCopies * chosen.kafkaHours * 3600;
const brokers = {
  'what comes in': (intoKafka * chosen.kafkaCopies) / chosen.brokerInPerS,
  'what goes out': (outOfKafka + intoKafka * (chosen.kafkaCopies - 1)) / chosen.brokerOutPerS,
  disk: kafkaDisk / (chosen.brokerDisk * 0.7),
};
const inbox = rate * measured.inboxRows * inboxRowBytes * day * chosen.inboxDays;
const history = rate * (published + measured.events * historyRowBytes) * day * chosen.historyDays;
const cases = rate * measured.firstContacts * measured.caseBytes * day;

const rows = [
  ['records a second', up(rate), ''],
  ...replicas.map(([name, count]) => [
    `replicas of ${name}`,
    up(count),
    'rate x CPU of a record / busy; one core each',
  ]),
  [
    'cores of services, databases, brokers',
    up((rate * (sum(measured.serviceCpu) + measured.databaseCpu + measured.brokerCpu)) / 1e6 / chosen.busy),
    'rate x all CPU of a record / busy',
  ],
  [
    'partitions of each topic',
    up(2 ** Math.ceil(Math.log2(mostReplicas * 2))),
    'twice the replicas, next power of two',
  ],
  ['database primaries, by CPU', up(byCpu), `rate x CPU of a record / (${chosen.databaseCores} cores x busy)`],
  [
    'database primaries, by write-ahead log',
    up(byWal),
    `rate x ${size(measured.walBytes)} / ${size(chosen.walPerS)} a second`,
  ],
  ['into Kafka', `${size(intoKafka)}/s`, 'rate x (bytes in + bytes published)'],
  ['out of Kafka to the services', `${size(outOfKafka)}/s`, 'each topic times its readers'],
  ...Object.entries(brokers).map(([why, count]) => [
    `brokers, by ${why}`,
    up(count),
    `${chosen.kafkaCopies} copies, ${chosen.kafkaHours} h kept`,
  ]),
  ['disk of Kafka', size(kafkaDisk), `into Kafka x ${chosen.kafkaCopies} x ${chosen.kafkaHours} h`],
  ['write-ahead log', `${size(rate * measured.walBytes)}/s`, 'rate x WAL of a record; as much again to every standby'],
  ['inboxes', size(inbox), `rows x ${inboxRowBytes} B x ${chosen.inboxDays} days`],
  ['histories', size(history), `(bytes published + ${historyRowBytes} B a row) x ${chosen.historyDays} days`],
  ['cases, a day', size(cases), 'first contacts x bytes of a case'],
  [
    `cases kept for ${chosen.archiveAfterDays} days, ${chosen.databaseCopies} copies`,
    size(cases * chosen.archiveAfterDays * chosen.databaseCopies),
    '',
  ],
];
const lines = ['| | | how |', '| --- | ---: | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)];
process.stdout.write(`${lines.join('\n')}\n`);
