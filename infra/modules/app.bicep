metadata description = 'The Function app on the Flex Consumption plan, with every setting that it reads.'

import * as types from '../types/app.bicep'

@description('Name of the plan.')
param planName string

@description('Name of the Function app; the first part of its host name.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags types.tagMap

@description('Version of Python.')
param pythonVersion types.pythonVersion

@description('Most instances at a time.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Memory of an instance, in MB.')
param instanceMemoryMB types.instanceMemoryMB

@description('Whether the instances are spread over availability zones.')
param zoneRedundant bool

@description('The identity of the app.')
param identity types.managedIdentity

@description('Endpoints of the storage account.')
param storageEndpoints types.storageEndpoints

@description('URL of the container for the package of the app.')
param packageUrl string

@description('URL that the app publishes events to.')
param topicEndpoint string

@description('Connection string of Application Insights: an address, and no secret, since local authentication is off.')
param applicationInsightsConnectionString string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Resource id of the subnet that the app calls out through; empty without private networking.')
param subnetId string

@description('Who may call the app with private networking, in addition to Event Grid and alerts: ranges such as 203.0.113.0/24.')
param callerRanges string[]

@description('Client id of the app registration for Microsoft Entra authentication of HTTP functions; empty for function keys alone.')
param authClientId string

@description('Subscriptions whose fleets the app manages.')
param subscriptionIds string[]

@description('Management groups whose fleets the app manages, instead of subscriptions.')
param managementGroupIds string[]

@description('When the timers run.')
param schedules types.schedules

@description('How long the app trusts that no release is new while the release tracker does not change; empty for its default.')
param catalogMaxAge string

@description('Address of the data of the AKS release tracker; empty to do without.')
param releaseTrackerUrl string

@description('API version in which the app calls Fleet; empty for its default.')
param fleetApiVersion types.fleetApiVersion

@description('Policies for fleets whose tags set none.')
param policies types.policies

@description('Whether an alert may have profiles evaluated.')
param alertsAct bool

@description('Whether an alert may have an update run generated.')
param alertsGenerate bool

@description('Whether callers may have auto-upgrade profiles written and deleted.')
param profilesWrite bool

@description('How many requests that cost requests to Azure each caller may make a minute.')
@minValue(0)
@maxValue(999999)
param requestsPerMinute int

var isPrivate = !empty(subnetId)
var hasAuthentication = !empty(authClientId)

// An array, one entry a setting, so that a snapshot of the deployment shows each. An empty policy is the default of the app.
var settings = [
  {
    name: 'AzureWebJobsStorage__blobServiceUri'
    value: storageEndpoints.blob
  }
  {
    name: 'AzureWebJobsStorage__queueServiceUri'
    value: storageEndpoints.queue
  }
  {
    name: 'AzureWebJobsStorage__tableServiceUri'
    value: storageEndpoints.table
  }
  {
    name: 'AzureWebJobsStorage__credential'
    value: 'managedidentity'
  }
  {
    name: 'AzureWebJobsStorage__clientId'
    value: identity.clientId
  }
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: applicationInsightsConnectionString
  }
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'ClientId=${identity.clientId};Authorization=AAD'
  }
  {
    name: 'PYTHON_ENABLE_OPENTELEMETRY'
    value: 'true'
  }
  {
    name: 'AZURE_CLIENT_ID'
    value: identity.clientId
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
    value: storageEndpoints.table
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
    name: 'AUTO_UPGRADE_FLEET_API_VERSION'
    value: fleetApiVersion
  }
  {
    name: 'AUTO_UPGRADE_POLICY_REGIONS'
    value: policies.?regions ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_SOAK'
    value: policies.?soak ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_FREEZE'
    value: policies.?freeze ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_ACTIVE_RUN'
    value: policies.?activeRun ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_STOPPED_CLUSTERS'
    value: policies.?stoppedClusters ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_BUSY_CLUSTERS'
    value: policies.?busyClusters ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_BUSY_WAIT'
    value: policies.?busyWait ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_CATCH_UP'
    value: policies.?catchUp ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_SPLIT'
    value: policies.?split ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_RETRY'
    value: string(policies.?retry ?? '')
  }
  {
    name: 'AUTO_UPGRADE_POLICY_START'
    value: policies.?start ?? ''
  }
  {
    name: 'AUTO_UPGRADE_POLICY_GENERATOR'
    value: policies.?generator ?? ''
  }
  {
    name: 'AUTO_UPGRADE_ALERTS_ACT'
    value: alertsAct ? 'true' : 'false'
  }
  {
    name: 'AUTO_UPGRADE_ALERTS_GENERATE'
    value: alertsGenerate ? 'true' : 'false'
  }
  {
    name: 'AUTO_UPGRADE_AUTHENTICATION'
    value: hasAuthentication ? 'true' : 'false'
  }
  {
    name: 'AUTO_UPGRADE_PROFILES_WRITE'
    value: profilesWrite ? 'true' : 'false'
  }
  {
    name: 'AUTO_UPGRADE_REQUESTS_PER_MINUTE'
    value: string(requestsPerMinute)
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
var callerRules = [
  for (address, index) in callerRanges: {
    name: 'caller-${index}'
    priority: 200 + index
    action: 'Allow'
    tag: 'Default'
    ipAddress: address
  }
]

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
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
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Event Grid and action groups deliver to public endpoints only; private networking restricts who may call
    publicNetworkAccess: 'Enabled'
    ...(isPrivate ? { virtualNetworkSubnetId: subnetId } : {})
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
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
    // Only what Flex Consumption accepts. It refuses, or deprecates, ftpsState, use32BitWorkerProcess, alwaysOn,
    // linuxFxVersion and other versions of a runtime, functionAppScaleLimit, preWarmedInstanceCount and more:
    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
    // https://github.com/microsoft/azure-pipelines-tasks/issues/21032
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: isPrivate ? 'Deny' : 'Allow'
      ipSecurityRestrictions: isPrivate ? concat(serviceRules, callerRules) : []
      scmIpSecurityRestrictionsUseMain: false
      appSettings: settings
    }
  }
}

// no user name and password publishes code: azd signs in with Microsoft Entra ID
resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

// In front of HTTP functions, in addition to their keys. Event Grid delivers to /runtime/webhooks with its own key,
// and Azure Monitor calls the function alerts with the key of that function; neither can sign in here. The page, which
// leads people to the sign-in, and the description of the API contain no data; /api/ only redirects to the page. A path
// without * is compared as a whole, as https://github.com/MicrosoftDocs/azure-docs/issues/86514 implies (UNVERIFIED). If
// /api/ matched as a prefix, functions would still require their key, and the app refuses who has not signed in.
resource authentication 'Microsoft.Web/sites/config@2024-11-01' = if (hasAuthentication) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      excludedPaths: [
        '/runtime/webhooks/*'
        '/api/'
        '/api/alerts'
        '/api/status'
        '/api/status/*'
        '/api/openapi.json'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: authClientId
          openIdIssuer: uri(environment().authentication.loginEndpoint, '${tenant().tenantId}/v2.0')
        }
        validation: {
          allowedAudiences: [
            authClientId
            'api://${authClientId}'
          ]
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}

// the stable API version, 2016-09-01, knows one setting a resource and no categories of logs
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'fleet-auto-upgrade'
  scope: app
  properties: {
    workspaceId: workspaceId
    // what the host logs, also when it fails before it can send telemetry
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the app.')
output id string = app.id

@description('Name of the app.')
output name string = app.name

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName
