metadata description = 'The Function app on the Flex Consumption plan, with every setting it reads.'

@description('Name of the plan.')
param planName string

@description('Name of the Function app; also its host name.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Version of Python.')
param pythonVersion string

@description('Most instances at a time.')
param maximumInstanceCount int

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Resource id of the app identity.')
param identityId string

@description('Client id of the app identity.')
param identityClientId string

@description('Name of the storage account.')
param storageAccountName string

@description('Blob endpoint of the storage account.')
param blobEndpoint string

@description('Queue endpoint of the storage account.')
param queueEndpoint string

@description('Table endpoint of the storage account, for the ledger.')
param tableEndpoint string

@description('URL of the container for the package of the app.')
param packageUrl string

@description('Endpoint of the Event Grid topic.')
param topicEndpoint string

@description('Connection string of Application Insights: where to send, not a secret once keys are off.')
param applicationInsightsConnectionString string

@description('Subnet the app reaches out through; empty without private networking.')
param subnetId string

@description('Who besides Event Grid and alerts may call the app with private networking: ranges such as 203.0.113.0/24.')
param callerRanges array

@description('Subscriptions looked after.')
param subscriptionIds array

@description('Management groups looked after, instead of subscriptions.')
param managementGroupIds array

@description('When to look for new releases, when to evaluate everything, when to look at runs under way: NCRONTAB, UTC.')
param schedules object

@description('How long to trust that nothing is new while the release tracker does not change.')
param catalogMaxAge string

@description('The data of the AKS release tracker; empty does without.')
param releaseTrackerUrl string

@description('What policies are where no tag says otherwise, by key; an empty text is the default of the app.')
param policies object

var isPrivate = !empty(subnetId)

// in other clouds the host cannot make the endpoints from the name of the account
var storageByName = [
  {
    name: 'AzureWebJobsStorage__accountName'
    value: storageAccountName
  }
]
var storageByEndpoint = [
  {
    name: 'AzureWebJobsStorage__blobServiceUri'
    value: blobEndpoint
  }
  {
    name: 'AzureWebJobsStorage__queueServiceUri'
    value: queueEndpoint
  }
  {
    name: 'AzureWebJobsStorage__tableServiceUri'
    value: tableEndpoint
  }
]

var settings = [
  {
    name: 'AzureWebJobsStorage__credential'
    value: 'managedidentity'
  }
  {
    name: 'AzureWebJobsStorage__clientId'
    value: identityClientId
  }
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: applicationInsightsConnectionString
  }
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'ClientId=${identityClientId};Authorization=AAD'
  }
  {
    name: 'PYTHON_ENABLE_OPENTELEMETRY'
    value: 'true'
  }
  {
    name: 'AZURE_CLIENT_ID'
    value: identityClientId
  }
  {
    name: 'AUTO_UPGRADE_SUBSCRIPTION_IDS'
    value: join(subscriptionIds, ',')
  }
  {
    name: 'AUTO_UPGRADE_MANAGEMENT_GROUP_IDS'
    value: join(managementGroupIds, ',')
  }
  {
    name: 'AUTO_UPGRADE_TABLE_ENDPOINT'
    value: tableEndpoint
  }
  {
    name: 'AUTO_UPGRADE_EVENT_GRID_ENDPOINT'
    value: topicEndpoint
  }
  {
    name: 'AUTO_UPGRADE_ARM_ENDPOINT'
    value: environment().resourceManager
  }
  {
    name: 'AUTO_UPGRADE_ARM_AUDIENCE'
    value: environment().resourceManager
  }
  {
    name: 'AUTO_UPGRADE_DETECT_SCHEDULE'
    value: schedules.detect
  }
  {
    name: 'AUTO_UPGRADE_RECONCILE_SCHEDULE'
    value: schedules.reconcile
  }
  {
    name: 'AUTO_UPGRADE_WATCH_SCHEDULE'
    value: schedules.watch
  }
  {
    name: 'AUTO_UPGRADE_CATALOG_MAX_AGE'
    value: catalogMaxAge
  }
  {
    name: 'AUTO_UPGRADE_RELEASE_TRACKER_URL'
    value: releaseTrackerUrl
  }
  {
    name: 'AUTO_UPGRADE_POLICY_REGIONS'
    value: policies.regions
  }
  {
    name: 'AUTO_UPGRADE_POLICY_SOAK'
    value: policies.soak
  }
  {
    name: 'AUTO_UPGRADE_POLICY_FREEZE'
    value: policies.freeze
  }
  {
    name: 'AUTO_UPGRADE_POLICY_ACTIVE_RUN'
    value: policies.activeRun
  }
  {
    name: 'AUTO_UPGRADE_POLICY_STOPPED_CLUSTERS'
    value: policies.stoppedClusters
  }
  {
    name: 'AUTO_UPGRADE_POLICY_CATCH_UP'
    value: policies.catchUp
  }
  {
    name: 'AUTO_UPGRADE_POLICY_SPLIT'
    value: policies.splitting
  }
  {
    name: 'AUTO_UPGRADE_POLICY_RETRY'
    value: policies.retry
  }
  {
    name: 'AUTO_UPGRADE_POLICY_START'
    value: policies.start
  }
  {
    name: 'AUTO_UPGRADE_POLICY_GENERATOR'
    value: policies.generator
  }
]

var serviceRules = [
  {
    name: 'event-grid'
    priority: 100
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureEventGrid'
  }
  {
    name: 'alerts'
    priority: 110
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'ActionGroup'
  }
]
var callerRules = [for (address, index) in callerRanges: {
  name: 'caller-${index}'
  priority: 200 + index
  action: 'Allow'
  ipAddress: address
}]

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  // checkov:skip=CKV_AZURE_225: one timer run that is lost with a zone comes again, so zone redundancy is not paid for
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  // checkov:skip=CKV_AZURE_17: Event Grid calls without a client certificate, and people with a key
  // checkov:skip=CKV_AZURE_212: Flex Consumption adds instances by itself
  // checkov:skip=CKV_AZURE_213: Flex Consumption has no health check; alerts tell when the app does not work
  // checkov:skip=CKV_AZURE_222: Event Grid delivers to public endpoints only; private networking lets in it, alerts, and who is named
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: isPrivate ? subnetId : null
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: pythonVersion
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ftpsState: 'Disabled'
      ipSecurityRestrictionsDefaultAction: isPrivate ? 'Deny' : 'Allow'
      ipSecurityRestrictions: isPrivate ? concat(serviceRules, callerRules) : []
      scmIpSecurityRestrictionsUseMain: false
      appSettings: concat(environment().name == 'AzureCloud' ? storageByName : storageByEndpoint, settings)
    }
  }
}

// no user name and password publishes code: azd signs in with Entra ID
resource publishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
