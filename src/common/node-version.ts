/** `JSON.rawJSON` and what else the service relies on; it is tested on this version. */
const NEEDED_MAJOR_VERSION = 24;

/* Said before anything else is loaded, instead of a failure somewhere within. */
if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR_VERSION) {
  // eslint-disable-next-line no-console -- nothing else is loaded yet
  console.error(`The service needs Node ${NEEDED_MAJOR_VERSION} or newer, this is v${process.versions.node}`);
  process.exit(1);
}
