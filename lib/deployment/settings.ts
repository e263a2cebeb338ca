import * as z from 'zod';
import { DeploymentError } from './errors.ts';

/** Service names are part of execution names (80 characters in all) and of table keys. */
export const ServiceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, 'lower-case letters, digits and -, at most 30');

const seconds = (fallback: number, most = 86_400) => z.number().int().min(1).max(most).default(fallback);

/** One entry of services.yml: all that Landfall has to know about a service. Durations are in seconds. */
export const ServiceSettings = z.strictObject({
  /** ECS cluster name. */
  cluster: z.string().min(1),
  /** ECS service name. */
  service: z.string().min(1),
  /** Where pushes come from: the repository that CodeBuild clones and the branch that deploys. */
  source: z
    .strictObject({
      location: z.string().min(1),
      branch: z.string().min(1).default('main'),
      /**
       * ARN of the CodeConnections connection that CodeBuild clones with and receives pushes over. Without it: the
       * credentials that the account has imported (`aws codebuild import-source-credentials`).
       */
      connection: z
        .string()
        .regex(
          /^arn:[\w-]+:(codeconnections|codestar-connections):[\w-]+:\d{12}:connection\/[\w-]+$/,
          'the ARN of a connection',
        )
        .optional(),
    })
    .optional(),
  /**
   * true: a ref may be a pull request's (`refs/pull/7/head`). Whoever may open one decides what is in it, and deploying
   * it builds and runs that with the service's roles. Left out: such a ref is refused.
   */
  allowPullRequests: z.boolean().optional(),
  /** Task definition family; the entry's own name where it is left out. The functions may touch no other. */
  family: z.string().min(1).optional(),
  /** ECR repository name of the image. */
  repository: z.string().min(1),
  /**
   * false: the repository is there already (made by hand, by another stage of this account, or by a stack that has been
   * removed), and the stack neither creates nor configures it.
   */
  createRepository: z.boolean().optional(),
  /** The container that gets the image where no container of the template is tagged LAST_COMMIT. */
  container: z.string().min(1),
  /** Paths inside the application's repository. */
  taskDefinition: z.string().min(1),
  serviceDefinition: z.string().min(1),
  migration: z
    .strictObject({
      overrides: z.string().min(1),
      when: z.enum(['before', 'after', 'never']).default('before'),
      /** Past this the migration task is stopped. */
      timeoutSeconds: seconds(900),
      /** false: the old code cannot run on the new schema, so a failed rollout is not rolled back. */
      backwardCompatible: z.boolean().default(true),
    })
    .optional(),
  rollout: z
    .strictObject({
      timeoutSeconds: seconds(1800),
      /** So many stopped new tasks are a crash loop. */
      crashes: z.number().int().min(1).max(100).default(3),
      /** So many placement failures are told as one. */
      placementFailures: z.number().int().min(1).max(100).default(1),
    })
    .prefault({}),
  health: z
    .strictObject({
      /** false where the functions cannot reach the load balancer (an internal one): targets alone decide. */
      probe: z.boolean().default(true),
      /**
       * Where clients reach the service: `https://webapp.example.com`. Without it the load balancer's own DNS name is
       * asked, which behind HTTPS does not match the certificate.
       */
      url: z.url({ protocol: /^https?$/ }).optional(),
      path: z.string().startsWith('/').default('/'),
      /** The status that the probe has to answer. */
      status: z.number().int().min(100).max(599).default(200),
      /** So many healthy looks in a row. */
      consecutive: z.number().int().min(1).max(20).default(3),
      intervalSeconds: seconds(5, 300),
      /** A slower answer counts as unhealthy. */
      probeTimeoutSeconds: seconds(5, 20),
      timeoutSeconds: seconds(300),
    })
    .prefault({}),
  /**
   * The CloudWatch group that containers without a log configuration write to, because it is the default of the
   * instances' Docker daemon (log-driver awslogs: a stream for each container id). The functions may read this group
   * and those under /ecs/.
   */
  logGroup: z
    .string()
    .regex(/^[\w./#-]{1,512}$/)
    .optional(),
  rollback: z.enum(['automatic', 'manual']).default('automatic'),
  /** What a second deployment does while one is running. */
  concurrency: z.enum(['queue', 'reject']).default('queue'),
  /** So long the record of a deployment, with its steps, is kept; Step Functions forgets its execution after 90 days. */
  history: z.strictObject({ days: z.number().int().min(1).max(3650).default(400) }).prefault({}),
  /** Tells GitHub how the deployment of a commit ended; the secret in Secrets Manager holds nothing but a token. */
  github: z
    .strictObject({
      repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
      tokenSecret: z.string().regex(/^[\w/+=.@-]{1,512}$/),
    })
    .optional(),
  /** Names of the roles that task definitions and the service template may name; nothing else can be passed. */
  roles: z.array(z.string().regex(/^[\w+=,.@/-]{1,512}$/)).default([]),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;

export const Services = z.record(ServiceName, ServiceSettings);
export type Services = z.infer<typeof Services>;

/** Checks the parsed content of services.yml. Fails with InvalidConfiguration. */
export function parseServices(content: unknown): Services {
  const parsed = Services.safeParse(content);
  if (!parsed.success) throw new DeploymentError('InvalidConfiguration', z.prettifyError(parsed.error));
  return parsed.data;
}

/** The settings of one service. Fails with UnknownService, without the names of others: the caller may know this one only. */
export function settingsOf(services: Services, name: string): ServiceSettings {
  const settings = Object.hasOwn(services, name) ? services[name] : undefined;
  if (settings === undefined) throw new DeploymentError('UnknownService', `"${name}" is not in services.yml`);
  return settings;
}
