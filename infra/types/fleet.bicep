metadata description = 'Types of update strategies and auto-upgrade profiles, with the rules that Fleet has for them (API 2026-06-01).'

@export()
@description('Name of a strategy, stage, group or profile: lower-case letters, digits and hyphens; a letter or digit at both ends.')
@minLength(1)
@maxLength(50)
type resourceName = string

@export()
@description('A gate: the run waits until someone approves it.')
@sealed()
type approvalGate = {
  @description('What an approver reads.')
  @minLength(1)
  @maxLength(100)
  displayName: string

  @description('The only type of gate that Fleet has.')
  type: 'Approval'
}

@export()
@description('The members of one group, within a stage. They are upgraded one at a time unless maxConcurrency says otherwise.')
@sealed()
type updateGroup = {
  @description('The group that members of the fleet belong to.')
  name: resourceName

  @description('How many members at a time: a number from 1, or a share such as 25%.')
  maxConcurrency: string?

  @description('Gates before the group.')
  beforeGates: approvalGate[]?

  @description('Gates after the group.')
  afterGates: approvalGate[]?
}

@export()
@description('Groups that are upgraded in parallel. The next stage starts when all of them have finished.')
@sealed()
type updateStage = {
  @description('Unique within the strategy.')
  name: resourceName

  @description('A group can be in one stage of a strategy only.')
  @minLength(1)
  @maxLength(50)
  groups: updateGroup[]

  @description('Time to wait before the next stage, in seconds.')
  @minValue(0)
  afterStageWaitInSeconds: int?

  @description('How many members of the stage at a time: a number from 1 to 50, or a share such as 25%.')
  maxConcurrency: string?

  @description('Gates before the stage.')
  beforeGates: approvalGate[]?

  @description('Gates after the stage.')
  afterGates: approvalGate[]?
}

@export()
@description('An update strategy: stages, one after the other.')
@sealed()
type updateStrategy = {
  @description('Unique within the fleet.')
  name: resourceName

  @description('The stages, in their order.')
  @minLength(1)
  stages: updateStage[]
}

@description('Which node images a run installs: the newest of each region, or the newest that all regions have.')
type nodeImageSelection = 'Latest' | 'Consistent'

@description('Follows the second newest minor version of Kubernetes.')
@sealed()
type stableProfile = {
  name: resourceName
  channel: 'Stable'

  @description('Name of an update strategy; without one all members are upgraded one by one.')
  strategy: resourceName?

  nodeImageSelection: nodeImageSelection?

  @description('If true, the profile generates no new update runs. Runs in progress continue.')
  disabled: bool?
}

// SecurityPatch is a channel of API 2026-06-02-preview alone
@description('Follows the newest minor version of Kubernetes.')
@sealed()
type rapidProfile = {
  name: resourceName
  channel: 'Rapid'

  @description('Name of an update strategy; without one all members are upgraded one by one.')
  strategy: resourceName?

  nodeImageSelection: nodeImageSelection?

  @description('If true, the profile generates no new update runs. Runs in progress continue.')
  disabled: bool?
}

@description('Follows node images only, always consistent ones: a nodeImageSelection must be omitted.')
@sealed()
type nodeImageProfile = {
  name: resourceName
  channel: 'NodeImage'

  @description('Name of an update strategy; without one all members are upgraded one by one.')
  strategy: resourceName?

  @description('If true, the profile generates no new update runs. Runs in progress continue.')
  disabled: bool?
}

@description('Follows the patch versions of one minor version of Kubernetes.')
@sealed()
type targetKubernetesVersionProfile = {
  name: resourceName
  channel: 'TargetKubernetesVersion'

  @description('A minor version, such as 1.33.')
  targetKubernetesVersion: string

  @description('If true, the profile also follows versions that have long-term support only.')
  longTermSupport: bool?

  @description('Name of an update strategy; without one all members are upgraded one by one.')
  strategy: resourceName?

  nodeImageSelection: nodeImageSelection?

  @description('If true, the profile generates no new update runs. Runs in progress continue.')
  disabled: bool?
}

@export()
@description('An auto-upgrade profile. The channel decides which other properties it can have.')
@discriminator('channel')
type autoUpgradeProfile = stableProfile | rapidProfile | nodeImageProfile | targetKubernetesVersionProfile
