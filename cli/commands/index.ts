import { abort } from './abort.ts';
import type { Register } from './command.ts';
import { deploy } from './deploy.ts';
import { diff } from './diff.ts';
import { freeze } from './freeze.ts';
import { history } from './history.ts';
import { logs } from './logs.ts';
import { open } from './open.ts';
import { redrive } from './redrive.ts';
import { rollback } from './rollback.ts';
import { services } from './services.ts';
import { status } from './status.ts';
import { unfreeze } from './unfreeze.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';

/** In the order in which --help lists them. */
export const commands: Register[] = [
  services,
  status,
  deploy,
  watch,
  history,
  diff,
  verify,
  rollback,
  redrive,
  abort,
  freeze,
  unfreeze,
  logs,
  open,
];
