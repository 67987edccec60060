import { boolean, matching, text, wholeNumber } from './setting-types.js';
import { awsName, milliseconds, requiredWith } from './setting-kinds.js';
import { optional, setting, type Settings } from './setting.js';

const task = (name: string, key: string) => `oppijanumerorekisteri.tasks.${name}.${key}`;

const bucket = (name: string, key: string, description: string, isUsed: string) =>
  optional({
    names: [task(name, key)],
    type: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket of S3'),
    required: requiredWith(isUsed),
    description,
  });

const enabled = (name: string, job: string) =>
  setting({ names: [task(name, 'enabled')], type: boolean, fallback: false, description: `\`${job}\`` });

const testEnvironmentOnly = (name: string, job: string) => ({
  ...enabled(name, job),
  description: `\`${job}\`; in production it runs only where \`ENV\` names a test environment (ADR 132)`,
});

const copyToLampi = task('export', 'copy-to-lampi');

export const EXPORT_SETTINGS = {
  export: {
    enabled: enabled('export', 'Export'),
    bucketName: bucket('export', 'bucket-name', 'bucket of `Export`', task('export', 'enabled')),
    copyToLampi: setting({
      names: [copyToLampi],
      type: boolean,
      fallback: false,
      description: '`Export` copies its files to the data lake',
    }),
    lampiBucketName: bucket('export', 'lampi-bucket-name', 'bucket of the data lake', copyToLampi),
    lampiRoleArn: awsName('iam', {
      names: [task('export', 'lampi-role-arn')],
      required: requiredWith(copyToLampi),
      description: 'role that writes to the data lake',
    }),
    lampiExternalId: optional({
      names: [task('export', 'lampi-external-id')],
      type: text,
      description: 'external id of that role',
    }),
  },
  henkiloExport: {
    enabled: enabled('henkilo-export', 'HenkiloExport'),
    bucketName: bucket('henkilo-export', 'bucket-name', 'bucket of `HenkiloExport`', task('henkilo-export', 'enabled')),
    kmsKeyArn: awsName('kms', {
      names: [task('henkilo-export', 'kms-key-arn')],
      description: 'key that its files are encrypted with',
    }),
  },
  datantuontiExport: {
    enabled: enabled('datantuonti.export', 'DatantuontiExport'),
    bucketName: bucket(
      'datantuonti.export',
      'bucket-name',
      'bucket of `DatantuontiExport`',
      task('datantuonti.export', 'enabled'),
    ),
    kmsKeyArn: awsName('kms', {
      names: [task('datantuonti.export', 'encryption-key-arn')],
      description: 'key that its files are encrypted with',
    }),
  },
  datantuontiImport: {
    enabled: testEnvironmentOnly('datantuonti.import', 'DatantuontiImport'),
    bucketName: bucket(
      'datantuonti.import',
      'bucket-name',
      'bucket that `DatantuontiImport` reads',
      task('datantuonti.import', 'enabled'),
    ),
  },
  testidatantuontiImport: { enabled: testEnvironmentOnly('testidatantuonti.import', 'TestidatantuontiImport') },
  koskiDatantuonninMuokkaus: {
    enabled: testEnvironmentOnly('koski-datantuonnin-muokkaus', 'KoskiDatantuonninMuokkaus'),
  },
  exportMegabytesPerSecond: setting({
    names: ['ONR_EXPORT_MB_PER_SECOND'],
    type: wholeNumber(1, 1000),
    fallback: 30,
    description:
      'exports write no more than so many megabytes a second, so that requests have the machine too; a million persons are 3 000 MB',
  }),
  exportMegabytesPerSecondBesideRequests: setting({
    names: ['ONR_EXPORT_MB_PER_SECOND_BESIDE_REQUESTS'],
    type: wholeNumber(1, 1000),
    fallback: 5,
    description:
      'the same while requests come to the process that exports, but for no longer than half of `ONR_EXPORT_SNAPSHOT_MS`',
  }),
  /** Of the snapshot that an export reads while it writes to S3. */
  exportSnapshotMs: milliseconds(1_000, 14_400_000, {
    names: ['ONR_EXPORT_SNAPSHOT_MS'],
    fallback: 1_800_000,
    description: 'an export whose files are not written by then fails: the database keeps dead rows for as long',
  }),
  /** The default is a part at 90 kB a second. */
  objectStorageTimeoutMs: milliseconds(1_000, 600_000, {
    names: ['ONR_OBJECT_STORAGE_TIMEOUT_MS'],
    fallback: 60_000,
    description:
      'a call to S3 that is not answered by then fails at the third try, an answer that stops for as long at once',
  }),
} as const satisfies Settings;
