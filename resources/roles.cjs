// A plugin for the roles that serverless-iam-roles-per-function makes. It names them by stage, function and Region, which
// may be more than IAM's 64 characters: CloudFormation names them instead, as it does the other roles. And it leaves the
// role of the whole application behind, which no function has any more.
module.exports = class Roles {
  constructor(serverless) {
    const { service } = serverless;
    this.hooks = {
      'after:package:initialize': () => {
        for (const key of service.getAllFunctions())
          service.getFunction(key).iamRoleStatementsName = { Ref: 'AWS::NoValue' };
      },
      'before:aws:package:finalize:mergeCustomProviderResources': () => {
        delete service.provider.compiledCloudFormationTemplate.Resources.IamRoleLambdaExecution;
      },
    };
  }
};
