import { createProcessRuntime } from '#sandbox/containers/process-runtime.ts';

/** A sandbox of one container, for the test that kills it: prints the process ids of the container and its child. */
const [rootfs = ''] = process.argv.slice(2);
await createProcessRuntime().start({
  name: 'webapp',
  imageReference: 'webapp:1',
  image: {
    digest: 'sha256:0',
    sizeInBytes: 0,
    rootfs,
    config: {
      environment: {},
      workingDirectory: '/',
      entrypoint: [],
      command: [],
      exposedPorts: [],
      stopSignal: '',
    },
  },
  command: ['sh', '-c', 'sleep 60 & echo $$ $!; wait'],
  workingDirectory: '/',
  environment: {},
  onOutput: (line) => console.log(line),
});
setInterval(() => {}, 1000);
