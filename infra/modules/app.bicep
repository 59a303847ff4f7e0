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

@description('Name of the storage account.')
param storageAccountName string

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

@description('Policies for fleets whose tags set none.')
param policies types.policies

@description('Whether an alert may have profiles evaluated.')
param alertsAct bool

@description('Whether an alert may have an update run generated.')
param alertsGenerate bool

var isPrivate = !empty(subnetId)
var hasAuthentication = !empty(authClientId)

// the Functions host derives the endpoints from the name in Azure's public cloud alone
var storageSettings = environment().name == 'AzureCloud'
  ? {
      AzureWebJobsStorage__accountName: storageAccountName
    }
  : {
      AzureWebJobsStorage__blobServiceUri: storageEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: storageEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: storageEndpoints.table
    }

var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  PYTHON_ENABLE_OPENTELEMETRY: 'true'
}

// an empty policy is the default of the app
var appSettings = {
  AZURE_CLIENT_ID: identity.clientId
  AUTO_UPGRADE_SUBSCRIPTION_IDS: join(subscriptionIds, ',')
  AUTO_UPGRADE_MANAGEMENT_GROUP_IDS: join(managementGroupIds, ',')
  AUTO_UPGRADE_TABLE_ENDPOINT: storageEndpoints.table
  AUTO_UPGRADE_EVENT_GRID_ENDPOINT: topicEndpoint
  AUTO_UPGRADE_ARM_ENDPOINT: environment().resourceManager
  AUTO_UPGRADE_ARM_AUDIENCE: environment().resourceManager
  AUTO_UPGRADE_DETECT_SCHEDULE: schedules.detect
  AUTO_UPGRADE_RECONCILE_SCHEDULE: schedules.reconcile
  AUTO_UPGRADE_WATCH_SCHEDULE: schedules.watch
  AUTO_UPGRADE_CATALOG_MAX_AGE: catalogMaxAge
  AUTO_UPGRADE_RELEASE_TRACKER_URL: releaseTrackerUrl
  AUTO_UPGRADE_POLICY_REGIONS: policies.?regions ?? ''
  AUTO_UPGRADE_POLICY_SOAK: policies.?soak ?? ''
  AUTO_UPGRADE_POLICY_FREEZE: policies.?freeze ?? ''
  AUTO_UPGRADE_POLICY_ACTIVE_RUN: policies.?activeRun ?? ''
  AUTO_UPGRADE_POLICY_STOPPED_CLUSTERS: policies.?stoppedClusters ?? ''
  AUTO_UPGRADE_POLICY_CATCH_UP: policies.?catchUp ?? ''
  AUTO_UPGRADE_POLICY_SPLIT: policies.?split ?? ''
  AUTO_UPGRADE_POLICY_RETRY: string(policies.?retry ?? '')
  AUTO_UPGRADE_POLICY_START: policies.?start ?? ''
  AUTO_UPGRADE_POLICY_GENERATOR: policies.?generator ?? ''
  AUTO_UPGRADE_ALERTS_ACT: string(alertsAct)
  AUTO_UPGRADE_ALERTS_GENERATE: string(alertsGenerate)
}

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
      appSettings: map(items(union(storageSettings, hostSettings, appSettings)), setting => {
        name: setting.key
        value: setting.value
      })
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

// In front of HTTP functions, in addition to their keys. Event Grid delivers to /runtime/webhooks with a key of its own,
// and Azure Monitor calls the function alerts with the key of that function; neither can sign in here.
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
        '/api/alerts'
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
