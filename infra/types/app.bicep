metadata description = 'Types of the parameters of the app and its resources.'

@export()
@description('Tags of a resource: text by name.')
type tagMap = { *: string }

@export()
@description('When the timers of the app run: NCRONTAB with six fields, UTC. The defaults are in main.bicep.')
@sealed()
type scheduleOptions = {
  @description('Detection of new releases.')
  detect: string?

  @description('Evaluation of all profiles, regardless of events.')
  reconcile: string?

  @description('Check of the update runs in progress.')
  watch: string?
}

@export()
@description('Schedules with every default filled in.')
type schedules = {
  @description('Detection of new releases.')
  detect: string

  @description('Evaluation of all profiles, regardless of events.')
  reconcile: string

  @description('Check of the update runs in progress.')
  watch: string
}

@export()
@description('Policies for fleets whose tags set none. A policy that is absent has the default of the app: docs/configuration.md.')
@sealed()
type policies = {
  @description('In how many regions of the profile a version must be offered.')
  regions: ('common' | 'any')?

  @description('How long a release must have been available: an ISO 8601 duration of up to 365 days.')
  soak: string?

  @description('Days without new runs: none, or date ranges such as 2026-12-15/2027-01-05, separated by commas.')
  freeze: string?

  @description('What a newer target does while a run of the profile is unfinished.')
  activeRun: ('wait' | 'replace' | 'ignore')?

  @description('What happens to clusters that are stopped.')
  stoppedClusters: ('skip' | 'fail')?

  @description('What happens, after the wait, to clusters that are busy: skipped and caught up, or upgraded.')
  busyClusters: ('skip' | 'upgrade')?

  @description('How long a run waits for busy clusters: an ISO 8601 duration of up to 30 days.')
  busyWait: string?

  @description('What happens to clusters more than one minor version behind.')
  catchUp: ('off' | 'stepwise')?

  @description('Whether control planes and nodes have a run each.')
  split: ('off' | 'control-plane-first')?

  @description('How often a failed run is restarted.')
  @minValue(0)
  @maxValue(10)
  retry: int?

  @description('Whether the app starts the runs that it generates.')
  start: ('auto' | 'manual')?

  @description('Whether the app composes a run, or Fleet Manager generates it.')
  generator: ('compose' | 'native')?
}

@export()
@description('A user-assigned managed identity.')
type managedIdentity = {
  @description('Resource id.')
  id: string

  @description('Client id, by which code asks for a token.')
  clientId: string

  @description('Object id, to which roles are assigned.')
  principalId: string
}

@export()
@description('Endpoints of a storage account.')
type storageEndpoints = {
  @description('Of blobs.')
  blob: string

  @description('Of queues.')
  queue: string

  @description('Of tables.')
  table: string
}

@export()
@description('Python versions that the app supports.')
type pythonVersion = '3.11' | '3.12' | '3.13'

@export()
@description('API versions of Fleet that the app can be set to; empty for its default.')
type fleetApiVersion = '' | '2026-06-02-preview'

@export()
@description('Memory sizes of an instance on the Flex Consumption plan, in MB.')
type instanceMemoryMB = 512 | 2048 | 4096

@export()
@description('Redundancy of the storage account.')
type storageSku = 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

@export()
@description('The subnets of the app and of its private endpoints, and the network they are in.')
type subnets = {
  @description('Resource id of the virtual network.')
  networkId: string

  @description('Resource id of the subnet that the app calls out through.')
  appSubnetId: string

  @description('Resource id of the subnet of the private endpoints.')
  endpointSubnetId: string
}
